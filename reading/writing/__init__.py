"""What happens when the accepted rows of a reading become records, and when that is taken back."""

from reading.writing.applying import AlreadyWrittenError, WritingError, write
from reading.writing.outcome import RowProblem
from reading.writing.undoing import BuiltOnError, undo

__all__ = ["AlreadyWrittenError", "BuiltOnError", "RowProblem", "WritingError", "undo", "write"]

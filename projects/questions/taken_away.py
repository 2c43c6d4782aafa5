"""The data questions as a file that is taken away."""

from collections.abc import Iterable, Iterator

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from office.table_files import FileColumn, Kind
from projects.models import DataQuestion
from projects.questions.kinds import kind_label, title


def columns_in_file() -> list[FileColumn]:
    """The columns, in the order of the page."""
    return [
        FileColumn(_("Kind"), "kind", width=20),
        FileColumn(_("State"), "state", labels=_states()),
        FileColumn(_("Project code"), "project"),
        FileColumn(_("Question"), "title", width=60),
        FileColumn(_("Quoted words"), "quote", width=40),
        FileColumn(_("Explanation"), "explanation", width=40),
        FileColumn(_("Answered by"), "by"),
        FileColumn(_("Answered on"), "on", Kind.DAY),
    ]


def rows_in_file(found: Iterable[DataQuestion]) -> Iterator[tuple[object, ...]]:
    """The questions, their values in the order of columns_in_file."""
    for each in found:
        yield (
            kind_label(each.kind),
            each.state,
            each.project.code if each.project else "",
            title(each),
            each.quote,
            each.explanation,
            str(each.answered_by or ""),
            localdate(each.answered_at) if each.answered_at else None,
        )


def _states() -> dict[str, str]:
    return {value: str(label) for value, label in DataQuestion.State.choices}

"""数据存疑: the contradictions that the system looks for by itself, and how they are kept.

Finders yield findings; `refresh` turns them into questions and takes back those no longer found;
`refresh_project` does so at once for what one project's months and history show.
Other apps find cases of their own; every kind is worded in `kinds`, so that a title stands once.
"""

from projects.questions.finders import find
from projects.questions.keeping import close, refresh, refresh_project, reopen
from projects.questions.kinds import KINDS, Finding, kind_label, title
from projects.questions.names import without_phase

__all__ = [
    "KINDS",
    "Finding",
    "close",
    "find",
    "kind_label",
    "refresh",
    "refresh_project",
    "reopen",
    "title",
    "without_phase",
]

"""A block copied from a spreadsheet, laid into the rows of a year's plans."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from office.paste import PasteError, rows
from projects.models import AnnualPlan
from projects.plan_rows import MONTH_FIELDS

MOST_ROWS = 50
"""What one page takes; more comes as a workbook."""

WHOLE = ("planned_investment", "enters_in", *MONTH_FIELDS)
WITHOUT_ENTRY = ("planned_investment", *MONTH_FIELDS)
"""What stands beside the project's code or name; thirteen columns are those without month of entry."""

Laid = list[tuple[AnnualPlan, dict[str, str]]]


class BlockError(Exception):
    """The block cannot be laid out; `messages` name the line, one for each fault."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


def lay(block: str, entries: Iterable[AnnualPlan]) -> Laid:
    """Give each line of a block to the entry that it names by code or name.

    `entries` are those of the year that may be adopted, with their projects. Raises BlockError,
    with every fault that was found.
    """
    by_name: dict[str, list[AnnualPlan]] = {}
    for entry in entries:
        for name in {entry.project.code, entry.project.name, entry.cited_name}:
            by_name.setdefault(name, []).append(entry)
    try:
        lines = [row for row in rows(block) if any(cell.text for cell in row)]
    except PasteError as error:
        raise BlockError([error.message]) from error
    faults: list[str] = []
    laid: dict[int, tuple[AnnualPlan, dict[str, str]]] = {}
    for position, row in enumerate(lines):
        name, texts = row[0].text, [cell.text for cell in row[1:]]
        named = by_name.get(name, [])
        if position == 0 and not named and not (texts and any(map(str.isdigit, texts[0]))):
            continue  # the headings
        if len(named) != 1:
            words = (
                _("Line %(line)s: “%(name)s” is the name of several projects. Use the code.")
                if named
                else _("Line %(line)s: “%(name)s” is no entry of the year that waits for its plan.")
            )
            faults.append(words % {"line": row[0].row, "name": name[:40]})
        elif named[0].pk in laid:
            said = _("Line %(line)s: “%(name)s” stands in the block twice.")
            faults.append(said % {"line": row[0].row, "name": name})
        elif len(texts) > len(WHOLE):
            said = _("Line %(line)s has %(count)s columns; there are at most %(most)s.")
            most = len(WHOLE) + 1
            faults.append(said % {"line": row[0].row, "count": len(row), "most": most})
        else:
            columns = WITHOUT_ENTRY if len(texts) == len(WITHOUT_ENTRY) else WHOLE
            laid[named[0].pk] = named[0], dict(zip(columns, texts, strict=False))
    if len(laid) > MOST_ROWS:
        said = _("The block has %(count)s rows; a page takes %(most)s. Import it as a workbook.")
        faults.append(said % {"count": len(laid), "most": MOST_ROWS})
    if not laid and not faults:
        faults.append(_("The block has no row."))
    if faults:
        raise BlockError(faults)
    return list(laid.values())

"""How doubts of a proposal, and reasons for reading nothing, are worded for the reader."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DOUBTS: dict[str, Promise] = {
    "stage_implied": _("The stage follows from the verb; the report does not state it."),
    "no_project_word": _("The sentence does not say that this is a project."),
    "phase_alone": _("The list goes on with a phase alone; whose phase it is, is not said."),
    "ending_shared": _(
        "The name may lack the ending that the list states once, behind its last name."
    ),
    "list_cut": _("Part of the list was not read as names."),
    "several_in_cell": _("The cell names several projects; amounts are not divided among them."),
    "no_verb": _("Nothing says where the project stands."),
    "amount_words": _("The amount in the row could not be read."),
    "from_text": _("Taken from the running text, not from a table."),
    "growth_column": _("Taken from a column of growth beside the figure itself."),
    "target_words": _("The target's words are no form known here."),
    "actual_words": _("The result's words are no form known here."),
    "no_unit": _("No unit is stated."),
    "no_parent": _("A sub-row without a row above it."),
    "year_guessed": _("The year follows from where the table stands; its heading names none."),
}

UNREAD: dict[str, Promise] = {
    "columns": _("The table's columns are not known."),
    "no_name": _("The row or list has no name that could be read."),
    "no_value": _("The row has words, but no target and no result."),
    "no_verb": _("The words name something, but say nothing of a stage."),
    "counted": _("A number of projects, not their names."),
    "phase_alone": _("A phase alone: whose phase it is, the list does not repeat."),
    "table": _("The table is none of the kinds known here."),
    "long_title": _("The item has no title that could be told from its text."),
}


def doubt(code: str) -> str:
    """The words for a doubt; the code itself where it has none."""
    return str(DOUBTS.get(code, code))


def unread(code: str) -> str:
    """The words for why something was not read; the code itself where it has none."""
    return str(UNREAD.get(code, code))

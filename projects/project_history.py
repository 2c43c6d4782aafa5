"""A project's history in words: what each step changed, from what to what."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import funding, milestones
from projects.models import Funding, Milestone, Status, StatusChange

Change = tuple[str, str, str]
"""The field's label, its value before and after; "" where there is none."""

LABELS = {
    "status": gettext_lazy("Status"),
    "started_on": gettext_lazy("Started on"),
    "completed_on": gettext_lazy("Completed on"),
    "department": gettext_lazy("Responsible department"),
}
OF_FUNDING = {"amount": gettext_lazy("amount"), "arrived": gettext_lazy("arrived")}
OF_NODE = {
    "name": gettext_lazy("name"),
    "kind": gettext_lazy("kind"),
    "due_on": gettext_lazy("due"),
    "done_on": gettext_lazy("done"),
}
STATUSES, SOURCES, KINDS = (
    dict(words.choices) for words in (Status, Funding.Source, Milestone.Kind)
)


def changes(step: StatusChange) -> list[Change]:
    """What a step changed, in the reader's language; money in 万元."""
    found: list[Change] = []
    if step.old_status != step.new_status:
        found.append(_of_project("status", step.old_status, step.new_status))
    for key in {**step.before, **step.after}:
        old, new = step.before.get(key), step.after.get(key)
        if old == new or key == "status":
            continue
        if key in LABELS:
            found.append(_of_project(key, old, new))
        elif key.startswith(funding.KEY):
            found += _of_funding(key.removeprefix(funding.KEY), old, new)
        elif key.startswith(milestones.KEY):
            found += _of_node(old, new)
    return found


def _of_project(field: str, old: Any, new: Any) -> Change:
    if field == "status":
        old, new = (str(STATUSES.get(value) or _("Not stated")) for value in (old, new))
    return str(LABELS[field]), old or "", new or ""


def _of_funding(source: str, old: Any, new: Any) -> Iterator[Change]:
    label = str(SOURCES.get(source, source))
    for field, word in OF_FUNDING.items():
        was, becomes = _text(old, field), _text(new, field)
        if was != becomes:
            yield _("Funding, %(what)s: %(field)s") % {"what": label, "field": word}, was, becomes


def _of_node(old: Any, new: Any) -> Iterator[Change]:
    node = _text(old, "name") or _text(new, "name")
    if new is None:
        yield _("Node removed"), node, ""
        return
    if old is None:
        yield _("Node added"), "", node
    for field, word in OF_NODE.items():
        if old is None and field in ("name", "kind"):
            continue
        was, becomes = _text(old, field), _text(new, field)
        if field == "kind":
            was, becomes = (str(KINDS.get(value, "")) for value in (was, becomes))
        if was != becomes:
            yield _("Node “%(what)s”: %(field)s") % {"what": node, "field": word}, was, becomes


def _text(values: Mapping[str, Any] | None, field: str) -> str:
    return str((values or {}).get(field) or "")

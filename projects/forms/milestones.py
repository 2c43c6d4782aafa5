"""The form of a project's nodes: one line each, and blank lines for new ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from projects.milestones import MilestoneError, Node, Standing
from projects.models import Milestone

BLANK_LINES = 3
DATALIST = "usual-nodes"


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class NodeForm(forms.Form):
    """One node; a new one whose name and days are blank is none."""

    name = forms.CharField(
        label=_("Node"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": DATALIST, "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Milestone.Kind.choices)
    due_on = _day(_("Due on"))
    done_on = _day(_("Done on"))
    is_removed = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(
        self, *args: Any, standing: Standing | None = None, may_plan: bool, **kwargs: Any
    ) -> None:
        row = standing.milestone if standing else None
        stored = {name: getattr(row, name) for name in ("name", "kind", "due_on", "done_on") if row}
        kwargs.setdefault("initial", stored or {"kind": Milestone.Kind.PREPARATION})
        super().__init__(*args, **kwargs)
        self.standing, self.pk = standing, row.pk if row else None
        if self.pk is None:
            del self.fields["is_removed"]
            self.fields["name"].widget.attrs["placeholder"] = _("New node")
        if not may_plan:
            for name in ("name", "kind", "due_on", "is_removed"):
                self.fields[name].disabled = True

    @property
    def is_blank(self) -> bool:
        """Whether nobody has written anything into a line for a new node; only of a valid form."""
        data = self.cleaned_data
        return self.pk is None and not (data["name"] or data["due_on"] or data["done_on"])

    def node(self) -> Node:
        """What was typed; only of a valid form."""
        data = self.cleaned_data
        return Node(
            pk=self.pk,
            name=data["name"],
            kind=data["kind"],
            due_on=data["due_on"],
            done_on=data["done_on"],
            is_removed=data.get("is_removed", False),
        )


class NodeForms:
    """All lines of the page. Whether they hold is for milestones.keep to say.

    A line is known by its node's number, so that what was typed stays with its node whoever added
    or removed others meanwhile; what was typed for a node that is gone becomes a new one. Who may
    not keep plans enters when a node was done, and nothing else.
    """

    def __init__(
        self, standings: Sequence[Standing], *, may_plan: bool, data: QueryDict | None = None
    ) -> None:
        known = {f"m{standing.milestone.pk}": standing for standing in standings}
        sent = list(dict.fromkeys(data.getlist("lines"))) if data is not None else []
        blank = [f"n{number}" for number in range(BLANK_LINES)] if may_plan else []
        gone = [name for name in sent if name not in known and may_plan and name not in blank]
        self.forms = [
            NodeForm(
                data if name in sent else None,
                prefix=name,
                standing=known.get(name),
                may_plan=may_plan,
            )
            for name in [*known, *gone[:100], *blank]
        ]

    def is_valid(self) -> bool:
        """Whether every line that was sent is well formed."""
        return all(form.is_valid() for form in self.forms if form.is_bound)

    def nodes(self) -> list[Node]:
        """What was typed; only of valid forms."""
        return [form.node() for form in self._written()]

    def refuse(self, error: MilestoneError) -> None:
        """Say at each field what milestones.keep has against it."""
        written = self._written()
        for place, field, message in error.errors:
            written[place].add_error(field, message)

    def _written(self) -> list[NodeForm]:
        return [form for form in self.forms if form.is_bound and not form.is_blank]


class VersionForm(forms.Form):
    """The version of the project that the page was opened with."""

    version = forms.IntegerField(min_value=0)


def typed_version(data: Mapping[str, Any]) -> int | None:
    """The version that the page was opened with; None where it is none."""
    form = VersionForm(data)
    return form.cleaned_data["version"] if form.is_valid() else None

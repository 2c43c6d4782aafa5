"""The form that changes a project's status."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects import lifecycle
from projects.models import Project, Status


class StatusForm(forms.Form):
    """Offers only the statuses that may follow; whether the change holds is lifecycle's to say."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    status = forms.ChoiceField(label=_("New status"))
    started_on = forms.DateField(
        label=_("Started on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    completed_on = forms.DateField(
        label=_("Completed on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Required when the project goes back, is suspended or withdrawn."),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "version": project.version,
                "started_on": project.started_on,
                "completed_on": project.completed_on,
            },
        )
        super().__init__(*args, **kwargs)
        labels = dict(Status.choices)
        choices = []
        for status in lifecycle.allowed(project.status):
            label = str(labels[status])
            if lifecycle.goes_back(project.status, status):
                label = _("%(status)s (going back)") % {"status": label}
            choices.append((status.value, label))
        self.fields["status"].choices = choices  # type: ignore[attr-defined]

    def update(self) -> lifecycle.StatusUpdate:
        """What the person asks for; only of a valid form."""
        data = self.cleaned_data
        return lifecycle.StatusUpdate(
            status=Status(data["status"]),
            reason=data["reason"],
            started_on=data["started_on"],
            completed_on=data["completed_on"],
        )

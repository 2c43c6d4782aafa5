"""What the list of data questions can be narrowed by."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from office.filtering import FilterSet
from projects.filters import ChoiceFilter
from projects.models import DataQuestion
from projects.questions import KINDS

STATES = [choice for choice in DataQuestion.State.choices if choice[0] != DataQuestion.State.GONE]


class QuestionFilter(FilterSet):
    """Filters of the data questions; those no longer found are shown nowhere."""

    state = ChoiceFilter(choices=STATES, label=_("State"))
    kind = ChoiceFilter(choices=[(kind, kind) for kind in KINDS], label=_("Kind"))
    project = filters.CharFilter(field_name="project__code", label=_("Code of the project"))

    class Meta:
        model = DataQuestion
        fields: list[str] = []

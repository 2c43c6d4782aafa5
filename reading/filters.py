"""What the rows of a reading are narrowed by."""

from decimal import Decimal

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from office.filtering import FilterSet
from reading.choices import Decision, Kind, Match
from reading.models import ReadingRow

LOW = Decimal("0.6")


class RowFilter(FilterSet):
    """Rows by kind, by what they are to the records known, by confidence, by decision, by words."""

    q = django_filters.CharFilter(label=_("Words"), method="with_words")
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=Kind.choices, empty_label=_("All kinds")
    )
    match = django_filters.ChoiceFilter(
        label=_("Match"), choices=Match.choices, empty_label=_("All matches")
    )
    confidence = django_filters.ChoiceFilter(
        label=_("Confidence"),
        choices=[("sure", _("Sure")), ("unsure", _("To be looked at")), ("low", _("Below 60 %"))],
        empty_label=_("Any confidence"),
        method="of_confidence",
    )
    effect = django_filters.ChoiceFilter(
        label=_("Effect"),
        choices=[
            ("changes", _("Adds or changes something")),
            ("none", _("Agrees with the records")),
        ],
        empty_label=_("Any effect"),
        method="of_effect",
    )
    decision = django_filters.ChoiceFilter(
        label=pgettext_lazy("of a proposal", "Decision"),
        choices=[*Decision.choices, ("faulty", _("Could not be written"))],
        empty_label=_("All decisions"),
        method="of_decision",
    )

    class Meta:
        model = ReadingRow
        fields: list[str] = []

    def with_words(
        self, rows: QuerySet[ReadingRow], _name: str, words: str
    ) -> QuerySet[ReadingRow]:
        return rows.filter(Q(subject__contains=words) | Q(sentence__contains=words))

    def of_confidence(
        self, rows: QuerySet[ReadingRow], _name: str, value: str
    ) -> QuerySet[ReadingRow]:
        match value:
            case "sure":
                return rows.filter(is_sure=True)
            case "unsure":
                return rows.filter(is_sure=False)
        return rows.filter(confidence__lt=LOW)

    def of_effect(self, rows: QuerySet[ReadingRow], _name: str, value: str) -> QuerySet[ReadingRow]:
        return rows.filter(is_settled=value == "none")

    def of_decision(
        self, rows: QuerySet[ReadingRow], _name: str, value: str
    ) -> QuerySet[ReadingRow]:
        return rows.exclude(error="") if value == "faulty" else rows.filter(decision=value)

"""Who would change colour under another light rule, and adopting one: the stored months again."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from projects import lights
from projects.colouring import SETTLED, adopted_rules, month_figures, recolour, rule_of
from projects.models import Light, LightRule, ProgressReport


class RuleError(Exception):
    """A rule cannot be changed or adopted; `field` names the field it is about, or is ""."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Recoloured:
    """One month of one entry that would change colour, with both reasons in words."""

    report: ProgressReport
    before: Light
    after: Light
    why_before: str
    why_after: str


@dataclass(frozen=True, slots=True)
class BackTest:
    """What a rule would do to the months from a day on."""

    since: date
    months: int
    changes: list[Recoloured]

    @property
    def matrix(self) -> list[tuple[Light, Light, int]]:
        """How many months go from which colour to which, the most frequent first."""
        counts = Counter((change.before, change.after) for change in self.changes)
        return [(before, after, count) for (before, after), count in counts.most_common()]

    @property
    def entries(self) -> int:
        """How many entries change colour in some month."""
        return len({change.report.entry_id for change in self.changes})


def settled_since(since: date) -> QuerySet[ProgressReport]:
    """The stored months that a rule in force from this month on would judge."""
    later = Q(period__year__gt=since.year) | Q(
        period__year=since.year, period__month__gte=since.month
    )
    return ProgressReport.objects.filter(SETTLED & later)


def back_test(rule: LightRule, *, since: date) -> BackTest:
    """Hold a rule against the months since a day, each beside the rule in force in that month.

    The colours compared are the computed ones: a manager's judgement stays whatever the rule says.
    """
    rules = adopted_rules()
    reports = list(
        settled_since(since)
        .select_related("period", "entry__project")
        .order_by("entry__project__name_sort", "period__year", "period__month")
    )
    after = rule.values()

    def changes() -> Iterator[Recoloured]:
        for report in reports:
            before = rule_of(report, rules).values()
            figures = month_figures(report)
            for change in lights.compare_rules([(report, figures)], before, after):
                yield Recoloured(
                    report,
                    Light(change.before.light.value),
                    Light(change.after.light.value),
                    lights.explain(change.before),
                    lights.explain(change.after),
                )

    return BackTest(since, len(reports), list(changes()))


@transaction.atomic
def adopt_rule(
    rule_id: int, *, applies_from: date, by: User, at: datetime
) -> tuple[LightRule, int]:
    """Adopt a rule from a month on and judge the stored months since then; returns how many.

    Raises RuleError where it is adopted already or another version applies from the same month.
    """
    rule = LightRule.objects.select_for_update().get(pk=rule_id)
    if rule.adopted_at is not None:
        raise RuleError(_("This version has been adopted already."))
    if applies_from.day != 1:
        raise RuleError(_("A rule applies from the first day of a month."), "applies_from")
    others = LightRule.objects.filter(adopted_at__isnull=False, applies_from=applies_from)
    if others.exists():
        raise RuleError(_("Another version applies from this month already."), "applies_from")
    adopted_rules()  # the first version exists before the second one replaces it
    rule.applies_from, rule.adopted_by, rule.adopted_at = applies_from, by, at
    rule.save(update_fields=["applies_from", "adopted_by", "adopted_at"])
    return rule, recolour(settled_since(applies_from), at=at)


def next_version() -> str:
    """The version after the highest number in use."""
    used = LightRule.objects.values_list("version", flat=True)
    numbers = [int(version) for version in used if version.isascii() and version.isdecimal()]
    return str(max(numbers, default=1) + 1)

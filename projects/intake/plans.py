"""The year's list with its months by workbook: entries, their adoption, and their revision."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from office.forms import refused
from office.intake import Change, Choices, Field, Key, Kind, Present, Refused, Scope, Type, Values
from office.related import hanging_on
from projects import cell_marks, plan_rows, planning, registering
from projects.forms.entry import EntryForm
from projects.forms.plan import DecisionForm
from projects.intake import subject
from projects.intake.projects import categories
from projects.models import AnnualPlan, Level, ProgressReport, Stage
from projects.permissions import may_keep_plans, visible_entries, visible_projects
from projects.plan_rows import MONTH_FIELDS
from projects.schedule_curves import SHAPE_WORDS, Shape

FACTS = (
    "level",
    "category",
    "sector",
    "goal",
    "planned_investment",
    "invested_before",
    "enters_in",
)
ADOPTED = ("planned_investment", "curve", *MONTH_FIELDS)
"""What is fixed by adoption, and revised by a body."""


def levels() -> Choices:
    """On whose list an entry stands."""
    return Level.choices


def stages() -> Choices:
    """What a plan may promise for a year."""
    return Stage.choices


def curves() -> Choices:
    """How an amount is spread over the months."""
    return [(shape.value, label) for shape, label in SHAPE_WORDS.items()]


class Plans(Kind):
    """年度计划及分月计划."""

    name = "plans"
    label = gettext_lazy("Annual plan with its months")
    about = gettext_lazy(
        "Entries of a year's list. With the body that decided and the day a plan is adopted;"
        " one that is adopted is revised, from a month on and with the reason."
    )
    scope = "year"
    may_add = True
    notes = (
        gettext_lazy("Months are cumulated from January; December is the planned investment."),
        gettext_lazy("A new entry's project is there already."),
    )
    fields = (
        subject.CODE,
        subject.NAME,
        Field(
            "year",
            gettext_lazy("Year"),
            ("年度", "计划年度"),
            required=True,
            type=Type.INTEGER,
            is_key=True,
            example="2024",
            width=8,
        ),
        Field("level", gettext_lazy("Level"), ("级别",), type=Type.CHOICE, choices=levels),
        Field(
            "category",
            gettext_lazy("Category"),
            ("类别", "项目类别"),
            type=Type.CHOICE,
            choices=categories,
        ),
        Field("sector", gettext_lazy("Sector"), ("行业", "领域"), longest=40),
        Field(
            "goal",
            gettext_lazy("Goal of the year"),
            ("年度目标", "计划目标"),
            type=Type.CHOICE,
            choices=stages,
        ),
        Field(
            "planned_investment",
            gettext_lazy("Planned investment (10,000 yuan)"),
            ("年度计划投资(万元)", "计划投资(万元)", "年度计划投资", "计划投资"),
            type=Type.MONEY,
            example="1.2亿元",
        ),
        Field(
            "invested_before",
            gettext_lazy("Invested to the end of last year (10,000 yuan)"),
            ("至上年底累计完成投资(万元)", "至上年底累计完成投资", "至上年底累计"),
            type=Type.MONEY,
        ),
        Field(
            "enters_in",
            gettext_lazy("Month of entry"),
            ("入库月份", "起始月份"),
            type=Type.INTEGER,
            note=gettext_lazy("1 to 12; empty is January."),
            example="3",
        ),
        Field(
            "curve",
            gettext_lazy("Curve"),
            ("曲线", "分解方式"),
            type=Type.CHOICE,
            choices=curves,
            note=gettext_lazy("For a row without months."),
        ),
        *(
            Field(
                name,
                format_lazy(gettext_lazy("Month {month}"), month=month),
                (
                    f"{month}月",
                    f"{month}月末",
                    f"{month}月累计",
                    f"{month}月末累计",
                    f"1-{month}月",
                ),
                type=Type.MONEY,
                note=gettext_lazy("10,000 yuan, cumulated from January to the end of the month."),
                width=12,
            )
            for month, name in enumerate(MONTH_FIELDS, start=1)
        ),
        Field(
            "approved_by",
            gettext_lazy("Approving body"),
            ("审批机关", "批准单位", "批准机关"),
            longest=100,
            note=gettext_lazy("Who adopts or revises the plan; empty where neither is done."),
            example="区人民政府",
        ),
        Field("approved_on", gettext_lazy("Approved on"), ("批准日期", "审批日期"), type=Type.DAY),
        Field(
            "from_month",
            gettext_lazy("From month"),
            ("调整起始月份", "自几月起调整"),
            type=Type.INTEGER,
            note=gettext_lazy("Of a revision: earlier months stay as they were."),
        ),
        Field(
            "reason",
            gettext_lazy("Reason"),
            ("原因", "调整原因"),
            note=gettext_lazy("Of a revision."),
            width=28,
        ),
    )

    def may_import(self, user: User) -> bool:
        """Who keeps the year's list."""
        return may_keep_plans(user)

    def present(self, user: User, scope: Scope) -> Iterable[Values]:
        """The entries of a year, in the order of its table."""
        found = visible_entries(user).filter(year=scope.year)
        return (row.values for row in _rows(found.order_by("table", "position", "pk")))

    def find(self, user: User, keys: Sequence[Key]) -> Mapping[Key, Present]:
        """The entries of these projects and years."""
        codes = {str(code) for code, _year in keys}
        found = visible_entries(user).filter(
            project__code__in=codes, year__in={year for _code, year in keys}
        )
        return {
            (row.values["code"], row.values["year"]): row for row in _rows(found.order_by("pk"))
        }

    def missing(self, key: Key) -> str:
        """A new entry is added."""
        return ""

    def write(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Keep the entry, then adopt or revise its plan where the row says so."""
        entry = self._kept(change, by)
        if entry.adopted_on is None:
            if any(change.values.get(name) for name in ("curve", *MONTH_FIELDS, "approved_by")):
                _adopt(entry, change, by=by, on=on, at=at)
        elif change.after.keys() & {"planned_investment", "goal", *MONTH_FIELDS}:
            _revise(entry, change, by=by, on=on, at=at)
        elif wrong := change.after.keys() & {"enters_in", "curve"}:
            said = _("The plan has been adopted: this stays as it was.")
            raise Refused({name: [said] for name in wrong})

    def _kept(self, change: Change, by: User) -> AnnualPlan:
        """The entry with its facts held against the form, and kept."""
        code, year = change.key
        if change.present is not None:
            entry: AnnualPlan = change.present.target
        else:
            project = visible_projects(by).filter(code=code).first()
            if project is None:
                said = _("“%(code)s” is no project: bring in the project first.")
                raise Refused({"code": [said % {"code": code}]})
            entry = AnnualPlan(
                project=project,
                year=year,
                cited_name=project.name,
                category=project.category,
                sector=project.sector,
            )
        kept = AnnualPlan.IN_HISTORY if entry.adopted_on else ()
        data = {name: getattr(entry, name) for name in FACTS}
        data |= {
            name: value
            for name, value in change.values.items()
            if name in FACTS and name not in kept
        }
        data["enters_in"] = data["enters_in"] or 1
        form = EntryForm({**data, "project": entry.project_id, "year": year}, instance=entry)
        if not form.is_valid():
            raise refused(form)
        registering.keep_entry(form.instance, change.after.keys() & set(FACTS))
        kept_entry: AnnualPlan = form.instance
        return kept_entry

    def remove(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Take a new entry out of the list again."""
        entry: AnnualPlan = change.present.target  # type: ignore[union-attr]
        if found := hanging_on(entry):
            said = _("There are already: %(what)s.")
            raise Refused({"": [said % {"what": " · ".join(found)}]})
        with cell_marks.moving(lambda: AnnualPlan.objects.filter(pk=entry.pk)):
            entry.delete()

    def lasting(self, change: Change) -> str:
        """What a body decided stays, and is revised."""
        if change.present is None or change.present.target.adopted_on is None:
            return ""
        decided = {*ADOPTED, "goal", "enters_in"}
        return (
            _("A plan that was adopted or revised is revised, and not taken back.")
            if change.after.keys() & decided
            else ""
        )


def _rows(found: QuerySet[AnnualPlan]) -> Iterable[Present]:
    entries = list(found.select_related("project"))
    adopted = [entry.pk for entry in entries if entry.adopted_on is not None]
    months: dict[int, dict[str, Decimal]] = {}
    planned = ProgressReport.objects.filter(entry__in=adopted).order_by()
    for pk, month, amount in planned.values_list("entry", "period__month", "planned_ytd"):
        months.setdefault(pk, {})[MONTH_FIELDS[month - 1]] = amount
    for entry in entries:
        values: Values = {
            "code": entry.project.code,
            "name": entry.project.name,
            "year": entry.year,
            **{name: getattr(entry, name) for name in FACTS},
            "enters_in": None if entry.enters_in == 1 else entry.enters_in,
            "curve": entry.curve,
            **dict.fromkeys(MONTH_FIELDS),
            **months.get(entry.pk, {}),
        }
        yield Present(entry, values, entry.version, entry.project.name)


def _decision(change: Change, *, on: date) -> planning.Decision:
    form = DecisionForm(change.values, on=on)
    if not form.is_valid():
        raise refused(form)
    decision = form.decision()
    reason = str(change.values.get("reason") or "")
    return planning.Decision(decision.approved_by, decision.approved_on, reason)


def _adopt(entry: AnnualPlan, change: Change, *, by: User, on: date, at: datetime) -> None:
    decision = _decision(change, on=on)
    typed = {name: _typed(change.values.get(name)) for name in plan_rows.FIELDS}
    if "planned_investment" not in change.values:
        typed["planned_investment"] = plan_rows.text_of(entry.planned_investment)
    row = plan_rows.read([(entry, typed)], entry.year, spread=Shape.EVEN)[0]
    if row.adoption is None and not row.faults:
        raise Refused({"planned_investment": [_("An adopted plan has its planned investment.")]})
    errors: dict[str, list[str]] = {}
    for fault in row.faults:
        errors.setdefault(fault.field, []).append(fault.message)
    if errors or row.adoption is None:
        raise Refused(errors)
    _decided(lambda: planning.adopt([row.adoption], decision, by=by, at=at))


def _revise(entry: AnnualPlan, change: Change, *, by: User, on: date, at: datetime) -> None:
    decision, values = _decision(change, on=on), change.values
    from_month: Any = values.get("from_month")
    if from_month not in range(1, 13):
        raise Refused({"from_month": [_("Say from which month on the plan is revised.")]})
    typed = bool(change.after.keys() & set(MONTH_FIELDS))
    old: Any = change.present.values if change.present else {}
    months: Any = [values.get(name, old.get(name)) for name in MONTH_FIELDS] if typed else None
    goal: Any = change.after.get("goal")
    amount: Any = values.get("planned_investment", entry.planned_investment)
    if amount is None:
        raise Refused({"planned_investment": [_("An adopted plan has its planned investment.")]})
    _decided(
        lambda: planning.revise_plan(
            entry.pk,
            decision,
            from_month=from_month,
            version=entry.version,
            by=by,
            at=at,
            planned_investment=amount,
            months=months,
            goal=goal,
        )
    )


def _decided(decide: Any) -> None:
    """Decide on a plan; what stands against it is said at the fields of the row."""
    try:
        decide()
    except planning.PlanError as error:
        errors: dict[str, list[str]] = {}
        for problem in error.problems:
            errors.setdefault(plan_rows.field_of(problem), []).append(problem.message)
        name = "planned_investment" if error.field == "months" else error.field
        raise Refused(errors or {name: [str(error)]}) from error


def _typed(value: Any) -> str:
    return plan_rows.text_of(value) if isinstance(value, Decimal) else str(value or "")

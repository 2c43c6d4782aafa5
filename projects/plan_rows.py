"""A year's plans as people type, paste or import them: read into adoptions, each fault at its field."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from office.paste import Cell, PasteError, Unit, number
from projects.models import AnnualPlan
from projects.planning import Adoption, Decision
from projects.schedule_curves import (
    MONTHS,
    Code,
    CurveError,
    CurveProblem,
    Shape,
    read_typed,
    spread_evenly,
)
from projects.season import Basis, NoSeasonError, Seasons, seasons

MONTH_FIELDS = tuple(f"month_{month}" for month in range(1, MONTHS + 1))
FIELDS = ("planned_investment", "enters_in", "curve", *MONTH_FIELDS)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field of a row; "" is the row itself."""

    field: str
    message: str
    allowed: str = ""


@dataclass(slots=True)
class PlanRow:
    """An entry's plan as it was typed, and what it was read as; without an amount it is none."""

    entry: AnnualPlan
    typed: dict[str, str]
    adoption: Adoption | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def wrong(self) -> set[str]:
        """The fields that have faults."""
        return {fault.field for fault in self.faults}

    @property
    def month_cells(self) -> list[tuple[int, str, str, bool]]:
        """The twelve months for the page: number, field, what was typed, whether it is wrong."""
        return [
            (month, name, self.typed[name], name in self.wrong)
            for month, name in enumerate(MONTH_FIELDS, start=1)
        ]

    @property
    def curve_words(self) -> str:
        """The curve's name and, of a season, whose it is."""
        if self.adoption is None:
            return ""
        return curve_words(self.adoption.shape, self.adoption.season_of)


def curve_words(shape: str, season_of: str) -> str:
    """How a plan was spread, in the reader's language."""
    name = Shape(shape).label
    if not season_of:
        return name
    return _("%(curve)s (%(basis)s)") % {"curve": name, "basis": Basis(season_of).label}


def offered(entry: AnnualPlan) -> dict[str, str]:
    """What an untouched row shows: the amount and the month of entry that are known."""
    known = entry.planned_investment
    month = "" if entry.enters_in == 1 else str(entry.enters_in)
    return dict.fromkeys(FIELDS, "") | {"planned_investment": text_of(known), "enters_in": month}


def read(
    typed: Iterable[tuple[AnnualPlan, Mapping[str, str]]], year: int, *, spread: Shape
) -> list[PlanRow]:
    """Read rows of a year's entries, with their projects.

    `spread` is how rows without months are spread that name no curve of their own. A row whose
    amount and months are empty is left out of the plan, and is no fault.
    """
    rows = [PlanRow(entry, _filled(values)) for entry, values in typed]
    uses_season = any(Shape.SEASON in (spread, row.typed["curve"]) for row in rows)
    last_year = seasons((row.entry for row in rows) if uses_season else (), year - 1)
    for row in rows:
        _read(row, spread, last_year)
    return rows


def adoptions(rows: Iterable[PlanRow]) -> list[Adoption]:
    """The plans that were read."""
    return [row.adoption for row in rows if row.adoption is not None]


def amount_of(text: str) -> Decimal | None:
    """An amount as a person writes it, in 万元; None where it is blank. Raises PasteError."""
    return number(Cell(1, 1, text), Unit.WAN_YUAN)


def text_of(amount: Decimal | None) -> str:
    """An amount as a person would type it: no zeros that were only stored, "" for none."""
    return "" if amount is None else f"{amount.normalize():f}"


def seal(plans: Sequence[Adoption], decision: Decision) -> str:
    """What a preview showed, in short: what is adopted afterwards must have the same."""
    return hashlib.sha256(repr((plans, decision)).encode()).hexdigest()


def field_of(problem: CurveProblem) -> str:
    """The field of a row that a problem of its curve is about."""
    if problem.month is not None and problem.code is not Code.ALREADY_PLANNED:
        return MONTH_FIELDS[problem.month - 1]
    return "curve" if problem.code is Code.SEASON_EMPTY else "planned_investment"


def _filled(values: Mapping[str, str]) -> dict[str, str]:
    return {name: str(values.get(name, "")).strip() for name in FIELDS}


def _read(row: PlanRow, spread: Shape, last_year: Seasons) -> None:
    months_typed = any(row.typed[name] for name in MONTH_FIELDS)
    if not row.typed["planned_investment"] and not months_typed:
        return
    if row.entry.adopted_on is not None:
        said = _("The plan has been adopted already, on %(day)s.")
        row.faults.append(Fault("", said % {"day": row.entry.adopted_on.isoformat()}))
    total = _amount(row, "planned_investment")
    entry_month = _entry_month(row)
    shape = _shape(row, spread, months_typed=months_typed)
    months = [_amount(row, name) for name in MONTH_FIELDS] if months_typed else []
    if row.faults:
        return
    season_of = ""
    try:
        if shape is Shape.EVEN:
            curve = spread_evenly(total, entry_month=entry_month)
        elif shape is Shape.SEASON:
            curve, season_of = last_year.spread(row.entry, total, entry_month=entry_month)
        else:
            # A month before the project enters is 0 by the rule: nobody has to type it.
            blank = [Decimal(0) if month < entry_month else None for month in range(1, MONTHS + 1)]
            typed = [
                none if amount is None else amount
                for amount, none in zip(months or blank, blank, strict=True)
            ]
            curve = read_typed(typed, total, entry_month=entry_month)
    except CurveError as error:
        row.faults += [Fault(field_of(problem), problem.message) for problem in error.problems]
    except NoSeasonError as error:
        row.faults.append(Fault("curve", str(error)))
    else:
        row.adoption = Adoption(row.entry.pk, curve[-1], curve, shape, entry_month, str(season_of))


def _amount(row: PlanRow, name: str) -> Decimal | None:
    try:
        return amount_of(row.typed[name])
    except PasteError as error:
        said = _("“%(text)s” is not a figure that can be read.") % {"text": error.text[:40]}
        row.faults.append(Fault(name, said, _("10,000 yuan, such as 1200, 1,200.50 or 0.12亿元")))
        return None


def _entry_month(row: PlanRow) -> int:
    """The month of entry; January where none is given."""
    text = row.typed["enters_in"].removesuffix("月")
    try:
        month = number(Cell(1, 1, text), Unit.NONE)
    except PasteError:
        month = Decimal(0)
    if month is None:
        return 1
    if month not in range(1, MONTHS + 1):
        said = _("“%(text)s” is no month.") % {"text": row.typed["enters_in"][:40]}
        row.faults.append(Fault("enters_in", said, _("1 to 12; empty is January")))
        return 1
    return int(month)


def _shape(row: PlanRow, spread: Shape, *, months_typed: bool) -> Shape:
    named = row.typed["curve"]
    if named and named not in set(Shape):
        said = _("“%(text)s” is no curve.") % {"text": named[:40]}
        row.faults.append(Fault("curve", said, ", ".join(shape.label for shape in Shape)))
        return Shape.TYPED
    if months_typed and named in (Shape.EVEN, Shape.SEASON):
        said = _("Months are typed: empty them to spread the amount, or take the typed months.")
        row.faults.append(Fault("curve", said))
    if named:
        return Shape(named)
    return Shape.TYPED if months_typed else spread

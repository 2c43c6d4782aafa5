"""A year's plans as a workbook: the template to fill in, and the filled one read into plans."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office.excel import CellFault, Column, Record, Row, table
from office.excel_template import TemplateColumn, template
from projects import plan_rows
from projects.models import AnnualPlan
from projects.plan_rows import MONTH_FIELDS, PlanRow
from projects.schedule_curves import Shape

CODE, NAME = "code", "name"

COLUMNS = (
    Column(CODE, gettext_lazy("Project code"), ("项目编码", "项目代码"), required=True),
    Column(NAME, gettext_lazy("Project"), ("项目", "项目名称")),
    Column(
        "planned_investment",
        gettext_lazy("Planned investment (10,000 yuan)"),
        ("年度计划投资(万元)", "计划投资(万元)", "年度计划投资", "计划投资"),
        required=True,
    ),
    Column("enters_in", gettext_lazy("Month of entry"), ("入库月份", "起始月份")),
    Column("curve", gettext_lazy("Curve"), ("曲线", "分解方式")),
    *(
        Column(
            name,
            format_lazy(gettext_lazy("Month {month}"), month=month),
            (f"{month}月", f"{month}月末", f"{month}月累计", f"{month}月末累计", f"1-{month}月"),
        )
        for month, name in enumerate(MONTH_FIELDS, start=1)
    ),
)


@dataclass(slots=True)
class Reading:
    """A workbook's plans, every fault in it with its place, and the sheets without headings."""

    rows: list[PlanRow]
    faults: list[CellFault]
    passed_over: list[str]


def year_template(entries: Iterable[AnnualPlan], year: int) -> bytes:
    """The workbook with a row for each of a year's entries, with their projects."""
    shapes = tuple(shape.label for shape in Shape)
    money = _("10,000 yuan. 1,200 and 0.12亿元 are understood.")
    cumulated = _("10,000 yuan, cumulated from January to the end of the month.")
    headings = [
        TemplateColumn(COLUMNS[0].label, _("Do not change it."), 16, is_filled=True),
        TemplateColumn(COLUMNS[1].label, _("Do not change it."), 36, is_filled=True),
        TemplateColumn(COLUMNS[2].label, money, 16, is_money=True),
        TemplateColumn(COLUMNS[3].label, _("1 to 12; empty is January."), 10),
        TemplateColumn(COLUMNS[4].label, _("For a row without months."), 18, options=shapes),
        *(
            TemplateColumn(column.label, cumulated, is_money=True)
            for column in COLUMNS[-len(MONTH_FIELDS) :]
        ),
    ]
    filled = (
        [
            entry.project.code,
            entry.project.name,
            entry.planned_investment,
            None if entry.enters_in == 1 else entry.enters_in,
        ]
        for entry in entries
    )
    notes = [
        _("Plan of %(year)s: planned investment and monthly plan") % {"year": year},
        _("Money is in 10,000 yuan; months are cumulated from January, and December is the year."),
        _("A row without a planned investment is not adopted."),
        _("Leave all twelve months empty to have the amount spread by the curve of the row."),
        _("Columns may stand in any order; columns of another name are refused."),
    ]
    return template(str(year), headings, filled, notes_name=_("Notes"), notes=notes)


def read(
    rows: Iterable[Row], entries: Iterable[AnnualPlan], year: int, *, spread: Shape
) -> Reading:
    """Read the rows of a filled workbook into plans of a year's entries, with their projects."""
    found = table(rows, COLUMNS)
    faults = found.faults
    known = {entry.project.code: entry for entry in entries}
    curves = _curve_names()
    records: dict[int, Record] = {}
    typed: list[tuple[AnnualPlan, Mapping[str, str]]] = []
    for record in found.records:
        code = record.text(CODE)
        entry = known.get(code)
        if entry is None:
            faults.append(_no_entry(record, code, year))
        elif entry.pk in records:
            said = _("“%(code)s” stands in row %(row)s already.")
            first = records[entry.pk].row
            params = {"code": code, "row": first.number}
            faults.append(_fault(record, CODE, said % params, _("Every project once.")))
        else:
            records[entry.pk] = record
            if (name := record.text(NAME)) and name not in (entry.project.name, entry.cited_name):
                said = _("“%(name)s” is not the project %(code)s.") % {"name": name, "code": code}
                faults.append(_fault(record, NAME, said, entry.project.name))
            values = {name: record.text(name) for name in plan_rows.FIELDS}
            values["curve"] = curves.get(values["curve"].casefold(), values["curve"])
            typed.append((entry, values))
    plans = plan_rows.read(typed, year, spread=spread)
    faults += [
        _fault(records[plan.entry.pk], fault.field or CODE, fault.message, fault.allowed)
        for plan in plans
        for fault in plan.faults
    ]
    return Reading(plans, faults, found.passed_over)


def _no_entry(record: Record, code: str, year: int) -> CellFault:
    if not code:
        return _fault(record, CODE, _("The row names no project."), _("A project code"))
    said = _("“%(code)s” is no entry of %(year)s.") % {"code": code[:40], "year": year}
    return _fault(record, CODE, said, _("A code of the template"))


def _fault(record: Record, name: str, message: str, allowed: str = "") -> CellFault:
    return CellFault(record.row.sheet, record.address(name), message, allowed)


def _curve_names() -> dict[str, str]:
    """The names of the curves in the site's languages."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {shape.label.casefold(): shape.value for shape in Shape}
    return found

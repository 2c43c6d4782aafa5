"""The cells counted a second time, entry by entry in plain Python, for tests to hold ours against."""

from collections import defaultdict
from decimal import Decimal

from projects.models import AnnualPlan, ProgressReport, ReportLight
from summaries.models import DepartmentCell, ProgressCell

KEY = (
    "year",
    "month",
    "region_id",
    "department_id",
    "level",
    "category",
    "sector",
    "goal",
)
OF_DEPARTMENT = ("year", "month", "region_id", "department_id", "category")
LIGHTS = ("green", "yellow", "red", "grey")
STATUSES = ("preparation", "started", "accelerated", "completed", "suspended", "withdrawn")


def counted() -> dict[tuple, dict[str, int | Decimal]]:
    """Every cell that there should be."""
    lights = dict(ReportLight.objects.values_list("report_id", "shown"))
    cells: dict[tuple, dict[str, int | Decimal]] = defaultdict(lambda: defaultdict(int))
    for entry in AnnualPlan.objects.select_related("project"):
        reports = {
            report.period.month: report
            for report in ProgressReport.objects.filter(entry=entry).select_related("period")
        }
        project = entry.project
        last = None
        for month in range(1, 13):
            report = reports.get(month)
            if report is not None and report.approved_invested_ytd is not None:
                last = report
            if month < entry.enters_in:
                continue
            cell = cells[
                entry.year,
                month,
                project.region_id,
                project.department_id,
                entry.level,
                entry.category,
                entry.sector,
                entry.goal,
            ]
            _add(cell, entry, report, last, lights)
    return {key: dict(cell) for key, cell in cells.items()}


def _add(cell, entry, report, last, lights) -> None:
    cell["entries"] += 1
    total = entry.project.total_investment
    if total is not None:
        cell["with_total"] += 1
        cell["total_investment"] += total
    planned = report.planned_year if report else entry.planned_investment
    if planned is not None:
        cell["with_plan"] += 1
        cell["planned"] += planned
    status = ""
    if report is not None:
        cell["planned_ytd"] += report.planned_ytd
        if report.pk in lights:
            cell[f"light_{lights[report.pk]}"] += 1
        if report.state != "not_due":
            cell["due"] += 1
            status = _add_known(cell, report, last)
        if report.first_submitted_on is not None:
            cell["reported"] += 1
            cell["late"] += report.first_submitted_on > report.period.due_on
        cell["approved"] += report.state == "approved"
    cell[f"status_{status or 'not_stated'}"] += 1


def _add_known(cell, report, last) -> str:
    """Add the last figure up to the report's month, where there is one; returns its status."""
    if last is None:
        return ""
    if last == report:
        cell["figures"] += 1
        cell["invested_ytd"] += report.approved_invested_ytd
        cell["figures_planned"] += report.planned_year
        cell["figures_planned_ytd"] += report.planned_ytd
    cell["known"] += 1
    cell["known_ytd"] += last.approved_invested_ytd
    cell["known_planned"] += report.planned_year
    cell["known_planned_ytd"] += last.planned_ytd
    return last.approved_status


def stored(model=ProgressCell, key=KEY) -> dict[tuple, dict[str, int | Decimal]]:
    """Every cell that there is; columns that are nothing are left out."""
    return {
        tuple(row.pop(name) for name in key): {
            name: value for name, value in row.items() if value and name != "id"
        }
        for row in model.objects.values()
    }


def added_up(cells: dict[tuple, dict[str, int | Decimal]]) -> dict[tuple, dict]:
    """What cells add up to by department and category."""
    found: dict[tuple, dict[str, int | Decimal]] = defaultdict(lambda: defaultdict(int))
    for key, cell in cells.items():
        kind = dict(zip(KEY, key, strict=True))
        for name, value in cell.items():
            found[tuple(kind[name] for name in OF_DEPARTMENT)][name] += value
    return found


def assert_cells_are_right() -> None:
    """The stored cells are those that there should be, to the last column, and so are the departments'."""
    expected = {
        key: {name: value for name, value in cell.items() if value}
        for key, cell in counted().items()
    }
    assert stored() == expected
    assert stored(DepartmentCell, OF_DEPARTMENT) == added_up(expected)

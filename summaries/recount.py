"""What a cell's columns count: one grouping statement over the entries and their monthly reports.

The same statement fills a whole year and a handful of cells, on SQLite and on PostgreSQL; only
the rows that it starts from differ. It is written in SQL because Django's ORM knows no
INSERT … SELECT, and it stands nowhere else.

An entry counts from its month of entry on, whether or not its plan has been adopted. *Figure*
means approved and in force, also while the report is being corrected. *Known* is the figure of
the month or, where the month was asked for and has none yet, that of the last month before which
has one. The status of a month is the one approved with its known figure; until the year's first
approval it is not stated. `planned` is the year's plan in force in that month. What is overdue
depends on the day on which somebody looks and is therefore not stored (see cells.Sums.overdue).
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection

from projects.models import AnnualPlan, Light, ReportState, Status
from summaries import cell_writing
from summaries.models import ProgressCell


class Kind(NamedTuple):
    """Which cell; `region` and `department` are ids, 0 where there is none."""

    year: int
    month: int
    region: int
    department: int
    level: str
    category: str
    sector: str
    goal: str


_FIGURE = "report.approved_invested_ytd"
_KNOWN = f"COALESCE({_FIGURE}, earlier.approved_invested_ytd)"
_STATUS = (
    f"CASE WHEN {_FIGURE} IS NOT NULL THEN report.approved_status ELSE earlier.approved_status END"
)
_PLANNED = "COALESCE(report.planned_year, entry.planned_investment)"


def _sum(amount: str, where: str = "") -> str:
    """A sum of money, 0 where there is none. SQLite adds in floating point: rounding makes it exact."""
    condition = f" FILTER (WHERE {where})" if where else ""
    return f"COALESCE(ROUND(SUM({amount}){condition}, 2), 0)"


def _status(status: str) -> str:
    return f"COUNT(*) FILTER (WHERE {_STATUS} = '{status}')"


COLUMNS = {
    "entries": "COUNT(*)",
    "with_total": "COUNT(project.total_investment)",
    "with_plan": f"COUNT({_PLANNED})",
    "due": f"COUNT(*) FILTER (WHERE report.state <> '{ReportState.NOT_DUE}')",
    "reported": "COUNT(report.first_submitted_on)",
    "late": "COUNT(*) FILTER (WHERE report.first_submitted_on > period.due_on)",
    "approved": f"COUNT(*) FILTER (WHERE report.state = '{ReportState.APPROVED}')",
    "figures": f"COUNT({_FIGURE})",
    "known": f"COUNT({_KNOWN})",
    **{f"status_{status}": _status(status) for status in Status.values if status},
    "status_not_stated": f"COUNT(*) FILTER (WHERE COALESCE({_STATUS}, '') = '')",
    **{
        f"light_{light}": f"COUNT(*) FILTER (WHERE light.shown = '{light}')"
        for light in Light.values
    },
    "total_investment": _sum("project.total_investment"),
    "planned": _sum(_PLANNED),
    "planned_ytd": _sum("report.planned_ytd"),
    "invested_ytd": _sum(_FIGURE),
    "figures_planned": _sum("report.planned_year", f"{_FIGURE} IS NOT NULL"),
    "figures_planned_ytd": _sum("report.planned_ytd", f"{_FIGURE} IS NOT NULL"),
    "known_ytd": _sum(_KNOWN),
    "known_planned": _sum("report.planned_year", f"{_KNOWN} IS NOT NULL"),
    "known_planned_ytd": _sum(
        f"CASE WHEN {_FIGURE} IS NOT NULL THEN report.planned_ytd ELSE earlier.planned_ytd END",
        f"{_KNOWN} IS NOT NULL",
    ),
}
"""Each counted column of ProgressCell with the expression that counts it."""
MONEY = frozenset(name for name, counted in COLUMNS.items() if "ROUND" in counted)
"""Those that are in 万元."""

_KEY_COLUMNS = (
    "year",
    "month",
    "region_id",
    "department_id",
    "level",
    "category",
    "sector",
    "goal",
)

# The last month with a figure before a month that was asked for and has none: looked up for each
# report of a handful of cells, found at once for those of a whole list.
_LOOKED_UP = f"""
    LEFT JOIN projects_progressreport AS earlier ON earlier.year = entry.year AND earlier.id = (
        SELECT before.id
        FROM projects_progressreport AS before
        JOIN projects_reportingperiod AS then_ ON then_.id = before.period_id
        WHERE before.year = report.year
          AND {_FIGURE} IS NULL AND report.state <> '{ReportState.NOT_DUE}'
          AND before.entry_id = report.entry_id
          AND before.approved_invested_ytd IS NOT NULL
          AND then_.month < period.month
        ORDER BY then_.month DESC
        LIMIT 1
    )
"""
_FOUND = f"""
    SELECT lacking.id, MAX(then_.month)
    FROM projects_progressreport AS lacking
    JOIN projects_reportingperiod AS now_ ON now_.id = lacking.period_id
    JOIN projects_reportingperiod AS then_
      ON then_.year = now_.year AND then_.month < now_.month
    JOIN projects_progressreport AS before
      ON before.entry_id = lacking.entry_id AND before.period_id = then_.id
    WHERE now_.year = %(year)s AND lacking.year = now_.year AND before.year = now_.year
      AND lacking.state <> '{ReportState.NOT_DUE}'
      AND lacking.approved_invested_ytd IS NULL AND before.approved_invested_ytd IS NOT NULL
    GROUP BY lacking.id
"""
_JOINED = """
    LEFT JOIN found ON found.report = report.id
    LEFT JOIN projects_reportingperiod AS known
           ON known.year = entry.year AND known.month = found.month
    LEFT JOIN projects_progressreport AS earlier
           ON earlier.year = entry.year
          AND earlier.entry_id = entry.id AND earlier.period_id = known.id
"""

_GROUPING = f"""
    SELECT entry.year, wanted.month, project.region_id, project.department_id,
           entry.level, entry.category, entry.sector, entry.goal,
           {", ".join(f"{counted} AS {name}" for name, counted in COLUMNS.items())}
    FROM {{source}}
    LEFT JOIN projects_reportingperiod AS period
           ON period.year = entry.year AND period.month = wanted.month
    LEFT JOIN projects_progressreport AS report
           ON report.year = entry.year
          AND report.entry_id = entry.id AND report.period_id = period.id
    {{earlier}}
    LEFT JOIN projects_reportlight AS light
           ON light.year = entry.year AND light.report_id = report.id
    WHERE wanted.month >= entry.enters_in AND {{condition}}
    GROUP BY entry.year, wanted.month, project.region_id, project.department_id,
             entry.level, entry.category, entry.sector, entry.goal
"""

_INSERT = f"INSERT INTO summaries_progresscell ({', '.join((*_KEY_COLUMNS, *COLUMNS))}) "

_LIST = _GROUPING.format(
    source="projects_annualplan AS entry JOIN projects_project AS project"
    " ON project.id = entry.project_id CROSS JOIN wanted",
    earlier=_JOINED,
    condition="entry.year = %(year)s",
)
_MONTHS = ", ".join(f"({month})" for month in range(1, 13))
OF_YEAR = f"WITH wanted(month) AS (VALUES {_MONTHS}), found(report, month) AS ({_FOUND}) {_LIST}"
_OF_MONTH = f"""
    WITH wanted(month) AS (VALUES (%(month)s)),
         found(report, month) AS ({_FOUND.replace("WHERE", "WHERE now_.month = %(month)s AND")})
    {_LIST}
"""


def of_year(year: int) -> Iterator[dict[str, Any]]:
    """The year's cells as the reports give them now, each a row of column names and values."""
    with connection.cursor() as cursor:
        cursor.execute(OF_YEAR, {"year": year})
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))


def write_year(year: int) -> None:
    """Put the year's cells in the place of those stored. The caller keeps others from writing."""
    cell_writing.put(ProgressCell, _KEY_COLUMNS, OF_YEAR, year=year)


def write_month(year: int, month: int) -> None:
    """Put a month's cells in the place of those stored. The caller keeps others from writing."""
    cell_writing.put(ProgressCell, _KEY_COLUMNS, _OF_MONTH, year=year, month=month)


def kinds_of(entries: Collection[int]) -> dict[int, Kind]:
    """Where each entry (id) is counted now, by the month 0; entries that are gone are left out."""
    rows = AnnualPlan.objects.filter(pk__in=entries).values_list(
        "pk",
        "year",
        "project__region",
        "project__department",
        "level",
        "category",
        "sector",
        "goal",
    )
    return {
        pk: Kind(year, 0, region or 0, department or 0, *rest)
        for pk, year, region, department, *rest in rows
    }


_BATCH = 200
_SAME_KIND = """
    {row}.level = wanted.level AND {row}.category = wanted.category
    AND {row}.sector = wanted.sector AND {row}.goal = wanted.goal
"""
# Two statements, so that the projects of a department are found by their index.
_OF_DEPARTMENT = {
    True: "project.department_id = wanted.department",
    False: "project.department_id IS NULL",
}


def _wanted(kinds: Sequence[Kind]) -> str:
    row = f"({', '.join(['%s'] * len(Kind._fields))})"
    return f"WITH wanted({', '.join(Kind._fields)}) AS (VALUES {', '.join([row] * len(kinds))}) "


def _of_kinds(kinds: Sequence[Kind], has_department: bool) -> str:
    source = f"""
        wanted
        JOIN projects_project AS project
          ON {_OF_DEPARTMENT[has_department]} AND COALESCE(project.region_id, 0) = wanted.region
        JOIN projects_annualplan AS entry
          ON entry.project_id = project.id AND entry.year = wanted.year
    """
    return _wanted(kinds) + _GROUPING.format(
        source=source, earlier=_LOOKED_UP, condition=_SAME_KIND.format(row="entry")
    )


def write_kinds(kinds: Collection[Kind]) -> None:
    """Put these cells in the place of those stored; those without entries go.

    The work grows with the cells and their entries, not with what else there is. The caller keeps
    others from writing.
    """
    for has_department in (True, False):
        found = sorted({kind for kind in kinds if bool(kind.department) is has_department})
        for start in range(0, len(found), _BATCH):
            batch = found[start : start + _BATCH]
            values = [value for kind in batch for value in kind]
            with connection.cursor() as cursor:
                cursor.execute(_delete_kinds(batch), values)
                cursor.execute(_INSERT + _of_kinds(batch, has_department), values)


def _delete_kinds(kinds: Sequence[Kind]) -> str:
    return (
        _wanted(kinds)
        + f"""
        DELETE FROM summaries_progresscell WHERE id IN (
            SELECT cell.id
            FROM wanted
            JOIN summaries_progresscell AS cell
              ON cell.year = wanted.year AND cell.month = wanted.month
             AND COALESCE(cell.department_id, 0) = wanted.department
             AND COALESCE(cell.region_id, 0) = wanted.region
             AND {_SAME_KIND.format(row="cell")}
        )
    """
    )

"""Adds cells up to those of departments in their regions, in the transaction that writes the cells.

Only what was written is added up anew: the work grows with the cells of a department and month,
not with what else there is. Nothing is added to what stood there before.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection

from summaries import cell_writing
from summaries.models import DepartmentCell
from summaries.recount import COLUMNS, MONEY, Kind

Place = tuple[int, int, int, int, str]
"""Year, month, region and department (0 where there is none) and category."""

_BATCH = 200
_KEY = ("year", "month", "region_id", "department_id", "category")


def _sum(name: str) -> str:
    """SQLite adds in floating point: rounding makes money exact."""
    return f"ROUND(SUM(cell.{name}), 2)" if name in MONEY else f"SUM(cell.{name})"


_ADDED_UP = f"""
    SELECT {", ".join(f"cell.{name}" for name in _KEY)},
           {", ".join(f"{_sum(name)} AS {name}" for name in COLUMNS)}
    FROM {{source}}
    GROUP BY {", ".join(f"cell.{name}" for name in _KEY)}
"""
_INSERT = f"INSERT INTO summaries_departmentcell ({', '.join((*_KEY, *COLUMNS))}) "
_OF_YEAR = _ADDED_UP.format(source="summaries_progresscell AS cell WHERE cell.year = %(year)s")
_OF_MONTH = _ADDED_UP.format(
    source="summaries_progresscell AS cell WHERE cell.year = %(year)s AND cell.month = %(month)s"
)
_SAME_PLACE = """
    cell.year = wanted.year AND cell.month = wanted.month
    AND COALESCE(cell.department_id, 0) = wanted.department
    AND COALESCE(cell.region_id, 0) = wanted.region AND cell.category = wanted.category
"""
_OF_PLACES = _ADDED_UP.format(source=f"wanted JOIN summaries_progresscell AS cell ON {_SAME_PLACE}")
_DELETE_PLACES = f"""
    DELETE FROM summaries_departmentcell WHERE id IN (
        SELECT cell.id FROM wanted JOIN summaries_departmentcell AS cell ON {_SAME_PLACE}
    )
"""


def of_year(year: int) -> Iterator[dict[str, Any]]:
    """What the year's cells as they are stored add up to, each a row of column names and values."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_YEAR, {"year": year})
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))


def write_year(year: int) -> None:
    """Add the whole year up anew. The caller keeps others from writing."""
    cell_writing.put(DepartmentCell, _KEY, _OF_YEAR, year=year)


def write_month(year: int, month: int) -> None:
    """Add a month up anew. The caller keeps others from writing."""
    cell_writing.put(DepartmentCell, _KEY, _OF_MONTH, year=year, month=month)


def write_kinds(kinds: Collection[Kind]) -> None:
    """Add up anew what these cells belong to. The caller keeps others from writing."""
    places = sorted({place_of(kind) for kind in kinds})
    for start in range(0, len(places), _BATCH):
        batch = places[start : start + _BATCH]
        row = "(%s, %s, %s, %s, %s)"
        wanted = (
            "WITH wanted(year, month, region, department, category) AS"
            f" (VALUES {', '.join([row] * len(batch))}) "
        )
        values = [value for place in batch for value in place]
        with connection.cursor() as cursor:
            cursor.execute(wanted + _DELETE_PLACES, values)
            cursor.execute(_INSERT + wanted + _OF_PLACES, values)


def place_of(kind: Kind) -> Place:
    """Which department's cell a cell is counted in."""
    return kind.year, kind.month, kind.region, kind.department, kind.category

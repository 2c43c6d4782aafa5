from decimal import Decimal

import pytest

from exchange import preview
from exchange.kinds import KINDS
from exchange.matching import BLOCK, Matching, match
from exchange.models import ImportPage, ImportRun
from office.excel import Cell, CellFault, Row
from office.intake import Change, Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
MONTHS = KINDS["months"]


def line(number, *values):
    cells = (Cell("表", number, column, value) for column, value in enumerate(values, start=1))
    return Row("表", number, tuple(cells))


def changed(number):
    return Change(
        Outcome.CHANGED,
        (f"P{number}", "2024-03"),
        "桥",
        {"code": f"P{number}", "month": "2024-03", "invested_ytd": Decimal(number)},
        before={"invested_ytd": None},
        after={"invested_ytd": Decimal(number)},
        row=number,
    )


def test_only_a_kind_whose_rows_stand_alone_takes_more_than_a_block():
    assert [name for name, kind in KINDS.items() if kind.limits.rows > BLOCK] == ["months"]


def test_a_block_is_held_against_the_data_before_the_next_is_read(reporter):
    taken = []

    def rows():
        yield line(1, "项目编码", "月份", "自年初累计完成投资（万元）")
        for number in range(BLOCK + 100):
            taken.append(number)
            yield line(number + 2, f"P{number % BLOCK}", "2024-03", Decimal(1))

    blocks = match(MONTHS, rows(), user=reporter, skips_totals=False, has_formats=True)
    first = next(blocks)
    assert (len(first.faults), len(taken)) == (BLOCK, BLOCK)
    (last,) = blocks
    assert len(last.faults) == 100
    assert last.faults[0].address == f"A{BLOCK + 2}"
    assert "2" in last.faults[0].message


def test_pages_of_a_preview_are_full_whatever_the_blocks_were(manager):
    run = ImportRun.objects.create(kind="months", name="表.xlsx", by=manager, language="en")
    made = preview.Preview(run)
    for start in (0, 60, 120):
        changes = [changed(number) for number in range(start, start + 60)]
        made.add(Matching(changes=changes, faults=[CellFault("表", f"A{start}", "x")]))
    made.close()

    pages = ImportPage.objects.filter(run=run).values_list("group", "number", "rows")
    sizes = {(group, number): len(rows) for group, number, rows in pages}
    assert sizes == {("changed", 1): 100, ("changed", 2): 80, ("fault", 1): 3}
    assert (made.counts["changed"], made.counts["fault"]) == (180, 3)
    (block,) = preview.revived(run, MONTHS)
    assert block.changes == [changed(number) for number in range(180)]

"""Figures 1 to 5 of the annual report, from the observations; what is missing is told below each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from office.document import Chart, Figure, Mark, Series
from summaries.series import Figure as Known


@dataclass(frozen=True, slots=True)
class Plate:
    """How a figure is printed: its title, and for each line its name, mark and axis."""

    title: str
    lines: tuple[tuple[str, Mark, bool], ...]
    unit: str
    right_unit: str = ""


_TWO_AREAS = (("全区", Mark.LINE, False), ("全市", Mark.LINE, False))
PLATES = {
    1: Plate(
        "地区生产总值总量及增速",
        (("地区生产总值（亿元）", Mark.BAR, False), ("增速（%）", Mark.LINE, True)),
        "亿元",
        "%",
    ),
    2: Plate("全区与全市规上工业增加值每月累计增速走势", _TWO_AREAS, "%"),
    3: Plate("全区与全市固定资产投资每月累计增速走势", _TWO_AREAS, "%"),
    4: Plate(
        "高新技术企业、科技型企业数量",
        (("高新技术企业（家）", Mark.BAR, False), ("科技型企业（家）", Mark.BAR, False)),
        "家",
    ),
    5: Plate(
        "脱贫户人均纯收入绝对值及增速",
        (("人均纯收入（元）", Mark.BAR, False), ("增速（%）", Mark.LINE, True)),
        "元",
        "%",
    ),
}


def figure(known: Known) -> Figure:
    """The figure as the report prints it."""
    plate = PLATES[known.number]
    first, last = known.axis[0], known.axis[-1]
    years = f"{known.last_year}年" if known.by_month else f"{first}—{last}年"
    series = tuple(
        Series(label, tuple(point.value if point else None for point in points), mark, right)
        for (label, mark, right), (_label, points) in zip(plate.lines, known.lines, strict=True)
    )
    unit = "月" if known.by_month else "年"
    axis = tuple(f"{at}{unit}" for at in known.axis)
    missing = "；".join(_missing(series, known.axis, unit))
    return Figure(
        f"图{known.number}  {years}{plate.title}",
        Chart(axis, series, plate.unit, plate.right_unit),
        (f"注：{missing}。",) if missing else (),
    )


def _missing(series: Sequence[Series], axis: Sequence[int], unit: str) -> Iterator[str]:
    for one in series:
        gaps = [at for at, point in zip(axis, one.points, strict=True) if point is None]
        if len(gaps) == len(axis):
            yield f"{one.label}暂无数据"
        elif gaps:
            yield f"{one.label}{'、'.join(_spans(gaps, unit))}暂无数据"


def _spans(gaps: Sequence[int], unit: str) -> Iterator[str]:
    """1、2、3、5 as 1—3月 and 5月."""
    for _step, members in groupby(enumerate(gaps), key=lambda pair: pair[1] - pair[0]):
        run = [at for _place, at in members]
        yield f"{run[0]}{unit}" if len(run) == 1 else f"{run[0]}—{run[-1]}{unit}"

"""Draws the charts of documents as pictures: a missing point is a gap, never a zero."""

import math
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal

from matplotlib import font_manager, rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.container import BarContainer
from matplotlib.figure import Figure as Drawing
from matplotlib.font_manager import FontProperties

from office.document import Chart, Mark, Series

# In the order of preference; the last two are what Debian packages.
FONTS = ("SimSun", "FangSong", "Noto Serif CJK SC", "Noto Serif CJK JP", "Noto Sans CJK JP")
COLOURS = ("#1f4e79", "#c0392b", "#7f8c8d", "#d68910", "#1e8449", "#6c3483")
DOTS_PER_INCH = 200
_BAR_WIDTH = 0.7
_GROUND = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
# Names inside an SVG are made from this and not from chance: the same chart gives the same bytes.
rcParams["svg.hashsalt"] = "office"


class NoChineseFontError(Exception):
    """No font with Chinese characters is installed on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "No font with Chinese characters was found. Install one (Debian: fonts-noto-cjk)."
        )


@cache
def chinese_font() -> Path:
    """The file of a font with Chinese characters; NoChineseFontError where there is none."""
    installed = {font.name: font.fname for font in font_manager.fontManager.ttflist}
    for name in FONTS:
        if name in installed:
            return Path(installed[name])
    for name, file in sorted(installed.items()):
        if "CJK" in name or "Song" in name:
            return Path(file)
    raise NoChineseFontError


def draw(
    chart: Chart, *, width: float, height: float, as_format: Literal["png", "svg"] = "png"
) -> bytes:
    """A picture of the chart; sizes in millimetres. The same chart gives the same bytes."""
    font = FontProperties(fname=str(chinese_font()), size=9)
    drawing = Drawing(figsize=(width / 25.4, height / 25.4), dpi=DOTS_PER_INCH, layout="tight")
    FigureCanvasAgg(drawing)
    left = drawing.add_subplot()
    if chart.lying:
        _draw_lying(left, chart, font)
        return _saved(drawing, as_format)
    right = left.twinx() if any(series.right for series in chart.series) else None
    places = range(len(chart.axis))
    bars = [series for series in chart.series if series.mark is Mark.BAR]
    handles: list[Artist | BarContainer] = []
    for number, series in enumerate(chart.series):
        axes = right if series.right and right is not None else left
        colour = _colour(series, number)
        values = [math.nan if point is None else float(point) for point in series.points]
        if series.mark is Mark.BAR:
            wide = _BAR_WIDTH / len(bars)
            shift = (bars.index(series) - (len(bars) - 1) / 2) * wide
            at = [place + shift for place in places]
            handles.append(axes.bar(at, values, wide * 0.92, color=colour, label=series.label))
        else:
            at = [float(place) for place in places]
            handles += axes.plot(at, values, color=colour, marker="o", ms=4, label=series.label)
        lines = [other for other in chart.series if other.mark is Mark.LINE]
        below = series in lines[1:] and series.right == lines[0].right
        _write_values(axes, series, at, font, above=not below)
    _frame(left, chart.axis, chart.unit, font)
    if right is not None:
        _frame(right, chart.axis, chart.right_unit, font)
    left.legend(
        handles=handles,
        prop=font,
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=min(len(handles), 3),
        frameon=False,
    )
    return _saved(drawing, as_format)


def _draw_lying(axes: Axes, chart: Chart, font: FontProperties) -> None:
    wide = _BAR_WIDTH / len(chart.series)
    for number, series in enumerate(chart.series):
        shift = (number - (len(chart.series) - 1) / 2) * wide
        at = [place + shift for place in range(len(chart.axis))]
        values = [math.nan if point is None else float(point) for point in series.points]
        axes.barh(at, values, wide * 0.92, color=_colour(series, number), label=series.label)
        for place, point in zip(at, series.points, strict=True):
            if point is not None:
                axes.annotate(
                    point,
                    (max(float(point), 0), place),
                    xytext=(3, 0),
                    textcoords="offset points",
                    va="center",
                    fontproperties=font,
                )
    axes.set_yticks(range(len(chart.axis)), chart.axis, fontproperties=font)
    axes.set_ylim(len(chart.axis) - 0.4, -0.6)
    for label in axes.get_xticklabels():
        label.set_fontproperties(font)
    axes.margins(x=0.1)
    axes.spines[["top", "right"]].set_visible(False)
    if chart.unit:
        axes.set_xlabel(chart.unit, fontproperties=font)
    if len(chart.series) > 1:
        axes.legend(
            prop=font, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False
        )


def _colour(series: Series, number: int) -> str:
    return series.colour or COLOURS[number % len(COLOURS)]


def _saved(drawing: Drawing, as_format: Literal["png", "svg"]) -> bytes:
    target = BytesIO()
    told = {"Software": None} if as_format == "png" else {"Date": None, "Creator": None}
    drawing.savefig(target, format=as_format, metadata=told)
    return target.getvalue()


def _write_values(
    axes: Axes, series: Series, at: Sequence[float], font: FontProperties, *, above: bool
) -> None:
    """Beside their points: a second line's below it, so that they do not cover the first's."""
    for place, point in zip(at, series.points, strict=True):
        if point is not None:
            axes.annotate(
                point,
                (place, float(point)),
                xytext=(0, 4 if above else -4),
                textcoords="offset points",
                ha="center",
                va="bottom" if above else "top",
                fontproperties=font,
                # A line's figure stays legible where the line crosses a bar.
                bbox=_GROUND if series.mark is Mark.LINE else None,
                zorder=5,
            )


def _frame(axes: Axes, labels: Sequence[str], unit: str, font: FontProperties) -> None:
    axes.set_xlim(-0.6, len(labels) - 0.4)
    axes.set_xticks(range(len(labels)), labels, fontproperties=font)
    for label in axes.get_yticklabels():
        label.set_fontproperties(font)
    axes.margins(y=0.18)
    axes.spines["top"].set_visible(False)
    if unit:
        axes.set_ylabel(unit, fontproperties=font)
    if not axes.has_data() or not math.isfinite(axes.dataLim.height):
        axes.set_yticks([])

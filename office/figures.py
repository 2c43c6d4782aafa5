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
    right = left.twinx() if any(series.right for series in chart.series) else None
    places = range(len(chart.axis))
    bars = [series for series in chart.series if series.mark is Mark.BAR]
    handles: list[Artist | BarContainer] = []
    for number, series in enumerate(chart.series):
        axes = right if series.right and right is not None else left
        colour = COLOURS[number % len(COLOURS)]
        values = [math.nan if point is None else float(point) for point in series.points]
        if series.mark is Mark.BAR:
            wide = _BAR_WIDTH / len(bars)
            shift = (bars.index(series) - (len(bars) - 1) / 2) * wide
            at = [place + shift for place in places]
            handles.append(axes.bar(at, values, wide * 0.92, color=colour, label=series.label))
        else:
            at = [float(place) for place in places]
            handles += axes.plot(at, values, color=colour, marker="o", ms=4, label=series.label)
        _write_values(axes, series, at, font)
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
    target = BytesIO()
    told = {"Software": None} if as_format == "png" else {"Date": None, "Creator": None}
    drawing.savefig(target, format=as_format, metadata=told)
    return target.getvalue()


def _write_values(axes: Axes, series: Series, at: Sequence[float], font: FontProperties) -> None:
    for place, point in zip(at, series.points, strict=True):
        if point is not None:
            axes.annotate(
                point,
                (place, float(point)),
                xytext=(0, 4),
                textcoords="offset points",
                ha="center",
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

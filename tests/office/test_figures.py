"""Charts of documents: the same picture from the same data, gaps where nothing is known."""

import pytest

from office import figures
from office.document import Chart, Mark, Series

SIZE = {"width": 150, "height": 80}


def chart(*points, mark=Mark.LINE) -> Chart:
    axis = tuple(str(number) for number in range(len(points)))
    return Chart(axis, (Series("全区", points, mark),), "%")


@pytest.mark.parametrize("as_format", ["png", "svg"])
def test_the_same_chart_gives_the_same_bytes(as_format):
    first = figures.draw(chart("1", None, "3"), as_format=as_format, **SIZE)
    assert figures.draw(chart("1", None, "3"), as_format=as_format, **SIZE) == first


@pytest.mark.parametrize("mark", Mark)
def test_a_missing_point_is_not_drawn_as_zero(mark):
    missing = figures.draw(chart("1", None, "3", mark=mark), **SIZE)
    assert missing != figures.draw(chart("1", "0", "3", mark=mark), **SIZE)


@pytest.mark.parametrize("mark", Mark)
def test_a_chart_of_which_nothing_is_known_is_drawn_empty(mark):
    assert figures.draw(chart(None, None, mark=mark), **SIZE).startswith(b"\x89PNG")

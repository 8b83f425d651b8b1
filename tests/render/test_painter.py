"""Pictures come from a process of their own, and come all the same when it is gone."""

from collections.abc import Iterator

import pytest

from bot.render.charts.painter import Painter
from bot.render.charts.raster import png

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    '<text x="2" y="16" font-family="Roboto">Ä</text></svg>'
)


@pytest.fixture
def painter() -> Iterator[Painter]:
    painter = Painter()
    yield painter
    painter.close()


def test_it_paints_what_we_would_paint(painter: Painter) -> None:
    assert [painter(DRAWING), painter(DRAWING)] == [png(DRAWING)] * 2


def test_what_is_no_drawing_ends_nothing(painter: Painter) -> None:
    with pytest.raises(ValueError, match="no drawing"):
        painter("<svg")
    assert painter(DRAWING) == png(DRAWING)


def test_a_painter_that_was_killed_is_followed_by_another(painter: Painter) -> None:
    painter(DRAWING)
    assert painter.process is not None
    painter.process.kill()
    painter.process.wait()
    assert painter(DRAWING) == png(DRAWING)


def test_without_any_process_we_paint_ourselves() -> None:
    assert Painter(python="/nowhere/python")(DRAWING) == png(DRAWING)

"""A metric week by week, with its range behind."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from bot.domain.chart import Point, Sparkline
from bot.render.charts.scale import Scale, path

HEIGHT = 220
LEFT, RIGHT, TOP, BOTTOM = 24, 576, 84, 176


def layout(chart: Sparkline) -> Mapping[str, object]:
    known = [point.value for point in chart.points if point.value is not None]
    edges = [edge for edge in (chart.low, chart.high) if edge is not None]
    up = Scale(min([0.0, *known, *edges]), max([*known, *edges, 1e-9]), BOTTOM, TOP)
    across = Scale(0, max(len(chart.points) - 1, 1), LEFT + 8, RIGHT - 8)
    places = [
        (across.at(at), None if point.value is None else up.at(point.value))
        for at, point in enumerate(chart.points)
    ]
    shown = [(x, y) for x, y in places if y is not None]
    return {
        "height": HEIGHT,
        "told": chart.told,
        "range_told": chart.range_told,
        "band": _band(chart, up),
        "lines": [path(run) for run in _runs(places) if len(run) > 1],
        "dots": shown,
        "last": shown[-1] if shown else None,
        "from_label": chart.points[0].label if chart.points else "",
        "to_label": chart.points[-1].label if chart.points else "",
    }


def _band(chart: Sparkline, up: Scale) -> Mapping[str, float] | None:
    if chart.low is None or chart.high is None:
        return None
    top, bottom = up.at(chart.high), up.at(chart.low)
    return {"y": top, "height": max(round(bottom - top, 1), 2.0)}


def _runs(places: Sequence[tuple[float, float | None]]) -> list[list[tuple[float, float]]]:
    """A week without a value is a gap, not a line across it."""
    runs = groupby(places, key=lambda place: place[1] is not None)
    return [[(x, y) for x, y in run if y is not None] for is_known, run in runs if is_known]


def words(chart: Sparkline) -> Iterator[str]:
    known: list[Point] = [point for point in chart.points if point.value is not None]
    if not known:
        yield f"{chart.title}: nothing measured yet."
        return
    low = min(known, key=lambda point: point.value or 0.0)
    high = max(known, key=lambda point: point.value or 0.0)
    told = f"{chart.title}, {len(chart.points)} weeks: now {chart.told}"
    yield f"{told}; lowest in the week of {low.label}, highest in that of {high.label}."
    if chart.range_told:
        yield f"Range: {chart.range_told}."

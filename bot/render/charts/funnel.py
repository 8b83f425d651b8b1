"""Shares over what they rest on: dots between the edges differ by no more than luck."""

from collections.abc import Iterator, Mapping

from bot.domain.chart import Funnel
from bot.render.charts.scale import Scale, path

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 340, 68, 560, 66, 272
TICKS = 4


def layout(chart: Funnel) -> Mapping[str, object]:
    most = max([point.facts for point in chart.points] + [edge.facts for edge in chart.edges])
    highest = max([0.1, chart.centre, *(point.share for point in chart.points)])
    top = min(1.0, highest * 1.25)
    across, up = Scale(0, most, LEFT, RIGHT), Scale(0, top, BOTTOM, TOP)
    edges = sorted(chart.edges, key=lambda edge: edge.facts)
    above = [(across.at(edge.facts), up.at(min(edge.high, top))) for edge in edges]
    below = [(across.at(edge.facts), up.at(max(edge.low, 0.0))) for edge in edges]
    return {
        "height": HEIGHT,
        "axis": chart.axis,
        "area": path([*above, *reversed(below)]) + " Z",
        "centre": up.at(chart.centre),
        "centre_told": f"all {chart.centre:.0%}",
        "dots": [(across.at(point.facts), up.at(point.share)) for point in chart.points],
        "levels": [(up.at(top * part / 2), f"{top * part / 2:.0%}") for part in range(3)],
        "ticks": [
            (across.at(most * part / TICKS), f"{most * part / TICKS:.0f}")
            for part in range(TICKS + 1)
        ],
        "left": LEFT,
        "right": RIGHT,
        "bottom": BOTTOM,
    }


def outside(chart: Funnel) -> int:
    """How many points lie outside of the edges for as many facts as they rest on."""
    return sum(not _is_inside(chart, point.facts, point.share) for point in chart.points)


def _is_inside(chart: Funnel, facts: float, share: float) -> bool:
    nearest = min(chart.edges, key=lambda edge: abs(edge.facts - facts))
    return nearest.low <= share <= nearest.high


def words(chart: Funnel) -> Iterator[str]:
    told = outside(chart)
    differ = "none differs by more than luck would" if not told else f"{told} outside of luck"
    yield f"{chart.title}."
    yield f"All together {chart.centre:.0%}; of {len(chart.points)}, {differ}."

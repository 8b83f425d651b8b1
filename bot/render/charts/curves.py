"""Which share of a group has reached something by a day; steps, with what else is plausible."""

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.chart import Curve, CurveMark, CurvePoint, Curves
from bot.render.charts.scale import Scale, clipped, path

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 360, 68, 560, 92, 290
COLOURS = ("#1264a3", "#b4632d", "#6b5b95")
TICKS = 4
KEY_WIDTH = 180


def layout(chart: Curves) -> Mapping[str, object]:
    places = [point.at for curve in chart.curves for point in curve.points]
    last = max([*places, *(mark.at for mark in chart.marks)], default=1.0)
    across = Scale(0, max(last, 1.0), LEFT, RIGHT)
    up = Scale(0, 1, BOTTOM, TOP)
    shown = [
        {
            "colour": COLOURS[at % len(COLOURS)],
            "label": clipped(curve.label, width=KEY_WIDTH - 24, size=15),
            "key_x": 24 + at * KEY_WIDTH,
            "line": path(_steps(curve, across, up)),
            "area": _area(curve, across, up),
        }
        for at, curve in enumerate(chart.curves[: len(COLOURS)])
    ]
    return {
        "height": HEIGHT,
        "axis": chart.axis,
        "curves": shown,
        "marks": [_mark(chart, mark, across, up) for mark in chart.marks],
        "who": clipped(f"{chart.who}; open: still to come", width=300, size=15)
        if chart.who
        else "",
        "levels": [(up.at(share), f"{share:.0%}") for share in (0.0, 0.5, 1.0)],
        "ticks": [
            (across.at(last * part / TICKS), f"{last * part / TICKS:.0f}")
            for part in range(TICKS + 1)
        ],
        "left": LEFT,
        "right": RIGHT,
        "bottom": BOTTOM,
    }


def _steps(curve: Curve, across: Scale, up: Scale) -> list[tuple[float, float]]:
    """From nobody on day nought; it stays where it is until the next one arrives."""
    points, level = [(across.at(0), up.at(0))], 0.0
    for point in curve.points:
        points += [(across.at(point.at), up.at(level)), (across.at(point.at), up.at(point.share))]
        level = point.share
    return points


def _area(curve: Curve, across: Scale, up: Scale) -> str:
    known = [point for point in curve.points if point.low is not None and point.high is not None]
    if len(known) < 2:  # noqa: PLR2004 - a single point has no area
        return ""
    above, below = _edge(known, across, up, "high"), _edge(known, across, up, "low")
    return path([*above, *reversed(below)]) + " Z"


def _edge(
    points: Sequence[CurvePoint], across: Scale, up: Scale, side: str
) -> list[tuple[float, float]]:
    places: list[tuple[float, float]] = []
    for point in points:
        x, y = across.at(point.at), up.at(float(getattr(point, side)))
        places += [(x, places[-1][1] if places else y), (x, y)]
    return places


def _mark(chart: Curves, mark: CurveMark, across: Scale, up: Scale) -> Mapping[str, object]:
    return {
        "x": across.at(mark.at),
        "y": up.at(_share_at(chart.curves[mark.curve], mark.at)),
        "colour": COLOURS[mark.curve % len(COLOURS)],
        "has_happened": mark.has_happened,
    }


def _share_at(curve: Curve, day: float) -> float:
    return max((point.share for point in curve.points if point.at <= day), default=0.0)


def words(chart: Curves) -> Iterator[str]:
    yield f"{chart.title}."
    ends = [_told(curve, chart.axis) for curve in chart.curves if curve.points]
    yield from ends or ["Nobody yet."]
    if chart.who and chart.marks:
        yield f"{chart.who}: {', '.join(_marked(chart))} {chart.axis}."


def _marked(chart: Curves) -> Iterator[str]:
    for mark in chart.marks:
        told = "after" if mark.has_happened else "not yet after"
        yield f"{chart.curves[mark.curve].label} {told} {mark.at:.0f}"


def _told(curve: Curve, axis: str) -> str:
    last = curve.points[-1]
    half = next((point.at for point in curve.points if point.share >= 0.5), None)  # noqa: PLR2004 - the middle
    middle = f"half by {half:.0f}" if half is not None else "half not reached"
    return f"{curve.label}: {last.share:.0%} by {last.at:.0f} {axis}, {middle}."

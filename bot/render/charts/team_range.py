"""Each metric of a team against its range: one line a metric, all ranges under one another."""

from collections.abc import Iterator, Mapping
from statistics import median

from bot.domain.chart import RangeDot, RangeRow, TeamAgainstRange
from bot.render.charts.scale import Scale, clipped

ROW, TOP, BOTTOM = 52, 82, 44
BEGIN, LOW, HIGH, END = 250, 345, 455, 560
LABEL_WIDTH = 216


def layout(chart: TeamAgainstRange) -> Mapping[str, object]:
    rows = [_row(row, TOP + at * ROW) for at, row in enumerate(chart.rows)]
    height = TOP + ROW * len(rows) + BOTTOM
    return {"height": height, "rows": rows, "low": LOW, "high": HIGH, "begin": BEGIN, "end": END}


def _row(row: RangeRow, y: float) -> Mapping[str, object]:
    places = [place(dot) for dot in row.dots]
    middle = round(median(places), 1)
    return {
        "y": y,
        "label": clipped(row.label, width=LABEL_WIDTH, size=17),
        "told": clipped(row.told, width=LABEL_WIDTH, size=15),
        "middle": middle,
        "dots": places if row.shows_dots else [],
        "is_within": LOW <= middle <= HIGH,
    }


def place(dot: RangeDot) -> float:
    """Below, within and above the range, each laid out by itself; far above stands at the end."""
    value, low, high = dot.value, dot.low, max(dot.high, dot.low)
    if value < low:
        return Scale(min(0.0, value), low, BEGIN, LOW).at(value)
    if value <= high:
        return Scale(low, high, LOW, HIGH).at(value)
    return min(Scale(high, high + max(abs(high), 1e-9), HIGH, END).at(value), END)


def words(chart: TeamAgainstRange) -> Iterator[str]:
    yield f"{chart.title}."
    for row in chart.rows:
        below = sum(dot.value < dot.low for dot in row.dots)
        above = sum(dot.value > dot.high for dot in row.dots)
        within = len(row.dots) - below - above
        places = (
            f"; {within} within the range, {below} below, {above} above" if row.shows_dots else ""
        )
        yield f"{row.label}: middle {row.told}{places}."

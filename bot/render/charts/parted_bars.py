"""Bars of equal parts, each with its own mark, so that the colour is never all there is to see."""

from collections.abc import Iterator, Mapping

from bot.domain.chart import PartedBar, PartedBars
from bot.render.charts.scale import clipped

ROW, TOP, BOTTOM = 46, 66, 44
LABEL, BEGIN, END, GAP = 24, 300, 576, 6
#: What is drawn for each: fill, edge, mark and the colour of the mark.
LOOKS = {
    "in place": ("#007a5a", "#007a5a", "+", "#ffffff"),
    "on the way": ("#9bd3bd", "#5fae92", "~", "#1d1c1d"),
    "to do": ("#ffffff", "#1d1c1d", "!", "#1d1c1d"),
    "unknown": ("#f1f1f3", "#c9c9ce", "?", "#616061"),
}


def layout(chart: PartedBars) -> Mapping[str, object]:
    rows = [_row(bar, TOP + at * ROW) for at, bar in enumerate(chart.bars)]
    height = TOP + ROW * len(rows) + BOTTOM
    legend = [
        {"x": LABEL + at * 138, "fill": look[0], "edge": look[1], "mark": look[2], "told": standing}
        for at, (standing, look) in enumerate(LOOKS.items())
    ]
    return {"height": height, "rows": rows, "legend": legend}


def _row(bar: PartedBar, y: float) -> Mapping[str, object]:
    count = max(len(bar.parts), 1)
    width = (END - BEGIN - GAP * (count - 1)) / count
    parts = []
    for at, part in enumerate(bar.parts):
        fill, edge, mark, ink = LOOKS[part.standing]
        x = BEGIN + at * (width + GAP)
        parts.append(
            {
                "x": round(x, 1),
                "middle": round(x + width / 2, 1),
                "fill": fill,
                "edge": edge,
                "mark": mark,
                "ink": ink,
            }
        )
    return {
        "y": y,
        "label": clipped(bar.label, width=BEGIN - LABEL - 8, size=17),
        "width": round(width, 1),
        "parts": parts,
    }


def words(chart: PartedBars) -> Iterator[str]:
    yield f"{chart.title}."
    for bar in chart.bars:
        counted = [
            f"{number} {standing}"
            for standing in LOOKS
            if (number := sum(part.standing == standing for part in bar.parts))
        ]
        yield f"{bar.label}: {', '.join(counted) or 'nothing to show'}."

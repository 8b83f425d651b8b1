"""From one total over changes to another, each bar beginning where the last one ended."""

from collections.abc import Iterator, Mapping

from bot.domain.chart import Step, StepKind, Waterfall
from bot.render.charts.scale import Scale, clipped

ROW, TOP, BOTTOM = 36, 64, 20
LABEL, BEGIN, END = 24, 150, 470


def layout(chart: Waterfall) -> Mapping[str, object]:
    spans = _spans(chart)
    ends = [end for span in spans for end in span]
    across = Scale(min([0.0, *ends]), max([*ends, 1e-9]), BEGIN, END)
    rows = []
    for at, (step, (begin, end)) in enumerate(zip(chart.steps, spans, strict=True)):
        left, right = sorted((across.at(begin), across.at(end)))
        rows.append(
            {
                "y": TOP + at * ROW,
                "x": left,
                "width": max(right - left, 2.0),
                "edge": across.at(end),
                "label": clipped(step.label, width=BEGIN - LABEL - 6, size=17),
                "told": step.told,
                "fill": _fill(step),
            }
        )
    return {"height": TOP + ROW * len(rows) + BOTTOM, "rows": rows, "row": ROW}


def _fill(step: Step) -> str:
    if step.kind is StepKind.TOTAL:
        return "#454a55"
    return "#2f8f6f" if step.amount >= 0 else "#c2603f"


def _spans(chart: Waterfall) -> list[tuple[float, float]]:
    spans: list[tuple[float, float]] = []
    reached = 0.0
    for step in chart.steps:
        begin = 0.0 if step.kind is StepKind.TOTAL else reached
        reached = begin + step.amount
        spans.append((begin, reached))
    return spans


def words(chart: Waterfall) -> Iterator[str]:
    yield f"{chart.title}."
    yield ", ".join(f"{step.label} {step.told}" for step in chart.steps) + "."

"""The scorecard as plain values for templates, and as a picture."""

from collections.abc import Mapping

from bot.domain.chart import Part, PartedBar, PartedBars
from bot.domain.duty import Standing
from bot.queries.strategic import DutyBar, IndicatorLine, Strategic

MARKS = {
    Standing.IN_PLACE: ":white_check_mark:",
    Standing.ON_THE_WAY: ":large_yellow_circle:",
    Standing.TO_DO: ":white_large_square:",
    Standing.UNKNOWN: ":grey_question:",
}


def view_of(found: Strategic) -> Mapping[str, object]:
    return {
        "manager": found.manager,
        "bars": [view_of_bar(bar) for bar in found.bars],
        "today": found.today,
        "since": found.since,
        "as_of": found.as_of,
        "locale": found.locale,
        "zone": found.zone,
    }


def view_of_bar(bar: DutyBar) -> Mapping[str, object]:
    return {
        "code": bar.duty.code,
        "title": bar.duty.value,
        "next_step": bar.next_step,
        "counts": [(standing.value, count) for standing, count in bar.counts.items() if count],
        "unknown_because": _one_reason(bar),
        "lines": [_view_of_line(line) for line in bar.lines],
    }


def _one_reason(bar: DutyBar) -> str | None:
    """Why all of it is unknown, where that is one and the same; said once."""
    told = {line.now.told for line in bar.lines if line.now.standing is Standing.UNKNOWN}
    is_all = bar.counts[Standing.UNKNOWN] == len(bar.lines)
    return told.pop() if is_all and len(told) == 1 else None


def _view_of_line(line: IndicatorLine) -> Mapping[str, object]:
    indicator, now, before = line.indicator, line.now, line.before
    return {
        "key": indicator.key,
        "title": indicator.title,
        "because": indicator.because,
        "source": indicator.source,
        "becomes_known": indicator.becomes_known,
        "standing": now.standing.value,
        "mark": MARKS[now.standing],
        "told": now.told,
        "facts": now.facts,
        "doubt": now.doubt,
        "behind": list(now.behind),
        "change": line.change,
        "before": before.told if before and before.standing is not Standing.UNKNOWN else None,
    }


def chart_of(found: Strategic) -> PartedBars:
    """One part for each indicator; parts are not added up."""
    return PartedBars(
        title="Six duties, by evidence",
        bars=tuple(
            PartedBar(
                label=bar.duty.value,
                parts=tuple(
                    Part(
                        label=line.indicator.title,
                        told=line.now.told,
                        standing=line.now.standing.value,
                    )
                    for line in bar.lines
                ),
            )
            for bar in found.bars
        ),
    )

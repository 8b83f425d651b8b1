"""How rules about metrics choose among gaps and put them into words."""

import math

from bot.coaching.rep_view import RepView
from bot.domain.gap import Gap
from bot.domain.metric import Unit

DAYS_IN_WEEK = 7


def mention(view: RepView, gap: Gap) -> dict[str, object]:
    """The gap as templates see it: shares in 0..1, money in whole currency units."""
    currency = next((deal.currency for deal in view.opportunities), None)
    # A sum in an unknown currency is written as a plain number rather than in a wrong one.
    is_plain = gap.metric.unit is Unit.MONEY and currency is None
    low, high = _edges(gap)
    return {
        "title": gap.metric.title,
        "unit": str(Unit.COUNT if is_plain else gap.metric.unit),
        "currency": currency or "",
        "value": gap.reading.value,
        "low": low,
        "high": high,
        "span": span_in_words(gap),
        "facts": gap.reading.facts,
    }


def earlier(view: RepView, gap: Gap) -> dict[str, object] | None:
    """The same metric one window before, as templates see it; None when it had no value."""
    before = view.gaps_before.get(gap.metric.key)
    if before is None or before.reading.value is None:
        return None
    days = (gap.reading.window.last - before.reading.window.last).days
    return {"value": before.reading.value, "weeks": round(days / DAYS_IN_WEEK)}


def span_in_words(gap: Gap) -> str:
    """The days that the reading covers, to follow a number: "over the last 4 weeks"."""
    if gap.metric.is_state:
        return "today"
    weeks, days_over = divmod(gap.reading.window.days, DAYS_IN_WEEK)
    if days_over or weeks == 1:
        return f"over the last {gap.reading.window.days} days"
    return f"over the last {weeks} weeks"


def reading_in_words(gap: Gap) -> str:
    if gap.reading.value is None:
        return "not enough data"
    return f"{value_in_words(gap.reading.value, gap.metric.unit)} {span_in_words(gap)}"


def range_in_words(gap: Gap) -> str:
    low, high = (value_in_words(edge, gap.metric.unit) for edge in _edges(gap))
    return f"{low} to {high}"


def _edges(gap: Gap) -> tuple[float, float]:
    """The range as it is told: of what is counted there are no halves, prorated or not."""
    low, high = gap.target.low, gap.target.high
    if gap.metric.unit is not Unit.COUNT:
        return low, high
    return math.ceil(low), max(math.ceil(low), math.floor(high))


def value_in_words(value: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return f"{value:.0%}"
    number = f"{value:,.1f}".removesuffix(".0")
    return f"{number} {unit}" if unit in {Unit.DAYS, Unit.MINUTES} else number


def first_step(play: str) -> str | None:
    """The sentence that a play opens with below its title: one next step."""
    lines = (line.strip() for line in play.splitlines())
    return next((line for line in lines if line and not line.startswith("#")), None)

"""How rules about metrics choose among gaps and put them into words."""

import math

from bot.coaching.rep_view import RepView
from bot.domain.gap import Gap
from bot.domain.metric import Unit
from bot.domain.success_model import TargetRange

DAYS_IN_WEEK = 7
#: Words of a play's first step that fit into a nudge of sixty.
LONGEST_STEP = 20
LONGEST_TITLE = 4


def mention(view: RepView, gap: Gap) -> dict[str, object]:
    """The gap as templates see it: shares in 0..1, money in whole currency units."""
    currency = next((deal.currency for deal in view.opportunities), None)
    # A sum in an unknown currency is written as a plain number rather than in a wrong one.
    is_plain = gap.metric.unit is Unit.MONEY and currency is None
    low, high = edges(gap)
    return {
        "title": clipped(gap.metric.title, LONGEST_TITLE),
        "unit": str(Unit.COUNT if is_plain else gap.metric.unit),
        "currency": currency or "",
        "value": gap.reading.value,
        "low": low,
        "high": high,
        **_days(gap),
        "facts": gap.reading.facts,
    }


def earlier(view: RepView, gap: Gap) -> dict[str, object] | None:
    """The same metric one window before, as templates see it; None when it had no value."""
    before = view.gaps_before.get(gap.metric.key)
    if before is None or before.reading.value is None:
        return None
    days = (gap.reading.window.last - before.reading.window.last).days
    return {"value": before.reading.value, "weeks": round(days / DAYS_IN_WEEK)}


def _days(gap: Gap) -> dict[str, object]:
    """The days that the reading covers; ``weeks`` is 0 where they are told as days."""
    window = gap.reading.window
    return {
        "is_state": gap.metric.is_state,
        "days": window.days,
        "weeks": _whole_weeks(window.days),
        "first": window.first.isoformat(),
        "last": window.last.isoformat(),
    }


def _whole_weeks(days: int) -> int:
    weeks, days_over = divmod(days, DAYS_IN_WEEK)
    return 0 if days_over or weeks == 1 else weeks


def span_in_words(gap: Gap) -> str:
    """The days that the reading covers, to follow a number: "over the last 4 weeks (...)"."""
    if gap.metric.is_state:
        return "today"
    weeks = _whole_weeks(gap.reading.window.days)
    span = f"{weeks} weeks" if weeks else f"{gap.reading.window.days} days"
    return f"over the last {span} ({gap.reading.window.in_words})"


def reading_in_words(gap: Gap) -> str:
    if gap.reading.value is None:
        return "not enough data"
    return f"{value_in_words(gap.reading.value, gap.metric.unit)} {span_in_words(gap)}"


def range_in_words(gap: Gap) -> str:
    low, high = (value_in_words(edge, gap.metric.unit) for edge in edges(gap))
    return f"{low} to {high}"


def edges(gap: Gap) -> tuple[float, float]:
    return rounded(gap.target, gap.metric.unit)


def rounded(target: TargetRange, unit: Unit) -> tuple[float, float]:
    """The range as it is told: of what is counted there are no halves, prorated or not."""
    if unit is not Unit.COUNT:
        return target.low, target.high
    low = math.ceil(target.low)
    return low, max(low, math.floor(target.high))


def value_in_words(value: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return f"{value:.0%}"
    number = f"{value:,.1f}".removesuffix(".0")
    return f"{number} {unit}" if unit in {Unit.DAYS, Unit.MINUTES} else number


def first_step(play: str) -> str | None:
    """The sentence that a play opens with below its title: one next step."""
    lines = (line.strip() for line in play.splitlines())
    step = next((line for line in lines if line and not line.startswith("#")), None)
    return clipped(step, LONGEST_STEP) if step else None


def clipped(words: str, most: int) -> str:
    """At most so many words of it, with a sign that there were more."""
    said = words.split()
    return words if len(said) <= most else f"{' '.join(said[:most]).rstrip(' -,&')} ..."

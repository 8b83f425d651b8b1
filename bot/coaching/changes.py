"""What the rules about changes share: words for what was seen and for what was to be expected."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.coaching.doubts import doubt_about
from bot.coaching.gaps import LONGEST_TITLE, clipped, first_step
from bot.coaching.priority import gain_of_leverage, priority
from bot.coaching.rep_view import NoticedChange, RepView
from bot.domain.ids import MetricKey, RuleKey
from bot.domain.nudge import Proposal, Tone

#: One conversation or one blocked hour brings back a good part of what was lost.
ACTIONABILITY = 0.9
#: A metric outside the playbook is worth this share of the won amount until somebody says more.
LEVERAGE_OF_OTHERS = 0.02
#: A signal is news for this many days after its week ended.
NEWS_FOR_DAYS = 21
#: Nothing is surer than this; a probability of 100 % is never claimed.
SUREST = 0.99
#: What a person would call a change: a fifth of what was usual; of a count two facts at least; of
#: a share a seventh or so of its target range, or two points where there is none. Late
#: logging down from 2 % to 1 % may be surer than any other change, and is nothing to speak of.
LEAST_OF_USUAL, FEWEST_FACTS = 0.2, 2.0
LEAST_OF_RANGE, LEAST_POINTS = 0.15, 0.02


def is_news(view: RepView, change: NoticedChange) -> bool:
    """Recent, and strong enough to interrupt somebody for, all metrics watched considered."""
    return change.tier != "noted" and 0 <= (view.today - change.week).days <= NEWS_FOR_DAYS


def is_of_size(change: NoticedChange) -> bool:
    """Whether a person would call it a change, however sure it is."""
    moved = abs(change.observed - change.expected)
    if moved < LEAST_OF_USUAL * change.expected:
        return False
    if change.trials is None:
        return moved >= FEWEST_FACTS
    width = change.range_width
    least = LEAST_POINTS if width is None else LEAST_OF_RANGE * width
    return change.trials > 0 and moved / change.trials >= least


def worth_telling(changes: Iterable[NoticedChange]) -> tuple[NoticedChange, ...]:
    """Without praise, and without what was only noted, that is too small to be called a change.

    A warning has passed stricter limits, and is as small as it says.
    """
    return tuple(
        each
        for each in changes
        if is_of_size(each) or (each.kind != "improvement" and each.tier != "noted")
    )


def of_one_mind(changes: Iterable[NoticedChange]) -> tuple[NoticedChange, ...]:
    """Of a metric that rose and fell within the same weeks only the newest way is told.

    When both are as new, the fall is: praise for what is falling would be untrue.
    """
    told = tuple(changes)
    newest: dict[MetricKey, tuple[date, bool]] = {}
    for each in told:
        if each.tier != "noted" and each.kind != "trust":
            way = (each.week, each.kind != "improvement")
            newest[each.metric] = max(way, newest.get(each.metric, way))
    return tuple(
        each
        for each in told
        if each.kind == "trust"
        or each.metric not in newest
        or newest[each.metric][1] == (each.kind != "improvement")
    )


def fallen(view: RepView) -> frozenset[MetricKey]:
    """What went the wrong way lately, more than chance explains."""
    return frozenset(
        each.metric
        for each in view.changes
        if each.kind not in {"improvement", "trust"} and each.tier != "noted"
    )


def in_doubt(praise: Proposal, view: RepView, *, doubt: str | None = None) -> Proposal:
    """The same praise, and why it waits where its records are in doubt; ``doubt`` is known yet."""
    if praise.metric is None:
        return praise
    is_empty = any(each.kind == "trust" and each.metric == praise.metric for each in view.changes)
    why = (
        doubt
        or doubt_about(praise.metric, view.doubts)
        or ("more was logged, and what usually follows from it did not" if is_empty else None)
    )
    if why is None:
        return praise
    return replace(praise, doubt=why, because={**praise.because, "In doubt": why})


def worth(change: NoticedChange) -> float:
    return priority(
        likelihood=min(max(change.posterior, 0.0), 1.0),
        gain=gain_of_leverage(max(change.leverage, LEVERAGE_OF_OTHERS)),
        actionability=ACTIONABILITY,
    )


def seen_in_words(change: NoticedChange) -> str:
    """What was counted; a share with what it is a share of: 5% (15 of 297)."""
    seen = f"{round(change.observed):,}"
    if change.trials is None:
        return seen
    return f"{_share(change.observed, change.trials)} ({seen} of {round(change.trials):,})"


def expected_in_words(change: NoticedChange) -> str:
    if change.trials is None:
        return f"{round(change.expected):,}"
    return _share(change.expected, change.trials)


def against_in_words(change: NoticedChange) -> str:
    """What it is held against, to follow the number: "where about 20 was usual"."""
    expected = expected_in_words(change)
    if not change.is_against_range:
        return f"where about {expected} was usual"
    return f"where {expected} or {'more' if is_least(change) else 'less'} is the aim"


def is_least(change: NoticedChange) -> bool:
    """Whether the edge that it is held against is the range's low one."""
    is_beyond = change.kind == "improvement"
    return (change.direction == "down") != is_beyond


def told(change: NoticedChange) -> str:
    """The change after its title: down to so many in these weeks, where so many were usual."""
    way = "" if change.is_against_range else f"{change.direction} to "
    return (
        f"{way}{seen_in_words(change)} in {_weeks(change)} ({change.window.in_words}), "
        f"{against_in_words(change)}"
    )


def _share(successes: float, trials: float) -> str:
    return f"{successes / trials if trials > 0 else 0.0:.0%}"


def sureness(posterior: float) -> str:
    """A probability in words that claims no more than may be known."""
    return "more than 99%" if posterior > SUREST else f"{posterior:.0%}"


def proposal_about(view: RepView, change: NoticedChange, *, rule: str, tone: Tone) -> Proposal:
    return Proposal(
        rule=RuleKey(rule),
        to=view.rep,
        about=view.rep,
        subject=change.metric,
        priority=worth(change),
        tone=tone,
        metric=change.metric,
        window=change.window,
        view={
            "first_name": view.first_name,
            "locale": view.locale,
            "title": clipped(change.title, LONGEST_TITLE),
            "kind": change.kind,
            "told": told(change),
            "change": _parts(change),
            "is_early": change.direction == "down" and not change.is_against_range,
            "next_step": first_step(change.play),
            "leads_to": clipped(change.leads_to, LONGEST_TITLE),
            "yielded": round(change.yielded),
            "hoped": round(change.yield_expected),
        },
        because=_because(change),
    )


def _parts(change: NoticedChange) -> dict[str, object]:
    """What ``told`` says, for templates to say in the reader's language and digits."""
    return {
        "direction": change.direction,
        "observed": round(change.observed),
        "expected": round(change.expected),
        "trials": None if change.trials is None else round(change.trials),
        "weeks": change.weeks,
        "first": change.window.first.isoformat(),
        "last": change.window.last.isoformat(),
        "is_against_range": change.is_against_range,
        "is_least": is_least(change),
    }


def _because(change: NoticedChange) -> dict[str, str]:
    source, rule = (
        (
            "the edge of your role's target range",
            "two windows of four weeks that both lie outside the target range",
        )
        if change.is_against_range
        else (
            "from your own past, your working days and the team",
            "a change against your own past that chance and the team do not explain",
        )
    )
    return {
        change.title: f"{seen_in_words(change)} in {_weeks(change)}",
        "Days counted": change.window.in_words,
        "To be expected": f"about {expected_in_words(change)}, {source}",
        "Probability that it is no chance": sureness(change.posterior),
        "Rule": rule,
    }


def _weeks(change: NoticedChange) -> str:
    return "1 week" if change.weeks == 1 else f"{change.weeks} weeks"

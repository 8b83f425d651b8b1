"""What may be praised before the whole team: earned by the same statistics as a warning."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.coaching.changes import told
from bot.coaching.rep_view import RepView
from bot.coaching.rule import Rule
from bot.domain.gap import Band
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal
from bot.domain.people import Rep

MOST_KUDOS = 3
#: The rules whose proposals are praise.
KUDOS, IMPROVEMENT = RuleKey("kudos"), RuleKey("improvement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Praise:
    """Something good that may be said before the whole team."""

    rep: str
    metric: str
    unit: str
    #: A value in the metric's unit, or words where it is a change that was earned.
    value: float | None = None
    words: str = ""
    #: What the value is held against, with the weeks it was read over; no weeks for a state.
    low: float | None = None
    high: float | None = None
    weeks: int | None = None
    is_beyond: bool = False


def find_praise(
    seen: Sequence[tuple[Rep, RepView]], rules: Mapping[RuleKey, Rule]
) -> tuple[Praise, ...]:
    """The best of each person, the most telling first."""
    best: dict[str, tuple[float, Praise]] = {}
    for rep, view in seen:
        for priority, praise in _of(rep, view, rules):
            if rep.id not in best or priority > best[rep.id][0]:
                best[rep.id] = (priority, praise)
    ordered = sorted(best.values(), key=lambda each: (-each[0], each[1].rep))
    return tuple(praise for _, praise in ordered[:MOST_KUDOS])


def _of(rep: Rep, view: RepView, rules: Mapping[RuleKey, Rule]) -> Iterator[tuple[float, Praise]]:
    for key, praise_of in ((KUDOS, _kudos), (IMPROVEMENT, _improvement)):
        for proposal in rules[key].notice(view) if key in rules else ():
            praise = praise_of(rep, view, proposal) if proposal.doubt is None else None
            if praise is not None:
                yield proposal.priority, praise


def _kudos(rep: Rep, view: RepView, proposal: Proposal) -> Praise | None:
    gap = view.gaps.get(proposal.metric) if proposal.metric else None
    if gap is None or gap.reading.value is None:
        return None
    return Praise(
        rep=rep.first_name,
        metric=gap.metric.title,
        unit=gap.metric.unit,
        value=gap.reading.value,
        low=gap.target.low,
        high=gap.target.high,
        weeks=None if gap.metric.is_state else round(gap.reading.window.days / 7),
        is_beyond=gap.band is Band.BEYOND,
    )


def _improvement(rep: Rep, view: RepView, proposal: Proposal) -> Praise | None:
    """Only of what grew: that somebody does less of a bad thing tells everybody that they did."""
    for change in view.changes:
        is_it = change.metric == proposal.metric and change.window == proposal.window
        if is_it and change.direction == "up":
            return Praise(rep=rep.first_name, metric=change.title, unit="count", words=told(change))
    return None

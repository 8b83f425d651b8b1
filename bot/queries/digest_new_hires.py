"""How those who are new stand against what is fair this far into their ramp."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.coaching.gaps import range_in_words, reading_in_words
from bot.coaching.rep_view import RepView
from bot.domain.choices import Choices
from bot.domain.gap import Band, Gap
from bot.domain.metric import Aggregate
from bot.domain.people import Rep
from bot.domain.windows import Window
from bot.queries.rep_views import Moment
from bot.storage.open_deals import activities_by_day

#: Working days since joining under which somebody counts as new.
NEW_WITHIN = 90
#: A count this improbable at the low edge of the fair range is more than bad luck. It is laxer than
#: for others: help that comes too early harms less than help that comes after the ramp.
CHANCE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHire:
    rep: str
    working_days: int
    activities: int
    #: What stays behind the ramp and what to try, for the manager's eyes; None when nothing does.
    short_of: str | None
    next_step: str | None


def find_new_hires(
    session: Session,
    seen: Sequence[tuple[Rep, RepView]],
    week: Window,
    moment: Moment,
    *,
    choices: Choices,
) -> tuple[NewHire, ...]:
    done = activities_by_day(session, moment.knowledge, choices, since=week.first)
    hires = []
    for rep, view in seen:
        if view.working_days_since_joining > NEW_WITHIN:
            continue
        gap = _furthest_behind(view)
        hires.append(
            NewHire(
                rep=rep.first_name,
                working_days=view.working_days_since_joining,
                activities=sum(n for day, n in done.get(rep.id, {}).items() if day in week),
                short_of=_in_words(gap) if gap else None,
                next_step="join the next one, and talk it through right after." if gap else None,
            )
        )
    return tuple(hires)


def furthest_behind_in_words(view: RepView) -> str | None:
    """What stays behind the ramp by more than bad luck; None when nothing does."""
    gap = _furthest_behind(view)
    return _in_words(gap) if gap else None


def _in_words(gap: Gap) -> str:
    return (
        f"{gap.metric.title}, {reading_in_words(gap)}; {range_in_words(gap)} would be fair this "
        "far into the ramp"
    )


def _furthest_behind(view: RepView) -> Gap | None:
    behind = [
        gap
        for gap in view.gaps.values()
        if gap.band is Band.SHORT
        and gap.metric.aggregate is Aggregate.COUNT
        and not gap.metric.is_state
        and gap.target.leverage > 0
        and _chance(gap) <= CHANCE
    ]
    return min(behind, key=lambda gap: (_chance(gap), gap.metric.key), default=None)


def _chance(gap: Gap) -> float:
    """P(so few or fewer) for a rep who stands exactly at the low edge: a Poisson count."""
    term = total = math.exp(-gap.target.low)
    for n in range(1, round(gap.reading.value or 0) + 1):
        term *= gap.target.low / n
        total += term
    return min(total, 1.0)

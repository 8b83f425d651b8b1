"""Everybody who ever began in a role with a programme, and how long their firsts took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.domain.hiring import SOURCES
from bot.domain.ids import MetricKey, RoleKey
from bot.domain.people import Rep
from bot.domain.programme import Measure
from bot.metrics.survival import Wait
from bot.queries.yardstick import Yardstick
from bot.runtime import Runtime
from bot.storage.facts.select import Knowledge
from bot.storage.hiring import read_sources
from bot.storage.milestone_days import Span, daily_sums, day_reached
from bot.storage.programmes import Followed, read_followed
from bot.storage.roster import Roster

FIRST_DEAL = Measure(metric=MetricKey("won_count"), at_least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hire:
    """One start in a role, with how long each first took or has taken so far."""

    rep: Rep
    followed: Followed
    #: Where they were hired from, as people read it; None where nobody says.
    source: str | None
    #: Milestone key, or ``FIRST_DEAL``'s, → the wait.
    waits: Mapping[str, Wait]


def read_hires(
    session: Session,
    runtime: Runtime,
    roster: Roster,
    yardstick: Yardstick,
    role: RoleKey,
    today: date,
) -> Sequence[Hire]:
    """Everybody who began in the role with a programme, whoever left since among them."""
    people = {**roster.former_reps, **roster.reps}
    followed = [
        each
        for each in read_followed(session)
        if each.role == role and each.rep in people and each.started_on <= today
    ]
    definition = runtime.metrics.get(FIRST_DEAL.metric)
    sums = (
        daily_sums(
            session,
            definition,
            where=None,
            reps={each.rep for each in followed},
            since=min(each.started_on for each in followed),
            knowledge=Knowledge(day=today, now=runtime.clock.now()),
        )
        if definition is not None and followed
        else {}
    )
    sources = read_sources(session)
    hires = []
    for each in followed:
        rep = people[each.rep]
        last = _last_day(roster, each, rep, today)
        span = Span(rep=rep.id, first=each.started_on, last=last)
        won = day_reached(sums, FIRST_DEAL, span)
        reached = dict(each.reached_by(today))
        reached |= {} if won is None else {FIRST_DEAL.metric: won}
        waits = _waits(each, rep, reached, last, yardstick)
        hires.append(Hire(rep=rep, followed=each, source=_source(rep, sources), waits=waits))
    return hires


def _source(rep: Rep, sources: Mapping[str, str]) -> str | None:
    """What app.yaml says, else where the prospect came from that they were."""
    told = rep.terms.source or sources.get(rep.id)
    return None if told is None else SOURCES.get(told, told)


def _last_day(roster: Roster, followed: Followed, rep: Rep, today: date) -> date:
    """Whoever left, or went on to another role, stopped waiting."""
    ends = [today, *([rep.left_on] if rep.left_on else [])]
    for each in roster.past.get(rep.id, ()):
        if each.role != followed.role and each.first_day > followed.started_on:
            ends.append(each.first_day)
            break
    return max(followed.started_on, min(ends))


def _waits(
    followed: Followed,
    rep: Rep,
    reached: Mapping[str, date],
    last: date,
    yardstick: Yardstick,
) -> Mapping[str, Wait]:
    """In days of presence: leave stops the clock."""
    clock = yardstick.clock_since(rep, followed.started_on)
    keys = [each.key for each in followed.programme.milestones if each.measure is not None]
    return {
        key: Wait(days=clock.days_by(reached.get(key, last)), has_happened=key in reached)
        for key in (*keys, FIRST_DEAL.metric)
    }

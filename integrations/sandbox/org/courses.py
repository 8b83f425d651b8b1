"""The course of a deal: on which days it enters which stage, drawn before anybody acts."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from integrations.sandbox.org.chance import spread
from integrations.sandbox.org.effort import quarter_end
from integrations.sandbox.org.roles import LOST, WON, Pace

STAGE_SPREAD = 0.5
#: Deals that end well within this many days of a new quarter are often pulled into the old one.
PULL_IN_DAYS = 14
PULL_IN_SHARE = 0.45
#: Close dates that people round up to the end of the month.
MONTH_END_SHARE = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    day: date
    #: Index into STAGES.
    stage: int


def draw_course(rng: Random, pace: Pace, *, skill: float, opened: date) -> tuple[Move, ...]:
    """The moves from creation to the end; a loss is written down late."""
    day = opened
    moves = [Move(day=day, stage=0)]
    for stage, (median, odds) in enumerate(zip(pace.stage_days, pace.stage_odds, strict=True)):
        days = max(1, round(spread(rng, median, STAGE_SPREAD)))
        if rng.random() >= odds ** (1 / skill):
            late = round(days * rng.uniform(1.1, 2.1))
            return (*moves, Move(day=day + timedelta(days=late), stage=LOST))
        day += timedelta(days=days)
        is_last = stage == len(pace.stage_days) - 1
        moves.append(Move(day=day, stage=WON if is_last else stage + 1))
    return (*moves[:-1], Move(day=_pulled_in(rng, day, moves[-2].day), stage=WON))


def _pulled_in(rng: Random, won: date, entered: date) -> date:
    quarter_start = date(won.year, 3 * ((won.month - 1) // 3) + 1, 1)
    if (won - quarter_start).days > PULL_IN_DAYS or rng.random() > PULL_IN_SHARE:
        return won
    earlier = quarter_start - timedelta(days=rng.randint(1, 5))
    return earlier if earlier > entered else won


def first_close_date(rng: Random, pace: Pace, opened: date) -> date:
    """What a hopeful rep writes down at creation: about a cycle away, often a month's end."""
    cycle = sum(pace.stage_days)
    day = opened + timedelta(days=round(cycle * rng.uniform(0.8, 1.5)) + 5)
    return month_end(day) if rng.random() < MONTH_END_SHARE else day


def month_end(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return min(following - timedelta(days=1), quarter_end(day))

"""Who may see whose scores: nobody before their own are in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One interview of a prospect, without its scores."""

    interviewer: str
    planned_at: datetime
    #: None while the scorecard is missing.
    scored_at: datetime | None


def may_see_scores(asker: str, sittings: Sequence[Sitting], *, hires: bool) -> bool:
    """Interviewers once all of their own are in; who hires and met nobody, once all are."""
    own = [each for each in sittings if each.interviewer == asker]
    awaited = own or (sittings if hires else ())
    return bool(awaited) and all(each.scored_at is not None for each in awaited)


def is_independent(sitting: Sitting, others: Sequence[Sitting], *, hires: bool) -> bool:
    """Whether its interviewer could at no time have seen a score before giving theirs.

    From the planning of their own interview on, the others are hidden; before it, they were
    visible whenever a question at that moment would have been answered.
    """
    asker, end = sitting.interviewer, sitting.planned_at
    scored = (each.scored_at for each in others if each.scored_at is not None)
    moments = [*(at for at in scored if at < end), end]
    return not any(_saw(asker, others, at, hires=hires) for at in moments)


def _saw(asker: str, others: Sequence[Sitting], at: datetime, *, hires: bool) -> bool:
    known = [_as_of(each, at) for each in others if each.planned_at <= at]
    is_something = any(each.scored_at and each.interviewer != asker for each in known)
    return is_something and may_see_scores(asker, known, hires=hires)


def _as_of(sitting: Sitting, at: datetime) -> Sitting:
    is_scored = sitting.scored_at is not None and sitting.scored_at <= at
    return sitting if is_scored else replace(sitting, scored_at=None)

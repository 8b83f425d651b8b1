"""Did the nudges help? Of the deals that they named, how many no longer called for one a week on.

Only what chance sent is compared with what chance withheld, over everybody: a team has too few.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from bot.coaching.holdout import Decision, Effect, nudge_effect
from bot.domain.nudge import HoldReason
from bot.storage.decisions import AnswerRow, CoachedRow, DecisionRow

WITHIN = timedelta(weeks=26)
#: What a nudge hoped for is looked for on the first day of coaching after this many days, within
#: which no rule says the same again ...
HORIZON = timedelta(days=7)
#: ... and not later than this, or it is another story.
LATEST = timedelta(days=13)
SNOOZED = "snooze"


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeEffect:
    """Of nudges about deals whose outcome is known."""

    sent: int
    withheld: int
    #: None while it is too little to tell.
    effect: Effect | None


def read_nudge_effect(session: Session, today: date) -> NudgeEffect:
    drawn = _drawn(session, today)
    named = _named(session, drawn, today) if drawn else {}
    days = _coached_days(session, drawn, today) if drawn else {}
    put_off = _put_off(session, today) if drawn else frozenset()
    decisions = []
    for row in drawn:
        later = _first_day(days.get(row.to_id, ()), row.day)
        if later is None:
            continue
        still = named.get((row.to_id, row.rule, later), frozenset())
        settled = sum(record not in still for record in row.records) / len(row.records)
        decisions.append(
            Decision(
                rep=row.to_id,
                was_sent=row.reason != HoldReason.HOLDOUT,
                probability=row.send_probability,
                # What the rep has put off is not named any more either, and is not settled.
                outcome=0.0 if row.id in put_off else settled,
            )
        )
    sent = sum(each.was_sent for each in decisions)
    return NudgeEffect(
        sent=sent, withheld=len(decisions) - sent, effect=nudge_effect(decisions) if sent else None
    )


def words_of_effect(found: NudgeEffect | None) -> Mapping[str, object] | None:
    """Plain values for a template; shares as shares, differences in points of a hundred."""
    if found is None or not found.sent + found.withheld:
        return None
    told: dict[str, object] = {"sent": found.sent, "withheld": found.withheld, "verdict": None}
    if found.effect is not None:
        known = found.effect.always
        told |= {
            "verdict": str(found.effect.verdict),
            "without": found.effect.without,
            "points": _points(known.estimate),
            "low": _points(known.low),
            "high": _points(known.high),
        }
    return told


def _points(difference: float) -> float:
    return 100 * min(max(difference, -1.0), 1.0)


def _drawn(session: Session, today: date) -> Sequence[DecisionRow]:
    """The decisions about deals that were left to chance."""
    row = DecisionRow
    wanted = select(row).where(
        col(row.day).between(today - WITHIN, today - HORIZON),
        col(row.is_eligible).is_(True),
        col(row.send_probability) > 0,
        col(row.send_probability) < 1,
        col(row.metric).is_(None),
    )
    return [each for each in session.exec(wanted.order_by(col(row.id))) if each.records]


def _named(
    session: Session, drawn: Iterable[DecisionRow], today: date
) -> Mapping[tuple[str, str, date], frozenset[str]]:
    """Whom, which rule and on which day: the deals that called for a nudge, said or not."""
    row = DecisionRow
    wanted = select(row.to_id, row.rule, col(row.day), col(row.records)).where(
        col(row.day).between(today - WITHIN, today),
        col(row.rule).in_(sorted({each.rule for each in drawn})),
    )
    named: dict[tuple[str, str, date], frozenset[str]] = defaultdict(frozenset)
    for person, rule, day, records in session.exec(wanted):
        named[person, rule, day] |= frozenset(records)
    return named


def _coached_days(
    session: Session, drawn: Iterable[DecisionRow], today: date
) -> Mapping[str, list[date]]:
    row = CoachedRow
    wanted = select(row.person_id, col(row.day)).where(
        col(row.person_id).in_(sorted({each.to_id for each in drawn})),
        col(row.day).between(today - WITHIN, today),
    )
    days: dict[str, list[date]] = defaultdict(list)
    for person, day in session.exec(wanted.order_by(col(row.day))):
        days[person].append(day)
    return days


def _put_off(session: Session, today: date) -> frozenset[int]:
    wanted = (
        select(AnswerRow.decision_id)
        .join(DecisionRow, col(DecisionRow.id) == col(AnswerRow.decision_id))
        .where(col(DecisionRow.day) >= today - WITHIN, col(AnswerRow.answer) == SNOOZED)
    )
    return frozenset(session.exec(wanted))


def _first_day(days: Sequence[date], said_on: date) -> date | None:
    at = bisect_left(days, said_on + HORIZON)
    return days[at] if at < len(days) and days[at] <= said_on + LATEST else None

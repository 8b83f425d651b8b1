"""What was said to each person before, and what they asked of us: all the judge wants to know."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_
from sqlmodel import Session, col, select

from bot.coaching.judge import History
from bot.coaching.policy import QuietHours
from bot.coaching.rep_view import RepView, Touch
from bot.domain.ids import RepId
from bot.domain.nudge import HoldReason, Tone
from bot.domain.people import Rep
from bot.domain.week import ALL_DAYS, WEEKEND
from bot.storage.decisions import AnswerRow, DecisionRow
from bot.storage.people import MuteRow, PauseRow, QuietHoursRow, SlackMatchRow, SnoozeRow
from bot.storage.roster import parse_zone

#: The longest cooldown that a rule may ask for.
LONGEST_COOLDOWN = timedelta(days=180)
SPOKEN = ("send", "defer")
#: Whether older nudges were answered makes no difference to what is said today.
ANSWERED_WITHIN = 31


def read_slack_matches(session: Session) -> Mapping[str, SlackMatchRow]:
    """CRM user id → Slack account, for those who have one."""
    rows = session.exec(select(SlackMatchRow).where(col(SlackMatchRow.slack_id).is_not(None)))
    return {row.person_id: row for row in rows}


def read_histories(
    session: Session,
    reps: Iterable[Rep],
    *,
    views: Mapping[RepId, RepView],
    today: date,
    in_shadow: bool = False,
) -> Mapping[RepId, History]:
    said = _said(session, today, in_shadow=in_shadow)
    mutes: dict[str, set[str]] = defaultdict(set)
    for mute in session.exec(select(MuteRow)):
        mutes[mute.person_id].add(mute.rule)
    quiet = {row.person_id: quiet_hours_of(row) for row in session.exec(select(QuietHoursRow))}
    pauses = {row.person_id: row.until for row in session.exec(select(PauseRow))}
    snoozes: dict[str, dict[str, date]] = defaultdict(dict)
    for snooze in session.exec(select(SnoozeRow).where(col(SnoozeRow.until) >= today)):
        key = f"{snooze.rule}:{snooze.person_id}:{snooze.subject}"
        snoozes[snooze.person_id][key] = snooze.until
    matches = read_slack_matches(session)
    answered = _answered(session, since=today - timedelta(days=ANSWERED_WITHIN))
    return {
        rep.id: history_of(
            rep,
            view=views.get(rep.id),
            today=today,
            said=said[rep.id],
            muted=frozenset(mutes[rep.id]),
            snoozed_until=snoozes[rep.id],
            paused_until=pauses.get(rep.id),
            quiet_hours=quiet.get(rep.id),
            match=matches.get(rep.id),
            answered=answered,
        )
        for rep in reps
    }


def _said(session: Session, today: date, *, in_shadow: bool) -> Mapping[str, list[DecisionRow]]:
    """In shadow mode what would have been said counts as said.

    So does what was withheld to measure what nudges do: said a day later, it would be compared
    with itself.
    """
    row = DecisionRow
    counted = [HoldReason.HOLDOUT, HoldReason.SHADOW_MODE] if in_shadow else [HoldReason.HOLDOUT]
    is_said = or_(col(row.verdict).in_(SPOKEN), col(row.reason).in_(counted))
    days = col(row.day).between(today - LONGEST_COOLDOWN, today)
    said: dict[str, list[DecisionRow]] = defaultdict(list)
    for each in session.exec(select(row).where(is_said, days)):
        said[each.to_id].append(each)
    return said


def _answered(session: Session, since: date) -> frozenset[int]:
    """The nudges since then that were answered."""
    wanted = (
        select(AnswerRow.decision_id)
        .join(DecisionRow, col(DecisionRow.id) == col(AnswerRow.decision_id))
        .where(col(DecisionRow.day) >= since)
    )
    return frozenset(session.exec(wanted))


def history_of(
    rep: Rep,
    *,
    view: RepView | None,
    today: date,
    said: Iterable[DecisionRow],
    muted: frozenset[str],
    snoozed_until: Mapping[str, date],
    paused_until: date | None,
    match: SlackMatchRow | None,
    is_in_slack: bool | None = None,
    answered: frozenset[int] = frozenset(),
    quiet_hours: QuietHours | None = None,
) -> History:
    """One person's history; ``is_in_slack`` None lets the match decide."""
    rows = sorted(said, key=lambda row: row.day)
    monday = today - timedelta(days=today.weekday())
    today_rows = [row for row in rows if row.day == today]
    return History(
        zone=_zone(rep, match),
        today=today,
        sent_today=sum(not row.is_urgent for row in today_rows),
        urgent_sent_today=sum(row.is_urgent for row in today_rows),
        sent_this_week=sum(row.day >= monday and not row.is_urgent for row in rows),
        warned_today=any(row.tone == Tone.WARNING for row in today_rows),
        last_said={f"{row.rule}:{row.to_id}:{row.subject}": row.day for row in rows},
        muted=muted,
        snoozed_until=snoozed_until,
        paused_until=paused_until,
        quiet_hours=quiet_hours,
        works=view.works if view else ALL_DAYS - WEEKEND,
        is_present=view.is_present if view else True,
        is_active=rep.is_active,
        is_in_slack=match is not None if is_in_slack is None else is_in_slack,
        working_days_since_joining=view.working_days_since_joining if view else 9999,
        touch=view.touch if view else Touch.USUAL,
        open_since=max((row.day for row in rows if _is_open(row, answered)), default=None),
    )


def quiet_hours_of(row: QuietHoursRow) -> QuietHours:
    return QuietHours(begin=time.fromisoformat(row.begin), end=time.fromisoformat(row.end))


def _is_open(row: DecisionRow, answered: frozenset[int]) -> bool:
    return row.id not in answered and not row.is_urgent and row.reason != HoldReason.HOLDOUT


def _zone(rep: Rep, match: SlackMatchRow | None) -> ZoneInfo:
    """Where Slack says they are, since quiet hours are about now; else where the CRM says."""
    return parse_zone(match.zone if match else None, rep.zone)

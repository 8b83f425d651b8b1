"""Approvals asked for in a quarter's last days, of deals that decide a quota."""

from collections.abc import Mapping
from datetime import date, datetime, time

from sqlmodel import Session, col, or_, select

from bot.coaching.manager_view import AskedApproval
from bot.domain.ids import MetricKey, RecordId, RepId
from bot.domain.local_days import local_day
from bot.domain.people import Team
from bot.domain.windows import Window
from bot.queries.cuts_near_quota import LAST_DAYS, NEWS_FOR
from bot.queries.rep_views import Moment
from bot.runtime import Runtime
from bot.storage.current import read_or_measure
from bot.storage.mirror.approval import ApprovalRow
from bot.storage.mirror.opportunity import OpportunityRow
from bot.storage.open_deals import OpenDeal, read_open_deals

GAP = MetricKey("quota_gap")
#: What Salesforce calls an approval that nobody has decided yet.
WAITING = ("Pending", "Started", "Reassigned", "Held", "NoResponse")


def find_approvals(
    session: Session, runtime: Runtime, team: Team, moment: Moment
) -> tuple[AskedApproval, ...]:
    """Those that wait, the oldest first; none outside of the quarter's last days.

    A deal decides a quota when its owner lacks something, and no more than the deal would bring.
    """
    today = moment.today
    first = runtime.organisation.fiscal.quarter(today)[1] - LAST_DAYS
    if today < first or GAP not in runtime.metrics:
        return ()
    asked = _asked(session, runtime, moment, since=max(first, today - NEWS_FOR))
    if not asked:
        return ()
    missing = _missing(session, runtime, team, moment)
    deals = read_open_deals(session, moment.knowledge, runtime.organisation.choices)
    names = {rep.id: rep.first_name for rep in team.reps}
    found = [
        _told(runtime, deal, asked[deal.id], names[rep], short)
        for rep, short in missing.items()
        for deal in deals.get(rep, ())
        if deal.id in asked and 0 < short <= (deal.amount_cents or 0)
    ]
    return tuple(sorted(found, key=lambda each: (each.asked_on, each.record)))


def _told(
    runtime: Runtime, deal: OpenDeal, asked_on: date, first_name: str, missing: int
) -> AskedApproval:
    return AskedApproval(
        record=RecordId(deal.id),
        name=deal.name,
        url=runtime.organisation.record_url(deal.id),
        first_name=first_name,
        asked_on=asked_on,
        amount_cents=deal.amount_cents or 0,
        missing_cents=missing,
        currency=runtime.organisation.currency,
    )


def _asked(
    session: Session, runtime: Runtime, moment: Moment, *, since: date
) -> Mapping[str, date]:
    """Deal → the day of the newest request, of those that waited at the moment."""
    row, zone, now = ApprovalRow, runtime.organisation.zone, moment.knowledge.now
    waiting = session.exec(
        select(row.target_id, row.created_at)
        .join(OpportunityRow, col(OpportunityRow.id) == col(row.target_id))
        .where(
            col(row.is_deleted).is_(False),
            col(row.created_at).between(datetime.combine(since, time(0), tzinfo=zone), now),
            or_(
                col(row.completed_at) > now,
                col(row.completed_at).is_(None) & col(row.status).in_(WAITING),
            ),
        )
        .order_by(col(row.created_at))
    )
    return {target: local_day(at, zone) for target, at in waiting}


def _missing(session: Session, runtime: Runtime, team: Team, moment: Moment) -> Mapping[RepId, int]:
    """Cents that each still lacks to the quota; whoever has none on record is not in it."""
    today = Window(first=moment.today, last=moment.today, label="today")
    gaps = read_or_measure(
        session,
        runtime.metrics[GAP],
        reps=[rep.id for rep in team.reps],
        window=today,
        knowledge=moment.knowledge,
        as_of=moment.as_of,
    )
    return {rep: round(each.value * 100) for rep, each in gaps.items() if each.value is not None}

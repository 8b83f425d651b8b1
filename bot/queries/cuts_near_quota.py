"""Deals that became smaller in a quarter's last days while their owner was close to quota."""

from datetime import timedelta

from sqlmodel import Session, col, select

from bot.coaching.manager_view import AmountCut
from bot.domain.ids import MetricKey, RecordId, RepId
from bot.domain.people import Team
from bot.domain.windows import Window
from bot.queries.rep_views import Moment
from bot.runtime import Runtime
from bot.storage.current import read_or_measure
from bot.storage.facts.tables import DealSpanRow
from bot.storage.mirror.opportunity import OpportunityRow

ATTAINMENT = MetricKey("quota_attainment")
#: Where the next deal decides whether a quota is met.
NEAR_QUOTA = (0.85, 1.0)
LAST_DAYS = timedelta(days=9)
#: What is older was told, or is past helping.
NEWS_FOR = timedelta(days=7)
LEAST_CUT = 0.1


def find_cuts(
    session: Session, runtime: Runtime, team: Team, moment: Moment
) -> tuple[AmountCut, ...]:
    """None outside of the quarter's last days, and where the CRM holds no quotas."""
    end = runtime.organisation.fiscal.quarter(moment.today)[1]
    if moment.today < end - LAST_DAYS or ATTAINMENT not in runtime.metrics:
        return ()
    near = _near_quota(session, runtime, team, moment)
    if not near:
        return ()
    span, deal = DealSpanRow, OpportunityRow
    smaller = session.exec(
        select(span, deal.name)
        .join(deal, col(deal.id) == col(span.opportunity_id))
        .where(
            col(span.rep_id).in_(sorted(near)),
            col(span.first_day).between(
                max(end - LAST_DAYS, moment.today - NEWS_FOR), moment.today
            ),
            col(span.amount_before_cents) > 0,
            col(span.amount_cents) <= col(span.amount_before_cents) * (1 - LEAST_CUT),
        )
        .order_by(col(span.opportunity_id), col(span.first_day))
    )
    names = {rep.id: rep.first_name for rep in team.reps}
    return tuple(
        AmountCut(
            record=RecordId(row.opportunity_id),
            name=name,
            url=runtime.organisation.record_url(row.opportunity_id),
            first_name=names[RepId(row.rep_id)],
            before_cents=row.amount_before_cents or 0,
            after_cents=row.amount_cents or 0,
            currency=runtime.organisation.currency,
            attainment=near[RepId(row.rep_id)],
        )
        for row, name in smaller
        if not row.is_closed or row.is_won
    )


def _near_quota(
    session: Session, runtime: Runtime, team: Team, moment: Moment
) -> dict[RepId, float]:
    today = moment.today
    readings = read_or_measure(
        session,
        runtime.metrics[ATTAINMENT],
        reps=[rep.id for rep in team.reps],
        window=Window(first=today, last=today, label="today"),
        knowledge=moment.knowledge,
        as_of=moment.as_of,
    )
    low, high = NEAR_QUOTA
    return {
        rep: each.value
        for rep, each in readings.items()
        if each.value is not None and low <= each.value < high
    }

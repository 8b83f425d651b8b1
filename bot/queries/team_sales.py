"""What counts for a team: only what its people did while they belonged to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.coaching.rep_view import RepView
from bot.domain.choices import Choices
from bot.domain.ids import RepId
from bot.domain.people import Rep, Team
from bot.domain.windows import Window
from bot.metrics.flaws import settle_amount
from bot.queries.rep_views import Moment
from bot.queries.standing import Gaps, measure_standing
from bot.queries.yardstick import read_yardstick
from bot.runtime import Runtime
from bot.storage.crm_rates import choices_with_crm_rates
from bot.storage.facts.days import within
from bot.storage.facts.deals import owner_at
from bot.storage.facts.tables import DealSpanRow
from bot.storage.mirror.opportunity import QuotaRow

#: No target looks farther back.
LONGEST = timedelta(weeks=104)


def won_by(session: Session, team: Team, window: Window, moment: Moment) -> tuple[int, int]:
    """What people won while they were in the team."""
    span = DealSpanRow
    total = select(func.coalesce(func.sum(col(span.amount_cents)), 0), func.count()).where(
        col(span.is_won).is_(True),
        col(span.first_day) <= moment.today,
        col(span.last_day) >= moment.today,
        col(span.closed_on) >= window.first,
        col(span.closed_on) <= window.last,
        within(team.days)(owner_at(span, "closed"), col(span.closed_on)),
    )
    cents, count = session.exec(total).one()
    return int(cents or 0), int(count)


def quota_of(
    session: Session, team: Team, first: date, last: date, *, choices: Choices
) -> int | None:
    """Quotas whose period starts within the quarter; monthly ones add up.

    A quota is the team's in which its owner was on the period's first day, or came to first
    after it.
    """
    row = QuotaRow
    quotas = session.exec(
        select(row).where(
            col(row.owner_id).in_(sorted(team.days)),
            col(row.starts_on) >= first,
            col(row.starts_on) <= last,
            col(row.is_deleted).is_(False),
        )
    )
    choices = choices_with_crm_rates(session, choices)
    ours = [_cents_of(each, choices) for each in quotas if _is_ours(each, team)]
    return sum(cents or 0 for cents in ours) if ours else None


def _cents_of(quota: QuotaRow, choices: Choices) -> int | None:
    """In the team's currency; None where there is no rate for it."""
    home, day = choices.currency, quota.starts_on
    return settle_amount(
        quota.amount_cents, currency=quota.currency, home=home, day=day, choices=choices
    )[0]


def _is_ours(quota: QuotaRow, team: Team) -> bool:
    spans = team.days.get(RepId(quota.owner_id), ())
    joined_on = team.joined.get(RepId(quota.owner_id), quota.starts_on)
    day = max(quota.starts_on, joined_on)
    return any(begin <= day <= end for begin, end in spans)


def gaps_within(
    session: Session,
    runtime: Runtime,
    team: Team,
    seen: Sequence[tuple[Rep, RepView]],
    moment: Moment,
) -> tuple[Gaps, Gaps]:
    """Everybody's gaps, now and before, without what newcomers did in another team."""
    now = {rep.id: view.gaps for rep, view in seen}
    before = {rep.id: view.gaps_before for rep, view in seen}
    newcomers = [rep for rep, _ in seen if _came_from_elsewhere(team, rep, moment.today)]
    if not newcomers:
        return now, before
    yardstick = replace(read_yardstick(session, runtime), member_days=team.days)
    for gaps, day in ((now, moment.today), (before, moment.earlier)):
        found = measure_standing(
            session,
            yardstick,
            newcomers,
            knowledge=moment.knowledge,
            as_of=moment.as_of,
            on=day,
        )
        gaps.update(found)
    return now, before


def _came_from_elsewhere(team: Team, rep: Rep, today: date) -> bool:
    spans = team.days.get(rep.id, ())
    return bool(spans) and spans[-1][0] > max(rep.joined_on, today - LONGEST)

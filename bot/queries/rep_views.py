"""RepViews: all that rules may look at about each rep on a day, read for all reps at once."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from statistics import quantiles

from sqlmodel import Session, col, select

from bot.coaching.rep_view import OpenOpportunity, RepView, RoleNorms
from bot.domain.gap import Gap
from bot.domain.ids import MetricKey, RecordId, RepId
from bot.domain.organisation import Organisation
from bot.domain.people import Rep
from bot.domain.success_model import SuccessModel
from bot.domain.tenure import PeerGroup
from bot.queries.standing import Gaps, measure_standing
from bot.queries.yardstick import Yardstick
from bot.storage.availability import Available
from bot.storage.facts.select import Knowledge
from bot.storage.next_steps import LoggedStepRow, read_next_steps
from bot.storage.open_deals import (
    OpenDeal,
    activities_by_day,
    days_in_stages_of_won,
    read_open_deals,
)
from bot.storage.people import SnoozeRow
from bot.storage.version import Moves, remembered

WON_WITHIN = timedelta(days=365)
DAYS_OF_ACTIVITY = 10
LOOK_BACK = timedelta(days=45)
#: Days that ``last_working_days`` looks back at most.
HALF_A_YEAR = 182
FEWEST_FOR_NORMS = 4
FEWEST_FOR_P80 = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When views are looked at: what may be known, and how fresh the mirror is."""

    knowledge: Knowledge
    as_of: datetime

    @property
    def today(self) -> date:
        return self.knowledge.day

    @property
    def earlier(self) -> date:
        """Four weeks before, to tell improvement."""
        return self.today - timedelta(days=28)


def read_rep_views(
    session: Session,
    reps: Iterable[Rep],
    *,
    yardstick: Yardstick,
    organisation: Organisation,
    plays: Mapping[str, str],
    moment: Moment,
) -> Mapping[RepId, RepView]:
    people = [rep for rep in reps if rep.role in yardstick.models]
    knowledge, today = moment.knowledge, moment.today
    gaps, before = _now_and_before(session, yardstick, people, moment)
    deals = read_open_deals(session, knowledge, organisation.choices)
    norms = peer_norms(session, yardstick.peer_groups(people, today), deals, knowledge)
    done = activities_by_day(session, knowledge, organisation.choices, since=today - LOOK_BACK)
    snoozes = read_snoozes(session, today)
    next_steps = read_next_steps(session, today, known_at=knowledge.now)
    told = partial(_opportunity, organisation=organisation, snoozes=snoozes, next_steps=next_steps)
    views = {}
    for rep in people:
        worked = worked_days(rep, today, yardstick)
        views[rep.id] = RepView(
            rep=rep.id,
            first_name=rep.first_name,
            role=rep.role,
            team=rep.team,
            today=today,
            locale=rep.locale,
            gaps=gaps[rep.id],
            gaps_before=before[rep.id],
            opportunities=tuple(told(deal, rep, worked) for deal in deals.get(rep.id, ())),
            norms=norms[rep.id],
            activities_by_working_day=_latest(done.get(rep.id, {}), rep, today, yardstick),
            works=yardstick.calendar.own_week(rep),
            is_present=yardstick.calendar.works_on(rep, today, leave=yardstick.leave),
            working_days_since_joining=_working_days_since(rep, today, yardstick),
            plays=_plays_of(yardstick.models[rep.role], plays),
        )
    return views


def _now_and_before(
    session: Session, yardstick: Yardstick, people: Sequence[Rep], moment: Moment
) -> tuple[Gaps, Gaps]:
    def standing(day: date) -> Gaps:
        return measure_standing(
            session, yardstick, people, knowledge=moment.knowledge, as_of=moment.as_of, on=day
        )

    now = standing(moment.today)
    if moment.knowledge.is_current:
        # What was four weeks ago hardly ever changes; a reading then says when it was found.
        before = remembered(
            session,
            ("standing four weeks ago", moment.today),
            partial(standing, moment.earlier),
            moment=(people, yardstick, Available.read(session)),
            until=Moves.ACTIVITY,
        )
    else:
        before = standing(moment.earlier)
    return now, {rep.id: since(rep.own_past_since, before[rep.id]) for rep in people}


def since(day: date, gaps: Mapping[MetricKey, Gap]) -> Mapping[MetricKey, Gap]:
    """A past in another role, or with other accounts, is no past to be compared with."""
    return {metric: gap for metric, gap in gaps.items() if gap.reading.window.first >= day}


def _latest(
    done: Mapping[date, int], rep: Rep, today: date, yardstick: Yardstick
) -> tuple[int, ...]:
    """Activities on the rep's last working days, newest first."""
    days = yardstick.calendar.last_working_days(rep, today, DAYS_OF_ACTIVITY, leave=yardstick.leave)
    return tuple(done.get(day, 0) for day in days)


def _plays_of(model: SuccessModel, plays: Mapping[str, str]) -> Mapping[MetricKey, str]:
    return {
        metric: plays[target.play]
        for metric, target in model.ranges.items()
        if target.play is not None
    }


def _working_days_since(rep: Rep, today: date, yardstick: Yardstick) -> int:
    if (today - rep.joined_on).days > 365:  # noqa: PLR2004 - far beyond any onboarding
        return 9999
    return yardstick.calendar.working_days(rep, rep.joined_on, today, leave=yardstick.leave)


def _opportunity(
    deal: OpenDeal,
    rep: Rep,
    worked: Sequence[date],
    organisation: Organisation,
    snoozes: Mapping[tuple[str, str], date],
    next_steps: Mapping[str, LoggedStepRow],
) -> OpenOpportunity:
    """A step that the rep logged in Slack counts as much as one in the CRM."""
    step = next_steps.get(deal.id)
    since = deal.last_activity_on or deal.created_on
    return OpenOpportunity(
        id=RecordId(deal.id),
        name=deal.name,
        account=deal.account,
        url=organisation.record_url(deal.id),
        amount_cents=deal.amount_cents,
        currency=organisation.currency,
        stage=deal.stage,
        stage_progress=deal.stage_progress,
        closes_on=deal.closes_on,
        created_on=deal.created_on,
        days_in_stage=deal.days_in_stage,
        next_step=step.words if step else deal.next_step,
        next_activity_on=step.due_on if step else deal.next_activity_on,
        last_activity_on=deal.last_activity_on,
        working_days_untouched=len(worked) - bisect_right(worked, since),
        contact_roles=deal.contact_roles,
        contacts_engaged=deal.contacts_engaged,
        pushes=deal.pushes,
        snoozed_until=snoozes.get((rep.id, deal.id)),
        is_person=deal.is_person,
    )


def worked_days(rep: Rep, today: date, yardstick: Yardstick) -> Sequence[date]:
    """The rep's working days of the half year before ``today``, oldest first."""
    days = yardstick.calendar.last_working_days(rep, today, HALF_A_YEAR, leave=yardstick.leave)
    return days[::-1]


def peer_norms(
    session: Session,
    groups: Iterable[PeerGroup],
    deals: Mapping[RepId, list[OpenDeal]],
    knowledge: Knowledge,
) -> Mapping[RepId, RoleNorms]:
    """What is usual among each rep's peers."""
    day = knowledge.day
    stays = remembered(
        session,
        "days in stages",
        lambda: days_in_stages_of_won(session, knowledge, since=day - WON_WITHIN),
        moment=day,
        until=Moves.ALL,
    )
    found = {}
    for group in groups:
        norms = _norms(group.peers, deals, stays)
        found.update(dict.fromkeys(group.judged, norms))
    return found


def _norms(
    peers: Iterable[RepId],
    deals: Mapping[RepId, list[OpenDeal]],
    stays: Mapping[RepId, Mapping[str, list[int]]],
) -> RoleNorms:
    amounts: list[int] = []
    by_stage: dict[str, list[int]] = defaultdict(list)
    for rep in peers:
        known = (deal.amount_cents for deal in deals.get(rep, ()))
        amounts.extend(amount for amount in known if amount)
        for stage, days in stays.get(rep, {}).items():
            by_stage[stage].extend(days)
    return RoleNorms(
        amount_median_cents=_quantile(amounts, 2, 0),
        amount_upper_quarter_cents=_quantile(amounts, 4, 2),
        days_in_stage_p80={
            stage: float(_quantile(days, 5, 3))
            for stage, days in by_stage.items()
            if len(days) >= FEWEST_FOR_P80
        },
    )


def _quantile(values: list[int], parts: int, index: int) -> int:
    if len(values) < FEWEST_FOR_NORMS:
        return 0
    return round(quantiles(values, n=parts, method="inclusive")[index])


def read_snoozes(session: Session, today: date) -> Mapping[tuple[str, str], date]:
    """(person, record) → the last day on which the person wants to be left alone about it."""
    found: dict[tuple[str, str], date] = {}
    for row in session.exec(select(SnoozeRow).where(col(SnoozeRow.until) >= today)):
        key = (row.person_id, row.subject)
        found[key] = max(row.until, found.get(key, row.until))
    return found

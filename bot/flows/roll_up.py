"""From changed records to facts to daily readings; only what changed is worked on again."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col, select

from bot.domain.choices import STANDARD, Choices
from bot.domain.ids import MetricKey
from bot.domain.organisation import Organisation
from bot.domain.windows import FIRST_DAY_EVER
from bot.metrics.definition import Definition
from bot.metrics.every_activity import EVERY_ACTIVITY
from bot.storage.database import transaction
from bot.storage.facts.derive import (
    Surroundings,
    derive_activities,
    derive_deals,
    derive_leads,
    derive_starts,
)
from bot.storage.facts.derived_with import make_stale_if_settings_changed
from bot.storage.facts.leave import derive_leave
from bot.storage.facts.select import Knowledge
from bot.storage.facts.stages import read_stages
from bot.storage.facts.tables import EVERYBODY, DirtyDayRow
from bot.storage.facts.touched import DirtyDays
from bot.storage.fill import (
    fill_flows,
    fill_states,
    filled_on,
    filled_versions,
    forget_dirty_states,
    is_kept_daily,
    note_filled,
)
from bot.storage.mirror.opportunity import OpportunityHistoryRow, OpportunityRow
from bot.storage.mirror.stale import take_stale
from bot.storage.roster import read_zones

FOUR_WEEKS = timedelta(days=28)
LEAD_PREFIX = "00Q"


def roll_up(
    database: Engine,
    *,
    metrics: Mapping[MetricKey, Definition],
    organisation: Organisation,
    now: datetime,
) -> None:
    """Derive facts from stale records and fill the readings of the days they touch.

    Each step is one transaction, idempotent, and may be repeated after a crash.
    """
    with transaction(database) as session:
        derive_stale(session, organisation)
    today = now.astimezone(organisation.zone).date()
    with transaction(database) as session:
        fill_dirty(session, metrics, today=today, now=now, choices=organisation.choices)


def derive_stale(session: Session, organisation: Organisation) -> None:
    """Derive the facts of all stale records anew."""
    make_stale_if_settings_changed(session, organisation)
    stale = take_stale(session)
    if not stale:
        return
    zones: Mapping[str, ZoneInfo] = read_zones(session, organisation.zone)
    around = Surroundings(
        organisation=organisation, stages=read_stages(session, organisation), zones=zones
    )
    dirty = DirtyDays()
    deals = stale["opportunity"] | _deals_of_history(session, stale["opportunity_history"])
    if stale["opportunity_stage"]:
        deals |= set(session.exec(select(OpportunityRow.id)))
    derive_deals(session, deals, around, dirty)
    touched = derive_activities(
        session,
        task_ids=stale["crm_task"],
        event_ids=stale["crm_event"],
        around=around,
        dirty=dirty,
    )
    leads = {person for person in touched if person.startswith(LEAD_PREFIX)}
    derive_leads(session, stale["lead"] | leads, around, dirty)
    derive_leave(session, stale["crm_event"], around)
    derive_starts(session, stale["crm_user"], around)
    for mirror, table in (("quota", "quota_period"), ("account", "account")):
        if stale[mirror]:
            dirty.touch(table, EVERYBODY, FIRST_DAY_EVER)
    if stale["opportunity_contact_role"]:
        dirty.touch("open_opportunity", EVERYBODY, FIRST_DAY_EVER)
    dirty.write(session)


def _deals_of_history(session: Session, ids: set[str]) -> set[str]:
    row = OpportunityHistoryRow
    ordered = sorted(ids)
    found: set[str] = set()
    for start in range(0, len(ordered), 500):
        chunk = ordered[start : start + 500]
        found.update(session.exec(select(row.opportunity_id).where(col(row.id).in_(chunk))))
    return found


def fill_dirty(
    session: Session,
    metrics: Mapping[MetricKey, Definition],
    *,
    today: date,
    now: datetime,
    choices: Choices = STANDARD,
) -> None:
    versions = filled_versions(session)
    kept = [
        EVERY_ACTIVITY.under(choices),
        *(each for each in metrics.values() if is_kept_daily(each)),
    ]
    stale = [each for each in kept if versions.get(each.metric.key) != each.version]
    true = [each for each in kept if versions.get(each.metric.key) == each.version]
    knowledge = Knowledge(day=today, now=now)
    fill_flows(session, _flows(stale), knowledge=knowledge, only_dirty=False)
    fill_flows(session, _flows(true), knowledge=knowledge, only_dirty=True)
    forget_dirty_states(session, true, today=today)
    for day in state_days(today):
        known = frozenset() if day == today else filled_on(session, day)
        wanted = [each for each in _states(kept) if each in stale or each.metric.key not in known]
        fill_states(session, wanted, knowledge=Knowledge(day=day, now=now))
    note_filled(session, kept, at=now)
    # Meetings later today and after it become facts without any further change of a record, so
    # their days stay dirty until they are over in every zone.
    over = today - timedelta(days=1)
    session.connection().execute(delete(DirtyDayRow).where(col(DirtyDayRow.day) < over))
    session.connection().execute(update(DirtyDayRow).values(is_filled=True))


def _flows(definitions: Iterable[Definition]) -> list[Definition]:
    return [each for each in definitions if not each.metric.is_state]


def _states(definitions: Iterable[Definition]) -> list[Definition]:
    return [each for each in definitions if each.metric.is_state]


def state_days(today: date) -> tuple[date, ...]:
    """Today, and the day that improvement is told against."""
    return (today, today - FOUR_WEEKS)

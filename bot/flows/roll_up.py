"""From changed records to facts to daily readings; only what changed is worked on again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col, select

from bot.domain.choices import Choices
from bot.domain.ids import MetricKey
from bot.domain.organisation import Organisation
from bot.domain.windows import FIRST_DAY_EVER, earliest
from bot.metrics.definition import Definition
from bot.metrics.every_activity import EVERY_ACTIVITY
from bot.storage.add_up import add_differences
from bot.storage.advisory_lock import wait_for_turn
from bot.storage.captured_email import note_captured_email
from bot.storage.crm_rates import keep_rates, with_crm_rates
from bot.storage.crm_year import follow_crm_year
from bot.storage.database import reading, transaction
from bot.storage.facts.begun import deals_begun, leads_begun
from bot.storage.facts.deal_activity import keep_deals, touch_deals
from bot.storage.facts.deal_snapshots import keep_snapshots
from bot.storage.facts.derive import (
    Surroundings,
    derive_activities,
    derive_deals,
    derive_leads,
    derive_starts,
)
from bot.storage.facts.derived_with import make_stale_if_settings_changed
from bot.storage.facts.differences import TABLE as DIFFER
from bot.storage.facts.differences import Differences, count_what_is_over, first_difference
from bot.storage.facts.email_threads import derive_email_threads
from bot.storage.facts.leave import derive_leave
from bot.storage.facts.record_types import read_record_types
from bot.storage.facts.roles import touch_if_roles_changed
from bot.storage.facts.select import Knowledge
from bot.storage.facts.stages import read_stages
from bot.storage.facts.tables import EVERYBODY, DirtyDayRow
from bot.storage.facts.touched import DirtyDays, first_unfilled, in_chunks
from bot.storage.fill import (
    fill_flows,
    fill_states,
    filled_on,
    filled_versions,
    forget_dirty_states,
    is_kept_daily,
    last_filled,
    note_filled,
    still_true,
)
from bot.storage.mirror.credit import OpportunityFieldHistoryRow, OpportunitySplitRow
from bot.storage.mirror.opportunity import OpportunityHistoryRow, OpportunityRow
from bot.storage.mirror.stale import IN_MILLIONS, take_stale
from bot.storage.roster import read_zones
from bot.storage.version import changes_only

FOUR_WEEKS = timedelta(days=28)
LEAD_PREFIX = "00Q"
#: Activities of which facts are made in one transaction of a first load.
AT_ONCE = 10_000
#: Mirrored tables of which any change may change a whole table of states.
STATES_OF = (
    ("quota", "quota_period"),
    ("account", "account"),
    ("account", "open_opportunity"),
    ("crm_user", "pipeline_pace"),
    ("opportunity_contact_role", "open_opportunity"),
)
#: Mirrored tables whose rows tell of a deal.
TOLD_OF_DEALS: Mapping[str, Any] = {
    "opportunity_history": OpportunityHistoryRow,
    "opportunity_field_history": OpportunityFieldHistoryRow,
    "opportunity_split": OpportunitySplitRow,
}


def roll_up(
    database: Engine,
    *,
    metrics: Mapping[MetricKey, Definition],
    organisation: Organisation,
    now: datetime,
) -> None:
    """Derive facts from stale records, and bring the readings up to date.

    Each step is one transaction, idempotent, and may be repeated after a crash.
    """
    make_facts(database, metrics=metrics, organisation=organisation, now=now)
    refresh(database, metrics=metrics, organisation=organisation, now=now)


def make_facts(
    database: Engine,
    *,
    metrics: Mapping[MetricKey, Definition],
    organisation: Organisation,
    now: datetime,
) -> None:
    """In one transaction, but for what nobody has looked at yet: of that, in little memory."""
    kept, knowledge = kept_daily(metrics, organisation.choices), _known(organisation, now)
    is_first, is_over = _is_first(database), False
    at_most = AT_ONCE if is_first else None
    while not is_over:
        with transaction(database, in_little_memory=is_first) as session:
            wait_for_turn(session, "roll_up")
            follow_crm_year(session, organisation)
            is_over = derive_stale(
                session, organisation, kept, knowledge=knowledge, at_most=at_most
            )


def refresh(
    database: Engine,
    *,
    metrics: Mapping[MetricKey, Definition],
    organisation: Organisation,
    now: datetime,
) -> None:
    """Tell the daily readings what changed of the facts."""
    kept, knowledge = kept_daily(metrics, organisation.choices), _known(organisation, now)
    with transaction(database, in_little_memory=_is_first(database)) as session:
        wait_for_turn(session, "roll_up")
        fill_dirty(session, kept, knowledge=knowledge)
        note_captured_email(session, organisation, today=knowledge.day)


def _is_first(database: Engine) -> bool:
    with reading(database) as session:
        return last_filled(session) is None


def _known(organisation: Organisation, now: datetime) -> Knowledge:
    return Knowledge(day=now.astimezone(organisation.zone).date(), now=now)


def kept_daily(metrics: Mapping[MetricKey, Definition], choices: Choices) -> Sequence[Definition]:
    """The definitions whose readings are kept for each day, as the team counts."""
    return [
        EVERY_ACTIVITY.under(choices),
        *(each for each in metrics.values() if is_kept_daily(each)),
    ]


def derive_stale(
    session: Session,
    organisation: Organisation,
    kept: Sequence[Definition],
    *,
    knowledge: Knowledge,
    at_most: int | None = None,
) -> bool:
    """Derive the facts of stale records anew, and note what that changes of readings.

    False when there may be more activities than ``at_most``.
    """
    has_new_rates = keep_rates(session, organisation)
    organisation = with_crm_rates(session, organisation)
    make_stale_if_settings_changed(session, organisation)
    keep_snapshots(session, knowledge)
    dirty = DirtyDays()
    if has_new_rates:
        dirty.touch("quota_period", EVERYBODY, FIRST_DAY_EVER)
    _, true = _by_version(session, kept)
    differences = Differences((each for each in true if each.table.name == DIFFER), dirty)
    over = count_what_is_over(session, knowledge, differences)
    dirty.deals.update(each.opportunity_id for each in over if each.opportunity_id)
    stale = take_stale(session, at_most=at_most)
    _derive(session, stale, organisation, knowledge, dirty, differences)
    differences.write(session)
    touch_deals(session, dirty.deals)
    dirty.write(session)
    first = earliest(dirty.first(), differences.first)
    changes_only(session, since=first, today=knowledge.day)
    return at_most is None or all(len(stale[table]) < at_most for table in IN_MILLIONS)


def _derive(
    session: Session,
    stale: dict[str, set[str]],
    organisation: Organisation,
    knowledge: Knowledge,
    dirty: DirtyDays,
    differences: Differences,
) -> None:
    _add_begun(session, stale, organisation, knowledge)
    if not any(stale.values()):
        return
    around = Surroundings(
        organisation=organisation,
        stages=read_stages(session, organisation),
        record_types=read_record_types(session),
        zones=read_zones(session, organisation.zone),
        knowledge=knowledge,
    )
    deals = stale["opportunity"] | _deals_of_history(session, stale)
    if stale["opportunity_stage"] or stale["record_type"]:
        deals |= set(session.exec(select(OpportunityRow.id)))
    derive_deals(session, deals, around, dirty)
    touched = derive_activities(
        session,
        task_ids=stale["crm_task"],
        event_ids=stale["crm_event"],
        email_ids=stale["email_message"],
        around=around,
        dirty=dirty,
        differences=differences,
    )
    leads = {person for person in touched if person.startswith(LEAD_PREFIX)}
    derive_leads(session, stale["lead"] | leads, around, dirty)
    derive_email_threads(session, stale["email_message"], around, dirty)
    derive_leave(session, stale["crm_event"], around)
    derive_starts(session, stale["crm_user"], around)
    for mirror, table in STATES_OF:
        if stale[mirror]:
            dirty.touch(table, EVERYBODY, FIRST_DAY_EVER)


def _add_begun(
    session: Session, stale: dict[str, set[str]], organisation: Organisation, knowledge: Knowledge
) -> None:
    """What was derived before its day had begun here may be told only now."""
    filled = last_filled(session)
    if filled is not None:
        before = filled.astimezone(organisation.zone).date()
        stale["opportunity"] |= deals_begun(session, before, knowledge.day)
        stale["lead"] |= leads_begun(session, before, knowledge.day)


def _deals_of_history(session: Session, stale: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    for table, row in TOLD_OF_DEALS.items():
        for chunk in in_chunks(stale[table]):
            found.update(session.exec(select(row.opportunity_id).where(col(row.id).in_(chunk))))
    return found


def fill_dirty(session: Session, kept: Sequence[Definition], *, knowledge: Knowledge) -> None:
    today, now = knowledge.day, knowledge.now
    stale, true = _by_version(session, kept)
    if not stale:
        first = earliest(first_unfilled(session), first_difference(session))
        changes_only(session, since=first, today=today)
    add_differences(session, true)
    fill_flows(session, _flows(stale), knowledge=knowledge, only_dirty=False)
    fill_flows(session, _flows(true), knowledge=knowledge, only_dirty=True)
    touch_if_roles_changed(session)
    forget_dirty_states(session, true, today=today)
    keep_deals(session, knowledge)
    for day in state_days(today):
        known = (
            still_true(session, _states(true), today=today)
            if day == today
            else filled_on(session, day)
        )
        wanted = [each for each in _states(kept) if each in stale or each.metric.key not in known]
        fill_states(session, wanted, knowledge=Knowledge(day=day, now=now, kept_on=today))
    note_filled(session, kept, at=now)
    # Meetings later today and after it become facts without any further change of a record, so
    # their days stay dirty until they are over in every zone.
    over = today - timedelta(days=1)
    session.connection().execute(delete(DirtyDayRow).where(col(DirtyDayRow.day) < over))
    session.connection().execute(update(DirtyDayRow).values(is_filled=True))


def _by_version(
    session: Session, kept: Iterable[Definition]
) -> tuple[list[Definition], list[Definition]]:
    """Those whose readings were filled with another version or never, and the others."""
    versions = filled_versions(session)
    stale: list[Definition] = []
    true: list[Definition] = []
    for each in kept:
        (true if versions.get(each.metric.key) == each.version else stale).append(each)
    return stale, true


def _flows(definitions: Iterable[Definition]) -> list[Definition]:
    return [each for each in definitions if not each.metric.is_state]


def _states(definitions: Iterable[Definition]) -> list[Definition]:
    return [each for each in definitions if each.metric.is_state]


def state_days(today: date) -> tuple[date, ...]:
    """Today, and the day that improvement is told against."""
    return (today, today - FOUR_WEEKS)

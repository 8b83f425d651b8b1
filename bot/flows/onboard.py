"""Gives everybody who begins in a role its programme, and notes what the CRM shows was reached."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.domain.assignments import role_spells
from bot.domain.ids import RepId, RoleKey
from bot.domain.people import Rep
from bot.domain.programme import Measure, Milestone, programme_for
from bot.domain.progress import Days
from bot.domain.windows import LAST_DAY_EVER
from bot.metrics.definition import Definition
from bot.runtime import Runtime
from bot.storage.advisory_lock import wait_for_turn
from bot.storage.database import reading, transaction
from bot.storage.facts.leave import read_leave
from bot.storage.facts.select import Knowledge
from bot.storage.milestone_days import Span, daily_sums, day_reached
from bot.storage.programmes import (
    SEEN_IN_CRM,
    Followed,
    MilestoneRow,
    ProgrammeStartRow,
    keep_version,
    read_followed,
    read_starts,
)
from bot.storage.rep_starts import first_day_of_records
from bot.storage.roster import Roster, read_roster

#: Who is found out about so soon after the first day is asked for everything from it on.
SOON = timedelta(days=14)
#: Working days after the last due day for which somebody new to us still gets a programme.
STILL_NEW = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spell:
    """A stay in a role, with the first day that counts for the ramp."""

    rep: Rep
    role: RoleKey
    first: date
    last: date


def keep_programmes(runtime: Runtime) -> None:
    """Assign what is not assigned, then note what was reached; safe to repeat at any time."""
    if not runtime.programmes and not _is_anybody_on_one(runtime):
        return
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        wait_for_turn(session, "programmes")
        roster = read_roster(session, runtime.organisation)
        spells = list(_spells(roster))
        _assign(session, runtime, spells, now)
        _note_measured(session, runtime, spells, now)


def _is_anybody_on_one(runtime: Runtime) -> bool:
    with reading(runtime.database) as session:
        return bool(read_starts(session))


def _spells(roster: Roster) -> Iterator[_Spell]:
    """Everybody's stays in roles; the present one begins when their ramp does."""
    for rep in (*roster.reps.values(), *roster.former_reps.values()):
        spells = role_spells(roster.past.get(rep.id, ()))
        for number, (role, first, last) in enumerate(spells, start=1):
            is_present = number == len(spells)
            begins = rep.started_on if is_present else first
            if begins <= last:
                yield _Spell(rep=rep, role=role, first=begins, last=last)


def _assign(session: Session, runtime: Runtime, spells: Sequence[_Spell], now: datetime) -> None:
    records_since = first_day_of_records(session)
    days = Days(calendar=runtime.calendar, leave=read_leave(session))
    known: dict[str, list[ProgrammeStartRow]] = defaultdict(list)
    for row in read_starts(session):
        known[row.rep_id].append(row)
    for spell in spells:
        today = now.astimezone(spell.rep.zone).date()
        if spell.first > today:
            continue
        noted = _row_of(spell, spells, known[spell.rep.id])
        if noted is not None:
            # The first day was corrected; the version stays.
            noted.started_on = spell.first
            continue
        programme = programme_for(runtime.programmes, spell.role, spell.first)
        if programme is None:
            continue
        is_seen = records_since is not None and spell.first >= records_since
        if not is_seen and not _is_still_new(spell, programme.last_day, today, days):
            continue
        keep_version(session, programme, at=now)
        row = ProgrammeStartRow(
            rep_id=spell.rep.id,
            started_on=spell.first,
            role=spell.role,
            programme=programme.key,
            version=programme.version,
            asked_from=spell.first if today - spell.first <= SOON else today,
            assigned_at=now,
        )
        session.add(row)
        known[spell.rep.id].append(row)
    session.flush()


def _row_of(
    spell: _Spell, spells: Iterable[_Spell], rows: Iterable[ProgrammeStartRow]
) -> ProgrammeStartRow | None:
    """The start that was noted for this stay: of the same role, with no other role in between."""
    for row in rows:
        if row.started_on == spell.first and row.role == spell.role:
            return row
        first, last = sorted((row.started_on, spell.first))
        between = (
            other
            for other in spells
            if other.rep.id == spell.rep.id and first < other.first <= last and other is not spell
        )
        is_within = row.started_on <= spell.last
        if row.role == spell.role and is_within and not any(between):
            return row
    return None


def _is_still_new(spell: _Spell, last_day: int, today: date, days: Days) -> bool:
    if spell.last != LAST_DAY_EVER or not spell.rep.is_active:
        return False
    if (today - spell.first).days > 2 * (last_day + STILL_NEW):
        return False
    return days.working_day(spell.rep, spell.first, today) <= last_day + STILL_NEW


def _note_measured(
    session: Session, runtime: Runtime, spells: Sequence[_Spell], now: datetime
) -> None:
    """What the facts show; once noted it stays, whatever becomes of the records."""
    followed = read_followed(session)
    # What is dated later than the rep's own today has not happened yet.
    ends = {
        (spell.rep.id, spell.first): min(spell.last, now.astimezone(spell.rep.zone).date())
        for spell in spells
    }
    wanted: dict[tuple[str, str | None], list[tuple[Followed, Milestone, Measure]]]
    wanted = defaultdict(list)
    for each in followed:
        if (each.rep, each.started_on) not in ends:
            continue
        for milestone in each.programme.milestones:
            if milestone.measure is not None and milestone.key not in each.reached:
                key = (milestone.measure.metric, milestone.measure.where)
                wanted[key].append((each, milestone, milestone.measure))
    for (metric, where), asked in wanted.items():
        definition = next((d for k, d in runtime.metrics.items() if k == metric), None)
        if definition is not None:
            _note_those_of(session, definition, where, asked, ends=ends, now=now)


def _note_those_of(
    session: Session,
    definition: Definition,
    where: str | None,
    asked: Sequence[tuple[Followed, Milestone, Measure]],
    *,
    ends: Mapping[tuple[RepId, date], date],
    now: datetime,
) -> None:
    sums = daily_sums(
        session,
        definition,
        where=where,
        reps={each.rep for each, _, _ in asked},
        since=min(each.started_on for each, _, _ in asked),
        knowledge=Knowledge(day=now.date() + timedelta(days=1), now=now),
    )
    for each, milestone, measure in asked:
        span = Span(rep=each.rep, first=each.started_on, last=ends[each.rep, each.started_on])
        reached_on = day_reached(sums, measure, span)
        if reached_on is not None:
            session.add(
                MilestoneRow(
                    start_id=each.id,
                    milestone=milestone.key,
                    reached_on=reached_on,
                    source=SEEN_IN_CRM,
                    noted_at=now,
                )
            )

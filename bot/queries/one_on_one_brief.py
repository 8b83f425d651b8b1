"""What a manager should know before a 1:1; the rep may read the very same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.coaching.changes import told
from bot.coaching.gaps import edges, span_in_words
from bot.coaching.leverage import choose_focus, gain_in_words
from bot.coaching.rep_view import RepView
from bot.domain.commitment import Commitment
from bot.domain.errors import NotAllowed
from bot.domain.ids import RepId, SlackUserId
from bot.domain.metric import Valence
from bot.domain.people import Manager, Rep
from bot.queries.brief_deals import DealToDiscuss, find_deals
from bot.queries.commitments import commitments_of
from bot.queries.digest import last_full_week
from bot.queries.digest_new_hires import NewHire, find_new_hires
from bot.queries.digest_praise import Praise, find_praise
from bot.queries.my_week import require_rep
from bot.queries.permissions import (
    require_direct_report,
    require_manager,
    require_own_rep,
    require_person,
)
from bot.queries.record_names import NamedRecord, name_records
from bot.queries.rep_views import Moment
from bot.queries.since_then import Happened, happened_since
from bot.queries.standing import days_that_count
from bot.queries.talks import LOOK_BACK, last_talks, read_talks
from bot.queries.team_views import moment_on, read_team_views
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.made_of import records_behind
from bot.storage.one_on_ones import latest_one_on_ones
from bot.storage.roster import Roster, read_roster

#: Without a 1:1 on record, the brief looks back so far.
USUAL_SPAN = timedelta(days=28)
MOST_CHANGES = 2
MOST_RECORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FocusOfBrief:
    """The one metric to talk about, with what it rests on."""

    title: str
    unit: str
    value: float | None
    low: float
    high: float
    #: Where less is better, the question is another one.
    is_higher_better: bool
    span: str
    facts: int
    before: float | None
    gain: str
    since: date
    records: tuple[NamedRecord, ...]
    play: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    rep_id: RepId
    rep: str
    first_name: str
    manager: str
    role_title: str
    is_away: bool
    #: The last 1:1 before today, written down or in the manager's calendar.
    last_held_on: date | None
    #: What was written down last, and of which day that is.
    notes: str
    noted_on: date | None
    since: date
    today: date
    happened: tuple[Happened, ...]
    focus: FocusOfBrief | None
    #: (title, words) of what is real and escalated.
    changes: tuple[tuple[str, str], ...]
    #: How they stand against the ramp, while they are new.
    hire: NewHire | None
    praise: tuple[Praise, ...]
    deals: tuple[DealToDiscuss, ...]
    commitments: tuple[Commitment, ...]
    currency: str
    as_of: datetime | None


def ask(runtime: Runtime, *, asker: SlackUserId, words: str) -> Brief:
    """The brief about one of the asker's own reps. Raises UnknownPerson or NotAllowed."""
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        manager = require_manager(person)
        rep = require_direct_report(session, roster, manager, words)
        return read_brief(session, runtime, roster, rep, manager)


def ask_by_id(runtime: Runtime, *, asker: SlackUserId, rep: RepId) -> Brief:
    """As ``ask``, about the rep with that id."""
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        manager = require_manager(person)
        about = require_own_rep(roster, manager, rep)
        return read_brief(session, runtime, roster, about, manager)


def ask_about_oneself(runtime: Runtime, *, asker: SlackUserId) -> Brief:
    """What the asker's manager is shown about them. Raises UnknownPerson or NotAllowed."""
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        rep = require_rep(person)
        manager = roster.managers.get(rep.team) if rep.team is not None else None
        if manager is None:
            raise NotAllowed(
                "You report to nobody in the CRM, so nobody is shown anything about you.",
                hint="Your manager is whoever stands in the CRM's Manager field.",
            )
        return read_brief(session, runtime, roster, rep, manager)


def read_brief(
    session: Session, runtime: Runtime, roster: Roster, rep: Rep, manager: Manager
) -> Brief:
    today = runtime.clock.now().astimezone(rep.zone).date()
    moment = moment_on(session, runtime, today)
    view = read_team_views(session, runtime, roster, [rep], moment).get(rep.id)
    latest = next(iter(latest_one_on_ones(session, manager=manager.id, rep=rep.id)), None)
    last = _last_before(session, runtime, rep, manager, today)
    since = last or today - USUAL_SPAN
    model = runtime.models.get(rep.role)
    seen = [(rep, view)] if view is not None else []
    return Brief(
        rep_id=rep.id,
        rep=rep.name,
        first_name=rep.first_name,
        manager=manager.first_name,
        role_title=model.title if model else rep.role,
        is_away=view is not None and not view.is_present,
        last_held_on=last,
        notes=latest.notes if latest is not None else "",
        noted_on=latest.held_on if latest is not None else None,
        since=since,
        today=today,
        happened=happened_since(session, runtime, rep, since, moment),
        focus=_focus(session, runtime, view, moment, manager.locale) if view else None,
        changes=_changes(view) if view is not None else (),
        hire=_hire(session, runtime, seen, moment),
        praise=find_praise(seen, runtime.rules),
        deals=find_deals(session, runtime, view) if view is not None else (),
        commitments=commitments_of(session, runtime, rep, manager, view=view),
        currency=runtime.organisation.currency,
        as_of=moment.as_of,
    )


def _last_before(
    session: Session, runtime: Runtime, rep: Rep, manager: Manager, today: date
) -> date | None:
    talks = read_talks(
        session,
        manager,
        [rep],
        organisation=runtime.organisation,
        since=today - LOOK_BACK,
        until=today - timedelta(days=1),
        known_at=runtime.clock.now(),
    )
    return last_talks(talks).get(rep.id)


def _hire(
    session: Session, runtime: Runtime, seen: Sequence[tuple[Rep, RepView]], moment: Moment
) -> NewHire | None:
    choices, week = runtime.organisation.choices, last_full_week(moment.today)
    return next(iter(find_new_hires(session, seen, week, moment, choices=choices)), None)


def _focus(
    session: Session, runtime: Runtime, view: RepView, moment: Moment, locale: str
) -> FocusOfBrief | None:
    """The same focus that the rep was told."""
    focus = choose_focus(view.gaps, held=view.focus, today=view.today)
    if focus is None:
        return None
    gap = focus.gap
    definition = runtime.metrics[gap.metric.key]
    facts = records_behind(
        session,
        definition,
        rep=view.rep,
        window=gap.reading.window,
        knowledge=moment.knowledge,
        days=days_that_count(definition),
        most=MOST_RECORDS,
    )
    named = {str(fact.record): fact.day for fact in facts}
    days = {} if gap.metric.is_state else named
    before = view.gaps_before.get(gap.metric.key)
    low, high = edges(gap)
    return FocusOfBrief(
        title=gap.metric.title,
        unit=gap.metric.unit,
        value=gap.reading.value,
        low=low,
        high=high,
        is_higher_better=gap.metric.valence is Valence.HIGHER,
        span=span_in_words(gap),
        facts=gap.reading.facts,
        before=before.reading.value if before is not None else None,
        gain=gain_in_words(focus.gain),
        since=focus.since,
        records=name_records(session, runtime.organisation, list(named), days=days, locale=locale),
        play=gap.target.play,
    )


def _changes(view: RepView) -> tuple[tuple[str, str], ...]:
    """What is real and escalated: the smaller changes stay with the rep."""
    found = [
        change
        for change in view.changes
        if change.tier == "escalate" and change.kind not in {"trust", "improvement"}
    ]
    found.sort(key=lambda change: change.week, reverse=True)
    return tuple((change.title, told(change)) for change in found[:MOST_CHANGES])

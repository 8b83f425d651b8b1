"""What a metric means, and the records of the asker, or of a report, behind it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.coaching.evidence.intervals import Interval
from bot.coaching.evidence.noticeable import Noticeable, noticeable
from bot.coaching.gaps import rounded
from bot.domain.ids import SlackUserId
from bot.domain.metric import Aggregate, Metric, Reading, Unit
from bot.domain.people import Rep
from bot.domain.success_model import TargetRange
from bot.domain.windows import Window, weeks_back
from bot.metrics.definition import Definition
from bot.metrics.flaws import LeftOut
from bot.queries.permissions import require_person, require_report
from bot.queries.record_names import NamedRecord, name_records
from bot.queries.shared_standing import doubts_of
from bot.queries.spoken import split_metric
from bot.queries.standing import days_that_count, fair_share, fair_target, window_for
from bot.queries.velocity import velocity_intervals
from bot.queries.yardstick import Yardstick, read_yardstick
from bot.runtime import Runtime
from bot.storage.availability import unavailable_metrics
from bot.storage.current import as_filled, read_or_measure, read_or_measure_each
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading
from bot.storage.evidence import read_state
from bot.storage.facts.select import Knowledge
from bot.storage.left_out import read_left_out
from bot.storage.made_of import ABOUT_PEOPLE, records_behind
from bot.storage.roster import read_roster

MOST_RECORDS = 8
#: What people call the rows of a fact table.
RECORDS = {
    "activity": "calls, e-mails and meetings",
    "opportunity_created": "new deals",
    "qualified_opportunity": "deals that became qualified",
    "closed_opportunity": "closed deals",
    "credited_opportunity": "closed deals",
    "open_opportunity": "open deals",
    "opportunity_open_before": "deals open four weeks ago",
    "lead": "leads",
    "email_thread": "e-mail threads",
}
USUAL_WEEKS = 4
SHOWN_WEEKS = 13
TOLD_BY_WEEK = frozenset({Aggregate.COUNT, Aggregate.SUM, Aggregate.RATIO})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReading:
    """A rep's value and the records it rests on, newest first."""

    reading: Reading
    records: tuple[NamedRecord, ...]
    #: Whether the one fact is about the person, such as a quota, and the records make it up.
    is_of_person: bool
    #: The smallest drop that could be noticed; None where the metric is not watched.
    noticeable: Noticeable | None
    left_out: tuple[LeftOut, ...] = ()
    #: The last quarter's weeks, oldest first; none of what is not told by the week.
    weeks: tuple[Reading, ...] = ()
    #: Why praise for it waits; told to the rep alone.
    doubts: tuple[str, ...] = ()
    #: What chance leaves open of a product of several numbers; None where that is not known.
    interval: Interval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDetail:
    metric: Metric
    #: What is counted, by which day and for whom: (label, words), without a query's language.
    rules: tuple[tuple[str, str], ...]
    #: The title of the metric that would show it being gamed.
    guard_title: str | None
    #: The asker's role asks for this; None for managers and where the role does not use it.
    target: TargetRange | None
    #: The range that is fair for the asker's days, with its edges as they are told everywhere; and
    #: whether it is smaller than the role's for days away, or for the month of ramp.
    fair: tuple[float, float] | None
    is_prorated: bool
    #: None for people who do not sell.
    own: OwnReading | None
    #: The first name of whoever the reading is of, when that is not the asker.
    about: str | None
    #: Whether Salesforce lacks or hides what it needs, so that nobody has a value.
    is_unavailable: bool
    as_of: datetime | None
    locale: str
    zone: str


def ask(runtime: Runtime, *, asker: SlackUserId, words: str) -> MetricDetail:
    """The asker's own, or for a manager that of the person named after the metric.

    Raises UnknownPerson, NotAllowed, or UnclearWords with metrics that may be meant.
    """
    definition, name = split_metric(runtime.metrics, words)
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        rep = require_report(session, roster, person, name) if name else person.rep
        target = _target(runtime, rep, definition)
        own = _own(session, runtime, rep, definition, target, locale=person.locale) if rep else None
        now, yardstick = runtime.clock.now(), read_yardstick(session, runtime, roster)
        if rep and own and rep == person.rep:
            own = replace(own, doubts=_doubts(session, runtime, yardstick, rep, definition))
        as_of = mirrored_at(session)
        is_unavailable = bool(unavailable_metrics(session, [definition]))
        fair = _fair(yardstick, rep, definition, target, now) if rep else None
    guard = runtime.metrics.get(definition.metric.guard) if definition.metric.guard else None
    return MetricDetail(
        metric=definition.metric,
        rules=_rules(definition.metric),
        guard_title=guard.metric.title if guard else None,
        target=target,
        fair=rounded(fair, definition.metric.unit) if fair else None,
        is_prorated=bool(fair and target and fair.low < target.low),
        own=own,
        about=rep.first_name if rep and rep != person.rep else None,
        is_unavailable=is_unavailable,
        as_of=as_of,
        locale=person.locale,
        zone=person.zone.key,
    )


def without_people(detail: MetricDetail) -> MetricDetail:
    """What everybody may see; not even the range stays, since a share of it tells of days away."""
    return replace(detail, target=None, fair=None, is_prorated=False, own=None, about=None)


def _rules(metric: Metric) -> tuple[tuple[str, str], ...]:
    records = RECORDS.get(metric.fact_table, metric.fact_table.replace("_", " "))
    match metric.aggregate:
        case Aggregate.COUNT:
            made = f"one by one, among {records}"
        case Aggregate.SUM:
            made = f"a sum over {records}"
        case Aggregate.MEDIAN | Aggregate.WAIT:
            made = f"the middle one of {records}"
        case Aggregate.RATIO:
            made = f"{'a share' if metric.unit is Unit.SHARE else 'an average'} of {records}"
    return (
        ("Counted as", made),
        ("By which date", metric.date_rule.rpartition("_on: ")[2].removeprefix("as_of: ")),
        ("For whom", metric.owner_rule.partition(": ")[2] or metric.owner_rule),
    )


def _target(runtime: Runtime, rep: Rep | None, definition: Definition) -> TargetRange | None:
    model = runtime.models.get(rep.role) if rep else None
    return model.ranges.get(definition.metric.key) if model else None


def _fair(
    yardstick: Yardstick,
    rep: Rep,
    definition: Definition,
    target: TargetRange | None,
    now: datetime,
) -> TargetRange | None:
    """The same range that `/my-week` and the nudges hold the rep to."""
    if target is None:
        return None
    window = window_for(definition, target, now.astimezone(rep.zone).date())
    return fair_target(
        definition, target, share=lambda: fair_share(rep, window, yardstick=yardstick)
    )


def _own(
    session: Session,
    runtime: Runtime,
    rep: Rep,
    definition: Definition,
    target: TargetRange | None,
    *,
    locale: str,
) -> OwnReading:
    now = runtime.clock.now()
    knowledge = Knowledge(day=now.astimezone(rep.zone).date(), now=now)
    window = _window(definition, target, knowledge)
    as_of = mirrored_at(session) or now
    days = days_that_count(definition)
    [measured] = read_or_measure(
        session,
        definition,
        reps=[rep.id],
        window=window,
        knowledge=as_filled(session, knowledge),
        as_of=as_of,
        days=days,
    ).values()
    behind = partial(records_behind, session, definition, rep=rep.id, window=window, days=days)
    facts = behind(knowledge=knowledge, most=MOST_RECORDS)
    named = {str(fact.record): fact.day for fact in facts}
    told = {} if definition.metric.is_state else named
    left_out = read_left_out(session, definition, reps=[rep.id], window=window, knowledge=knowledge)
    intervals = velocity_intervals(session, definition, reps=[rep.id], knowledge=knowledge)
    return OwnReading(
        reading=replace(measured, window=window),
        records=name_records(session, runtime.organisation, list(named), days=told, locale=locale),
        is_of_person=definition.table.name in ABOUT_PEOPLE,
        noticeable=_noticeable(session, rep, definition.metric),
        left_out=tuple(left_out),
        weeks=_weeks(session, rep, definition, knowledge=knowledge, as_of=as_of),
        interval=intervals.get(rep.id),
    )


def _weeks(
    session: Session, rep: Rep, definition: Definition, *, knowledge: Knowledge, as_of: datetime
) -> tuple[Reading, ...]:
    """A share is told over four weeks up to each: one week of it is mostly luck."""
    metric = definition.metric
    if metric.is_state or metric.aggregate not in TOLD_BY_WEEK:
        return ()
    span = USUAL_WEEKS if metric.aggregate is Aggregate.RATIO else 1
    last = knowledge.day - timedelta(days=knowledge.day.weekday() + 1)
    ends = [last - timedelta(weeks=back) for back in reversed(range(SHOWN_WEEKS))]
    windows = [weeks_back(end, span) for end in ends]
    return tuple(
        read_or_measure_each(
            session,
            definition,
            rep=rep.id,
            windows=[window for window in windows if window.first >= rep.joined_on],
            knowledge=as_filled(session, knowledge),
            as_of=as_of,
            days=days_that_count(definition),
        )
    )


def _doubts(
    session: Session, runtime: Runtime, yardstick: Yardstick, rep: Rep, definition: Definition
) -> tuple[str, ...]:
    key, now = definition.metric.key, runtime.clock.now()
    knowledge = Knowledge(day=now.astimezone(rep.zone).date(), now=now)
    found = doubts_of(
        session,
        runtime,
        yardstick,
        rep,
        knowledge=as_filled(session, knowledge),
        as_of=mirrored_at(session) or now,
    )
    return tuple(doubt.words for doubt in found if key in doubt.waiting or key == doubt.metric)


def _noticeable(session: Session, rep: Rep, metric: Metric) -> Noticeable | None:
    state = read_state(session)
    if state is None:
        return None
    is_share = metric.aggregate is Aggregate.RATIO
    return noticeable(state, metric=metric.key, rep=rep.id, is_share=is_share)


def _window(definition: Definition, target: TargetRange | None, knowledge: Knowledge) -> Window:
    usual = target or TargetRange(
        metric=definition.metric.key, low=0, high=0, weeks=USUAL_WEEKS, leverage=0, play=None
    )
    return window_for(definition, usual, knowledge.day)

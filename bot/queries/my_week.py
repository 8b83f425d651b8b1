"""One rep's own numbers against their role's ranges and their own past, and nobody else's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.coaching.changes import told, worth_telling
from bot.coaching.gaps import edges
from bot.coaching.leverage import HeldFocus, choose_focus, gain_in_words
from bot.coaching.rep_view import NoticedChange
from bot.domain.errors import NotAllowed
from bot.domain.gap import Band, Gap
from bot.domain.ids import MetricKey, SlackUserId
from bot.domain.metric import Unit
from bot.domain.people import Rep
from bot.queries.changes import noticed, read_changes
from bot.queries.focus import read_focuses
from bot.queries.permissions import Person, require_person
from bot.queries.rep_views import since
from bot.queries.shared_standing import standing_of
from bot.queries.yardstick import read_yardstick
from bot.runtime import Runtime
from bot.storage.current import as_filled
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.roster import read_roster

#: The rep's own past: the same windows, ended so many days earlier.
BEFORE = timedelta(days=28)
MOST_CHANGES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    metric: MetricKey
    title: str
    unit: Unit
    window_label: str
    #: None when there is not enough to say.
    value: float | None
    #: The same four weeks earlier.
    before: float | None
    low: float
    high: float
    band: Band
    play: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MyWeek:
    first_name: str
    role_title: str
    lines: tuple[WeekLine, ...]
    #: The line where a change would pay most, if any is clearly short of its range.
    focus: WeekLine | None
    #: What moving it to the middle of its range promises, with how sure that is.
    gain: str
    focus_since: date | None
    #: What changed for the worse or the better lately, as it was or may be said in a nudge.
    changes: tuple[str, ...]
    today: date
    as_of: datetime | None
    locale: str
    zone: str


def ask(runtime: Runtime, *, asker: SlackUserId) -> MyWeek:
    """Raises UnknownPerson, or NotAllowed for somebody who does not sell."""
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        rep = require_rep(person)
        now = runtime.clock.now()
        as_of = mirrored_at(session)
        yardstick = read_yardstick(session, runtime, roster)
        today = now.astimezone(rep.zone).date()
        knowledge = as_filled(session, Knowledge(day=today, now=now))
        gaps, before = (
            standing_of(
                session, runtime, yardstick, rep, knowledge=knowledge, as_of=as_of or now, on=day
            )
            for day in (today, today - BEFORE)
        )
        held = read_focuses(session, today).get(rep.id)
        changes = worth_telling(
            noticed(row, rep.role, yardstick, runtime.plays)
            for row in read_changes(session, today).get(rep.id, ())
        )
    before = since(rep.own_past_since, before)
    return summarise(
        runtime,
        rep,
        gaps=gaps,
        before=before,
        held=held,
        changes=changes,
        today=today,
        as_of=as_of,
    )


def require_rep(person: Person) -> Rep:
    if person.rep is None:
        raise NotAllowed(
            "That one is for people who sell: you carry no numbers of your own here.",
            hint="`/team-health` shows how your team stands.",
        )
    return person.rep


def summarise(
    runtime: Runtime,
    rep: Rep,
    *,
    gaps: Mapping[MetricKey, Gap],
    before: Mapping[MetricKey, Gap],
    held: HeldFocus | None,
    changes: Sequence[NoticedChange],
    today: date,
    as_of: datetime | None,
) -> MyWeek:
    model = runtime.models.get(rep.role)
    lines = {metric: _line(gap, before.get(metric)) for metric, gap in gaps.items()}
    focus = choose_focus(gaps, held=held, today=today)
    return MyWeek(
        first_name=rep.first_name,
        role_title=model.title if model else rep.role,
        lines=tuple(lines.values()),
        focus=lines[focus.gap.metric.key] if focus else None,
        gain=gain_in_words(focus.gain) if focus else "",
        focus_since=focus.since if focus else None,
        changes=_newest(changes),
        today=today,
        as_of=as_of,
        locale=rep.locale,
        zone=rep.zone.key,
    )


def _newest(changes: Sequence[NoticedChange]) -> tuple[str, ...]:
    """The newest change of each metric; a share of records in doubt waits until they are mended."""
    doubted = [change for change in changes if change.kind == "trust"]
    told_of: dict[MetricKey, str] = {}
    for change in sorted(changes, key=lambda each: each.week, reverse=True):
        is_diluted = bool(doubted) and change.trials is not None and change.kind != "improvement"
        if change.kind != "trust" and not is_diluted:
            told_of.setdefault(change.metric, f"{change.title}: {told(change)}")
    return tuple(told_of.values())[:MOST_CHANGES]


def _line(gap: Gap, before: Gap | None) -> WeekLine:
    low, high = edges(gap)
    return WeekLine(
        metric=gap.metric.key,
        title=gap.metric.title,
        unit=gap.metric.unit,
        window_label=gap.reading.window.label,
        value=_known(gap),
        before=_known(before) if before else None,
        low=low,
        high=high,
        band=gap.band,
        play=gap.target.play,
    )


def _known(gap: Gap) -> float | None:
    return None if gap.band is Band.NO_DATA else gap.reading.value

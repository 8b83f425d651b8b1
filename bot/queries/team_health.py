"""How one team stands against the success models of its reps, as a profile and not one score."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median

from sqlmodel import Session

from bot.domain.chart import RangeDot
from bot.domain.gap import Band, Gap
from bot.domain.ids import MetricKey, RepId, SlackUserId
from bot.domain.metric import Unit
from bot.domain.people import Rep, Team
from bot.domain.windows import Window
from bot.queries.crm_doubts import changed_in_crm
from bot.queries.doubts import team_trust
from bot.queries.fiscal_year import FiscalYear, read_fiscal_year
from bot.queries.over_window import over_window, window_before, within_reach
from bot.queries.permissions import require_manager, require_person, require_team
from bot.queries.shared_standing import moment_of
from bot.queries.spoken import split_words
from bot.queries.standing import Gaps, measure_standing
from bot.queries.yardstick import read_yardstick
from bot.runtime import Runtime
from bot.storage.current import as_filled
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.roster import Roster, read_roster
from bot.storage.version import Same, remembered

TRUST, SINGLE = "Data trust", "single_threaded_share"
SECTIONS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("Creation", ("pipeline_created_amount", "opportunities_created", "conversations")),
    ("Activity", ("meetings_held", "calls_completed", "conversation_rate", "emails_sent")),
    ("Hygiene", ("next_step_hygiene", "past_due_share", "untouched_share", SINGLE)),
    ("Velocity", ("sales_cycle_days",)),
    ("Conversion", ("win_rate_count", "win_rate_amount", "average_won_amount")),
    ("Coverage", ("open_pipeline_amount", "open_pipeline_count")),
    (TRUST, ("late_logging_share", "burst_logging_share", "restamped_step_share")),
)
KNOWN = frozenset(name for _, names in SECTIONS for name in names)
OTHER = "More"
#: A change of the team's middle by less than this share of the range's middle is no trend.
STEADY_WITHIN = 0.1
FEWEST_FOR_TREND = 3
MOST_NAMED = 3
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthLine:
    title: str
    metric: MetricKey
    unit: Unit
    #: The middle of the team's reps, in the metric's unit.
    team_value: float | None
    #: The target range, when all reps of the team share one; else None.
    low: float | None
    high: float | None
    #: One of each rep, without names: value, and the range that is fair for them.
    dots: tuple[RangeDot, ...]
    on_target: int
    short: int
    beyond: int
    no_data: int
    #: up · down · steady · unknown, against the window before
    trend: str
    #: First names, for the manager's eyes only.
    short_reps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthSection:
    title: str
    lines: tuple[HealthLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One rep, for the manager's eyes only."""

    rep_id: RepId
    rep: str
    on_target: int
    judged: int
    #: Titles of what they are short of by more than chance.
    short: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamHealth:
    team_name: str
    window_label: str
    first: date
    last: date
    as_of: datetime | None
    reps: int
    sections: tuple[HealthSection, ...]
    grid: tuple[GridRow, ...]
    #: Metrics of which there is a value, and in how many of these most reps are on target.
    judged: int
    well: int
    #: The metrics in which most of the team is short, at most two.
    focus: tuple[HealthLine, ...]
    not_computed: tuple[str, ...]
    #: How far the team's records can be trusted, without names.
    trust: tuple[str, ...]
    locale: str
    zone: str
    #: The present fiscal year, where it is not the calendar's, and whether it is the CRM's.
    year: FiscalYear | None = None


def ask(runtime: Runtime, *, asker: SlackUserId, words: Sequence[str]) -> TeamHealth:
    """The answer to `/team-health [team] [window]` for a manager's own team, or one below.

    Raises UnknownPerson, NotAllowed, LeadsNoTeam or UnclearWords.
    """
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        manager = require_manager(person)
        now = runtime.clock.now()
        today = now.astimezone(manager.zone).date()
        team_words, window = split_words(words, today=today, fiscal=runtime.organisation.fiscal)
        team = require_team(roster, manager, team_words)
        knowledge = as_filled(session, Knowledge(day=today, now=now))
        if window is not None:
            # Of a time that is over, everybody who was there; until today, whom one can still help.
            first = window.first if window.last < today else window.last
            team = replace(team, reps=roster.members(team, first, window.last))
        return remembered(
            session,
            ("team health", Same(runtime), knowledge.day, team.id, window),
            lambda: read_team_health(
                session, runtime, team, roster=roster, window=window, knowledge=knowledge
            ),
            moment=moment_of(knowledge),
        )


def read_team_health(
    session: Session,
    runtime: Runtime,
    team: Team,
    *,
    roster: Roster,
    window: Window | None,
    knowledge: Knowledge,
) -> TeamHealth:
    today, as_of = knowledge.day, mirrored_at(session)
    told = as_of or knowledge.now
    window = within_reach(window) if window else None
    yardstick = replace(read_yardstick(session, runtime, roster), member_days=team.days)
    yardstick = over_window(yardstick, window)
    earlier = replace(yardstick, window=window_before(window) if window else None)
    # A state of a time that is over is that of its last day.
    days = (min(window.last, today), window.first - DAY) if window else (today, today - 28 * DAY)
    gaps, before = (
        measure_standing(session, each, team.reps, knowledge=knowledge, as_of=told, on=day)
        for each, day in zip((yardstick, earlier), days, strict=True)
    )
    trust = team_trust(
        session, yardstick, team.reps, window=window, knowledge=knowledge, as_of=told
    )
    shown = window or Window(first=today - 28 * DAY, last=today, label="each metric's own window")
    health = summarise(team, gaps, before, window=shown, as_of=as_of, trust=trust)
    year = read_fiscal_year(session, runtime.organisation, today)
    doubts = (*trust, *changed_in_crm(session))
    return replace(health, trust=doubts, year=None if year.is_calendar_year else year)


def summarise(
    team: Team,
    gaps: Gaps,
    before: Gaps,
    *,
    window: Window,
    as_of: datetime | None,
    trust: tuple[str, ...],
) -> TeamHealth:
    by_metric = _by_metric(team.reps, gaps)
    earlier = _by_metric(team.reps, before)
    lines = {
        metric: _line(team, found, earlier.get(metric, {})) for metric, found in by_metric.items()
    }
    sections = [
        (title, [lines[MetricKey(name)] for name in names if name in lines])
        for title, names in SECTIONS
    ]
    judged = [line for line in lines.values() if line.no_data < len(team.reps)]
    sections.append((OTHER, [line for metric, line in lines.items() if metric not in KNOWN]))
    return TeamHealth(
        team_name=team.name,
        window_label=window.label,
        first=window.first,
        last=window.last,
        as_of=as_of,
        reps=len(team.reps),
        sections=tuple(
            HealthSection(title=title, lines=tuple(found)) for title, found in sections if found
        ),
        grid=tuple(_row(rep, gaps.get(rep.id, {}).values()) for rep in team.reps),
        judged=len(judged),
        well=sum(line.short * 2 < len(team.reps) - line.no_data for line in judged),
        focus=_focus(lines.values()),
        not_computed=tuple(line.title for line in lines.values() if line.no_data == len(team.reps)),
        trust=trust,
        locale=team.manager.locale,
        zone=team.manager.zone.key,
    )


def _row(rep: Rep, gaps: Iterable[Gap]) -> GridRow:
    judged = [gap for gap in gaps if gap.band is not Band.NO_DATA]
    short = [gap for gap in judged if gap.band is Band.SHORT and gap.is_earned]
    short.sort(key=lambda gap: (-gap.target.leverage * gap.distance, gap.metric.key))
    return GridRow(
        rep_id=rep.id,
        rep=rep.name,
        on_target=sum(gap.band is not Band.SHORT for gap in judged),
        judged=len(judged),
        short=tuple(gap.metric.title for gap in short[:MOST_NAMED]),
    )


def _by_metric(reps: Iterable[Rep], gaps: Gaps) -> dict[MetricKey, dict[RepId, Gap]]:
    found: dict[MetricKey, dict[RepId, Gap]] = {}
    for rep in reps:
        for metric, gap in gaps.get(rep.id, {}).items():
            found.setdefault(metric, {})[rep.id] = gap
    return found


def _line(team: Team, gaps: Mapping[RepId, Gap], before: Mapping[RepId, Gap]) -> HealthLine:
    metric = next(iter(gaps.values())).metric
    bands = Counter(gap.band for gap in gaps.values())
    ranges = {(gap.target.low, gap.target.high) for gap in gaps.values()}
    low, high = next(iter(ranges)) if len(ranges) == 1 else (None, None)
    names = {rep.id: rep.first_name for rep in team.reps}
    short = sorted(
        (gap for gap in gaps.values() if gap.band is Band.SHORT),
        key=lambda gap: (-gap.distance, names[gap.reading.rep]),
    )
    return HealthLine(
        title=metric.title,
        metric=metric.key,
        unit=metric.unit,
        team_value=_middle(gaps.values()),
        low=low,
        high=high,
        dots=tuple(_dots(gaps.values())),
        on_target=bands[Band.ON_TARGET],
        short=bands[Band.SHORT],
        beyond=bands[Band.BEYOND],
        no_data=bands[Band.NO_DATA],
        trend=_trend(gaps, before),
        short_reps=tuple(names[gap.reading.rep] for gap in short[:MOST_NAMED]),
    )


def _middle(gaps: Iterable[Gap]) -> float | None:
    values = [dot.value for dot in _dots(gaps)]
    return median(values) if values else None


def _dots(gaps: Iterable[Gap]) -> list[RangeDot]:
    return [
        RangeDot(value=gap.reading.value, low=gap.target.low, high=gap.target.high)
        for gap in gaps
        if gap.band is not Band.NO_DATA and gap.reading.value is not None
    ]


def _trend(gaps: Mapping[RepId, Gap], before: Mapping[RepId, Gap]) -> str:
    both = [
        rep
        for rep, gap in gaps.items()
        if gap.band is not Band.NO_DATA and rep in before and before[rep].band is not Band.NO_DATA
    ]
    if len(both) < FEWEST_FOR_TREND:
        return "unknown"
    now = _middle(gaps[rep] for rep in both) or 0.0
    then = _middle(before[rep] for rep in both) or 0.0
    scale = median(abs(gaps[rep].target.middle) for rep in both) or 1.0
    change = (now - then) / scale
    if abs(change) < STEADY_WITHIN:
        return "steady"
    return "up" if change > 0 else "down"


def _focus(lines: Iterable[HealthLine]) -> tuple[HealthLine, ...]:
    """Coach the team, not a person, where most of it is short."""
    short = [line for line in lines if line.short * 2 > line.short + line.on_target + line.beyond]
    short.sort(key=lambda line: (-line.short, line.title))
    return tuple(short[:2])

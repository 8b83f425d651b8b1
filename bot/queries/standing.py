"""Where each rep stands against the success model of their role."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.coaching.earned import weigh_gaps
from bot.domain.gap import Gap, measure_gap
from bot.domain.ids import MetricKey, RepId, RoleKey
from bot.domain.metric import Aggregate, Reading
from bot.domain.people import Rep
from bot.domain.success_model import TargetRange
from bot.domain.windows import Window
from bot.metrics.definition import Definition
from bot.queries.yardstick import Yardstick
from bot.storage.current import read_or_measure
from bot.storage.facts.days import Days, not_on_leave, within
from bot.storage.facts.select import Knowledge

Gaps = Mapping[RepId, Mapping[MetricKey, Gap]]


def window_for(
    definition: Definition, target: TargetRange, today: date, *, asked: Window | None = None
) -> Window:
    """A state is read today; a flow over the window asked for, else whole days up to yesterday."""
    if definition.metric.is_state:
        return Window(first=today, last=today, label="today")
    if asked is not None:
        return asked
    last = today - timedelta(days=1)
    return Window(
        first=last - timedelta(days=7 * target.weeks - 1),
        last=last,
        label=f"last {target.weeks} weeks" if target.weeks > 1 else "last 7 days",
    )


def days_that_count(definition: Definition) -> tuple[Days, ...]:
    """Days of leave leave the sums of a ratio; what was counted on them still counts elsewhere."""
    metric = definition.metric
    is_summed_ratio = metric.aggregate is Aggregate.RATIO and not metric.is_state
    return (not_on_leave,) if is_summed_ratio else ()


def measure_standing(
    session: Session,
    yardstick: Yardstick,
    reps: Iterable[Rep],
    *,
    knowledge: Knowledge,
    as_of: datetime,
    on: date | None = None,
) -> Gaps:
    """The gaps of every rep on the day ``on`` (that of ``knowledge``), one query a metric.

    Whoever is asked about, each is weighed among all of their peers.

    On an earlier day, what adds up is taken as it is known by now; a state, as it was then.
    """
    asked, day = list(reps), on or knowledge.day
    people = yardstick.with_peers(asked)
    held = _held_to(yardstick, {rep.role for rep in people}, day)
    readings = _readings(session, yardstick, people, held, knowledge, as_of)
    gaps = {rep.id: _gaps_of(rep, held[rep.role], readings, yardstick, day) for rep in people}
    weighed = _weighed(gaps, people, yardstick, day)
    return {rep.id: weighed[rep.id] for rep in asked}


#: What the role is held to: each metric with its range and the days it is read over.
Held = Sequence[tuple[Definition, TargetRange, Window]]
Readings = Mapping[tuple[MetricKey, date], Mapping[RepId, Reading]]


def _held_to(yardstick: Yardstick, roles: Iterable[RoleKey], day: date) -> Mapping[RoleKey, Held]:
    found: dict[RoleKey, Held] = {}
    for role in roles:
        model = yardstick.models.get(role)
        ranges = (
            ((yardstick.metrics[key], target) for key, target in model.ranges.items())
            if model
            else ()
        )
        found[role] = [
            (definition, target, window_for(definition, target, day, asked=yardstick.window))
            for definition, target in ranges
        ]
    return found


def _gaps_of(
    rep: Rep, held: Held, readings: Readings, yardstick: Yardstick, day: date
) -> dict[MetricKey, Gap]:
    shares: dict[Window, float] = {}

    def share_of(window: Window) -> float:
        if window not in shares:
            shares[window] = fair_share(rep, window, yardstick=yardstick)
        return shares[window]

    is_member = yardstick.is_member(rep.id, day)
    gaps = {}
    for definition, target, window in held:
        if definition.metric.is_state and not is_member:
            continue
        key = definition.metric.key
        fair = fair_target(definition, target, share=partial(share_of, window))
        gaps[key] = measure_gap(definition.metric, readings[key, window.first][rep.id], fair)
    return gaps


def _weighed(
    gaps: Mapping[RepId, Mapping[MetricKey, Gap]],
    people: Iterable[Rep],
    yardstick: Yardstick,
    today: date,
) -> Gaps:
    """Each gap marked with whether it is more than bad luck, among the rep's peers."""
    weighed: dict[RepId, dict[MetricKey, Gap]] = {rep: dict(each) for rep, each in gaps.items()}
    for group in yardstick.peer_groups(people, today):
        model = yardstick.models.get(group.role)
        for metric, target in (model.ranges if model else {}).items():
            alike = {rep: gaps[rep][metric] for rep in group.peers if metric in gaps[rep]}
            edge = "low" if target.low > 0 else "high"
            full = getattr(target, edge)
            shares = {
                rep: getattr(gap.target, edge) / full if full else 1.0 for rep, gap in alike.items()
            }
            for rep_id, gap in weigh_gaps(alike, fair_shares=shares).items():
                if rep_id in group.judged:
                    weighed[rep_id][metric] = gap
    return weighed


def _readings(
    session: Session,
    yardstick: Yardstick,
    reps: list[Rep],
    held: Mapping[RoleKey, Held],
    knowledge: Knowledge,
    as_of: datetime,
) -> Readings:
    wanted: dict[tuple[MetricKey, date], tuple[Definition, Window, list[RepId]]] = {}
    for rep in reps:
        for definition, _, window in held[rep.role]:
            place = (definition.metric.key, window.first)
            wanted.setdefault(place, (definition, window, []))[2].append(rep.id)
    found: dict[tuple[MetricKey, date], Mapping[RepId, Reading]] = {}
    for place, (definition, window, people) in wanted.items():
        days = days_that_count(definition)
        if yardstick.member_days is not None and not definition.metric.is_state:
            days = (*days, within(yardstick.member_days))
        known = replace(knowledge, day=window.last) if definition.metric.is_state else knowledge
        found[place] = read_or_measure(
            session,
            definition,
            reps=people,
            window=window,
            knowledge=known,
            as_of=as_of,
            days=days,
        )
    return found


def fair_target(
    definition: Definition, target: TargetRange, *, share: Callable[[], float]
) -> TargetRange:
    """The range for the days the rep really had, and the month of ramp they are in.

    Only what adds up over days is prorated: counts and sums over a window. Shares and states stay
    as they are; days of leave have been left out of them.
    """
    return prorated(target, share()) if definition.adds_up_over_days else target


def prorated(target: TargetRange, part: float) -> TargetRange:
    """The range for a part, or a multiple, of its days."""
    if part == 1:
        return target
    return replace(target, low=target.low * part, high=target.high * part)


def fair_share(rep: Rep, window: Window, *, yardstick: Yardstick) -> float:
    return working_share(rep, window, yardstick) * ramp_share(rep, window, yardstick)


def ramp_share(rep: Rep, window: Window, yardstick: Yardstick) -> float:
    """What the rep's role expects of them in this part of their ramp."""
    profile = yardstick.profile_of(rep.role)
    return profile.share_over(yardstick.clock_of(rep), window.first, window.last)


def working_share(rep: Rep, window: Window, yardstick: Yardstick) -> float:
    """The rep's working days in the window, as a share of a full-time rep's."""
    is_member = partial(yardstick.is_member, rep.id)
    return yardstick.calendar.working_share(
        rep,
        window.first,
        window.last,
        leave=yardstick.leave,
        counts=None if yardstick.member_days is None else is_member,
    )

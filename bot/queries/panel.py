"""The weekly panel that the statistics look at: counts by metric, rep and week."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy import func, literal, select
from sqlmodel import Session

from bot.coaching.evidence.panel import FactKind, PanelMetric, WeeklyPanel
from bot.domain.ids import MetricKey, RepId, RoleKey
from bot.domain.metric import Aggregate, Unit
from bot.domain.people import Rep
from bot.domain.roster import Roster
from bot.domain.success_model import SuccessModel
from bot.domain.windows import Window
from bot.metrics.definition import Definition
from bot.metrics.fact_tables import Kind
from bot.queries.standing import days_that_count, ramp_share, working_share
from bot.queries.yardstick import Yardstick
from bot.storage.availability import unavailable_metrics
from bot.storage.current import is_filled
from bot.storage.facts.days import narrowed
from bot.storage.facts.select import DaysBetween, Knowledge, select_facts
from bot.storage.readings import filled_days

#: Weeks of history weighed when nothing is remembered yet.
HISTORY_WEEKS = 52
TUESDAY = 1
ALWAYS_WATCHED = frozenset(
    MetricKey(key)
    for key in (
        "calls_completed",
        "conversations",
        "emails_sent",
        "meetings_held",
        "opportunities_created",
        "won_count",
        "win_rate_count",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekSpan:
    """Consecutive weeks by their Mondays, both included."""

    first: date
    last: date

    @property
    def mondays(self) -> list[date]:
        count = (self.last - self.first).days // 7 + 1
        return [self.first + timedelta(days=7 * n) for n in range(count)]


def newest_complete_week(today: date) -> date:
    """The Monday of the newest week to be weighed on ``today``.

    A week is weighed from the Tuesday after it: a tenth of a week's activities is written down
    late, and what was said too early would have to be taken back.
    """
    monday = today - timedelta(days=today.weekday())
    back = 7 if today.weekday() >= TUESDAY else 14
    return monday - timedelta(days=back)


def watched_metrics(
    session: Session,
    metrics: Mapping[MetricKey, Definition],
    models: Mapping[RoleKey, SuccessModel],
) -> Sequence[Definition]:
    """What success models name, and what sales is made of, as far as it is counted and available.

    Every metric watched has a false alarm now and then, so the rest of the catalogue is left out.
    """
    missing = unavailable_metrics(session, metrics.values())
    named = {key for model in models.values() for key in model.ranges} | ALWAYS_WATCHED
    return [
        definition
        for key, definition in metrics.items()
        if key in named and key not in missing and _is_watchable(definition)
    ]


def _is_watchable(definition: Definition) -> bool:
    metric = definition.metric
    if metric.is_state:
        return False
    if metric.aggregate is Aggregate.COUNT:
        return True
    return (
        metric.aggregate is Aggregate.RATIO
        and metric.unit is Unit.SHARE
        and definition.numerator is not None
        and definition.numerator.kind is Kind.BOOLEAN
    )


def read_panel(
    session: Session,
    definitions: Sequence[Definition],
    reps: Sequence[Rep],
    *,
    roster: Roster,
    yardstick: Yardstick,
    span: WeekSpan,
    knowledge: Knowledge,
) -> WeeklyPanel:
    mondays = span.mondays
    places = {rep.id: at for at, rep in enumerate(reps)}
    shape = (len(definitions), len(reps), len(mondays))
    counts, trials = np.zeros(shape), np.zeros(shape)
    for at, definition in enumerate(definitions):
        for rep, week, count, trial in _weekly(session, definition, span, knowledge):
            place = places.get(RepId(rep))
            if place is not None and 0 <= week < len(mondays):
                counts[at, place, week], trials[at, place, week] = count, trial
    low, high = edges_of(definitions, reps, yardstick)
    working, ramp = _shares(reps, mondays, roster, yardstick)
    return WeeklyPanel(
        metrics=tuple(_panel_metric(each, definitions) for each in definitions),
        reps=tuple(rep.id for rep in reps),
        teams=tuple(rep.team for rep in reps),
        roles=tuple(rep.role for rep in reps),
        weeks=tuple(mondays),
        counts=counts,
        trials=trials,
        working_share=working,
        ramp_share=ramp,
        target_low=low,
        target_high=high,
    )


def _weekly(
    session: Session, definition: Definition, span: WeekSpan, knowledge: Knowledge
) -> Iterable[tuple[str, int, float, float]]:
    """(rep, week number from the first, facts or successes, trials)."""
    window = Window(first=span.first, last=span.last + timedelta(days=6), label="weeks")
    # For a count, what is added up above the line is 1 a fact, on a day or one by one.
    is_kept = is_filled(session, definition, window, knowledge)
    told = filled_days(definition) if is_kept else select_facts(definition, knowledge)
    table = narrowed(told, *days_that_count(definition)).subquery("told")
    week = DaysBetween(table.c.day, literal(span.first)) / 7
    weekly = (
        select(
            table.c.rep_id,
            func.floor(week).label("week"),
            func.sum(table.c.numerator),
            func.sum(table.c.denominator),
        )
        .where(table.c.day >= window.first, table.c.day <= window.last)
        .group_by(table.c.rep_id, func.floor(week))
    )
    for rep, number, count, trial in session.connection().execute(weekly):
        yield str(rep), int(number), float(count or 0), float(trial or 0)


def _panel_metric(definition: Definition, watched: Sequence[Definition]) -> PanelMetric:
    metric = definition.metric
    counted = {each.metric.key for each in watched if each.metric.aggregate is Aggregate.COUNT}
    is_count = metric.aggregate is Aggregate.COUNT
    return PanelMetric(
        key=metric.key,
        kind=FactKind.COUNT if is_count else FactKind.SHARE,
        valence=metric.valence,
        leads_to=metric.guard if is_count and metric.guard in counted else None,
    )


def edges_of(
    definitions: Sequence[Definition], reps: Sequence[Rep], yardstick: Yardstick
) -> tuple[np.ndarray, np.ndarray]:
    """The ranges of the roles that the reps hold, for a week or as a share."""
    low = np.full((len(definitions), len(reps)), np.nan)
    high = low.copy()
    for at, definition in enumerate(definitions):
        for place, rep in enumerate(reps):
            model = yardstick.models.get(rep.role)
            target = model.ranges.get(definition.metric.key) if model else None
            if target is not None:
                weeks = target.weeks if definition.metric.aggregate is Aggregate.COUNT else 1
                low[at, place], high[at, place] = target.low / weeks, target.high / weeks
    return low, high


def in_week(rep: Rep, monday: date, roster: Roster) -> Rep:
    """The rep in the role that they held at the end of the week."""
    is_always_the_same = len(roster.past.get(rep.id, ())) <= 1
    return rep if is_always_the_same else roster.rep_on(rep, monday + timedelta(days=6))


def _shares(
    reps: Sequence[Rep], mondays: Sequence[date], roster: Roster, yardstick: Yardstick
) -> tuple[np.ndarray, np.ndarray]:
    working, ramp = np.zeros((len(reps), len(mondays))), np.ones((len(reps), len(mondays)))
    for place, rep in enumerate(reps):
        for at, monday in enumerate(mondays):
            week = Window(first=monday, last=monday + timedelta(days=6), label="week")
            then = in_week(rep, monday, roster)
            working[place, at] = working_share(then, week, yardstick)
            ramp[place, at] = ramp_share(then, week, yardstick)
    return working, ramp

"""Charts of what queries found, with their words; None where there is nothing worth a look."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from bot.coaching.gaps import rounded
from bot.domain.chart import (
    Curve,
    CurveMark,
    CurvePoint,
    Curves,
    Funnel,
    FunnelEdge,
    FunnelPoint,
    Point,
    RangeRow,
    Sparkline,
    Step,
    StepKind,
    TeamAgainstRange,
    Waterfall,
)
from bot.domain.metric import Aggregate, Metric, Reading
from bot.domain.success_model import TargetRange
from bot.domain.windows import Window
from bot.queries import pipeline_waterfall
from bot.queries.ramp import Cohort, NewHireOnRamp
from bot.queries.team_health import HealthLine, TeamHealth
from bot.render.filters import day, drawable, measure, money

MOST_ROWS = 6
#: The band is the same for every week; days away and months of ramp are not taken off week by week.
FULL_WEEK = " in a full week"
FEWEST_POINTS = 3
#: Luck keeps 95 of 100 within.
TAIL = 0.025
MOVES: Sequence[tuple[str, str, int]] = (
    ("created", "Created", 1),
    ("pulled_in", "Pulled in", 1),
    ("reopened", "Reopened", 1),
    ("received", "Received", 1),
    ("increased", "Up", 1),
    ("decreased", "Down", -1),
    ("pushed", "Pushed out", -1),
    ("handed_over", "Handed over", -1),
    ("lost", "Lost", -1),
    ("won", "Won", -1),
)


def team_chart(health: TeamHealth, *, currency: str, is_shared: bool) -> TeamAgainstRange | None:
    """The metrics in which most reps are short come first."""
    lines = [line for section in health.sections for line in section.lines]
    shown = [line for line in lines if len(line.dots) >= FEWEST_POINTS]
    shown.sort(key=lambda line: -line.short)
    rows = tuple(
        _row(line, currency, drawable(health.locale), is_shared=is_shared)
        for line in shown[:MOST_ROWS]
    )
    if not rows:
        return None
    return TeamAgainstRange(title=f"{health.team_name} against its ranges", rows=rows)


def _row(line: HealthLine, currency: str, locale: str, *, is_shared: bool) -> RangeRow:
    told = measure(line.team_value, line.unit, currency, locale=locale)
    if line.low is not None:
        edges = (
            measure(edge, line.unit, currency, locale=locale) for edge in (line.low, line.high)
        )
        told = f"{told}, range {' to '.join(edges)}"
    return RangeRow(label=line.title, told=told, dots=line.dots, shows_dots=not is_shared)


def waterfall_chart(
    moved: pipeline_waterfall.Waterfall, *, title: str, currency: str, locale: str | None
) -> Waterfall | None:
    """What did not move is left out."""
    if moved.is_empty:
        return None
    locale = drawable(locale)
    changes = [
        Step(label=label, amount=sign * cents, told=_signed(sign * cents, currency, locale))
        for name, label, sign in MOVES
        if (cents := getattr(moved, name))
    ]
    start, end = (
        Step(
            label=label,
            amount=cents,
            told=money(cents, currency, locale=locale),
            kind=StepKind.TOTAL,
        )
        for label, cents in (("Start", moved.start), ("End", moved.end))
    )
    return Waterfall(title=title, steps=(start, *changes, end))


def _signed(cents: int, currency: str, locale: str) -> str:
    sign = "+" if cents >= 0 else "−"  # noqa: RUF001 - a minus sign
    return f"{sign}{money(abs(cents), currency, locale=locale)}"


def weekly_chart(
    metric: Metric,
    readings: Iterable[Reading],
    *,
    fair: TargetRange | None,
    currency: str,
    locale: str | None,
) -> Sparkline | None:
    """A rep's metric over weeks, oldest first; ``fair`` is what one of them may be held to."""
    locale = drawable(locale)
    points = [
        Point(
            label=day(_place(reading.window), locale=locale),
            value=reading.value if reading.facts else None,
        )
        for reading in readings
    ]
    known = [point.value for point in points if point.value is not None]
    if len(known) < FEWEST_POINTS:
        return None
    edges = rounded(fair, metric.unit) if fair else None
    adds_up = metric.aggregate in {Aggregate.COUNT, Aggregate.SUM}
    words = [measure(edge, metric.unit, currency, locale=locale) for edge in edges or ()]
    return Sparkline(
        title=metric.title,
        points=points,
        told=measure(known[-1], metric.unit, currency, locale=locale),
        low=edges[0] if edges else None,
        high=edges[1] if edges else None,
        range_told=" to ".join(words) + (FULL_WEEK if words and adds_up else ""),
    )


def _place(window: Window) -> date:
    """A week is called by its first day, and what takes several by the day on which they end."""
    is_longer = window.last - window.first > timedelta(days=6)
    return window.last if is_longer else window.first


def ramp_chart(cohorts: Iterable[Cohort], hire: NewHireOnRamp | None = None) -> Curves | None:
    """How soon firsts come in one role; the first role's, where there are several.

    With one person on it, whose role it is then.
    """
    told = [each for each in cohorts if each.curve]
    shown = [each for each in told if each.role == told[0].role]
    if not shown:
        return None
    return Curves(
        title=f"{shown[0].role}: who has had theirs",
        axis="days since the start",
        curves=tuple(_curve(each) for each in shown),
        who=hire.rep if hire and hire.milestones else "",
        marks=tuple(_marks(shown, hire)) if hire else (),
    )


def _marks(cohorts: Sequence[Cohort], hire: NewHireOnRamp) -> Iterator[CurveMark]:
    own = {each.title: each.took for each in hire.milestones}
    for number, cohort in enumerate(cohorts):
        if cohort.title in own:
            took = own[cohort.title]
            yield CurveMark(
                curve=number,
                at=hire.day - 1 if took is None else took,
                has_happened=took is not None,
            )


def _curve(cohort: Cohort) -> Curve:
    """Kaplan and Meier's, turned over: of those who began, who no longer waits."""
    points = (
        CurvePoint(at=step.days, share=1 - step.waiting, low=1 - step.high, high=1 - step.low)
        for step in cohort.curve
    )
    return Curve(label=cohort.title, points=tuple(points))


def funnel_chart(readings: Iterable[Reading], *, title: str, axis: str) -> Funnel | None:
    """Shares of several reps that luck alone could have made, and those that it hardly could."""
    known = [each for each in readings if each.value is not None and each.facts]
    if len(known) < FEWEST_POINTS:
        return None
    facts = sum(each.facts for each in known)
    centre = sum((each.value or 0.0) * each.facts for each in known) / facts
    if not 0 < centre < 1:
        return None
    most = max(each.facts for each in known)
    return Funnel(
        title=title,
        axis=axis,
        centre=centre,
        points=tuple(FunnelPoint(facts=each.facts, share=each.value or 0.0) for each in known),
        edges=_edges(most, centre),
    )


def _edges(most: int, centre: float) -> tuple[FunnelEdge, ...]:
    """For every number of facts up to the most that anybody has."""
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    facts = np.arange(1, most + 1)
    low, high = (binom.ppf(tail, facts, centre) / facts for tail in (TAIL, 1 - TAIL))
    return tuple(
        FunnelEdge(facts=int(number), low=float(below), high=float(above))
        for number, below, above in zip(facts, low, high, strict=True)
    )

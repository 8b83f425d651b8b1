"""What the statistics must reach (coaching-statistics D7), measured on made-up organisations.

Every number comes from seeds; the same code prints the table of docs/why/noise.md and fails tests.
"""

from collections.abc import Callable, Iterator

import numpy as np

from bot.coaching.evidence.levels import weigh_levels
from bot.coaching.evidence.signals import weigh_panel
from bot.coaching.evidence.thresholds import SILENT_WEEKS
from bot.coaching.holdout import Decision, Verdict, nudge_effect
from tests.simulation import comparison, halved
from tests.simulation.bar import Bar
from tests.simulation.generator import (
    MadeUpOrganisation,
    Nuisances,
    made_up_organisations,
)
from tests.simulation.role_bars import role_bars
from tests.simulation.scorer import JUDGED_FROM, panel_of, score, warned
from tests.simulation.strangers import panel_of_series, strangers_series, thinned


def _whole_year() -> Iterator[Bar]:
    years = 22
    everything, escalated = score(made_up_organisations(years, seed=7))
    rests_on = f"{years} years of 40 reps, 3 metrics"
    falls, _ = comparison.stored()
    yield Bar(
        what="False warnings a rep, metric and week",
        measured=everything.false_rate(),
        at_most=0.01,
        rests_on=rests_on,
    )
    yield Bar(
        what="False escalations to a manager a rep, metric and week",
        measured=escalated.false_rate(),
        at_most=0.002,
        rests_on=rests_on,
    )
    yield Bar(
        what="Planted struggles noticed within 8 weeks, all sizes (a fifth to three fifths lost)",
        measured=comparison.recall_of_all(falls)[comparison.OURS],
        at_least=0.58,
        rests_on=f"{len(falls)} struggles, as stored",
    )
    for name, words, at_most in (
        ("shock", "weeks in which everybody fell", 0.01),
        ("holiday", "holiday weeks", 0.01),
        ("known_leave", "known leave", 0.01),
        ("ramping", "a new hire's ramp", 0.01),
        ("unknown_leave", "leave that nobody entered", 0.05),
    ):
        yield Bar(
            what=f"False warnings in {words}",
            measured=everything.false_rate(name),
            at_most=at_most,
            rests_on=f"{everything.weeks[name]} rep-metric-weeks",
        )


def _given_drops() -> Iterator[Bar]:
    falls = halved.stored()
    yield Bar(
        what="Noticed within 8 weeks: 8 a week, halved",
        measured=halved.recall(falls)[0],
        at_least=0.9,
        rests_on=f"{len(falls)} struggles, as stored",
    )
    everything, _ = score(made_up_organisations(24, seed=8, given=halved.WORLD))
    yield Bar(
        what="Noticed within 8 weeks: 50 a week, two fifths lost",
        measured=everything.recall(metric=0, factor=0.6),
        at_least=0.95,
        rests_on=f"{len(everything.delays[0, 0.6])} struggles",
    )


def _strangers_counts() -> Iterator[Bar]:
    noticed: list[bool] = []
    for series in strangers_series():
        panel = panel_of_series(series)
        said = warned(weigh_panel(panel)[0], panel)
        weeks = said[:, :, JUDGED_FROM - 1 :].size
        yield Bar(
            what=f"Warnings on a stranger's counts, 1 % asked: {series.name}",
            measured=said.sum() / weeks,
            at_least=0.005,
            at_most=0.015,
            rests_on=f"{weeks} rep-weeks, none planted",
        )
        noticed += [
            bool(warned(weigh_panel(changed)[0], changed)[0, rep, first : first + 8].any())
            for changed, places in thinned(series, factor=0.5, rounds=10, seed=9)
            for rep, first in places
        ]
    yield Bar(
        what="Halved by thinning a stranger's counts (3 to 6 a week), noticed within 8 weeks",
        measured=float(np.mean(noticed)),
        at_least=0.75,
        rests_on=f"{len(noticed)} drops",
    )


def _levels() -> Iterator[Bar]:
    rng = np.random.default_rng(10)
    false = fine = found = short = 0
    for _ in range(100):
        truth = rng.gamma(16, 1 / 16, 40)
        effort = np.exp(rng.normal(-(0.15**2) / 2, 0.15, (40, 8)))
        counts = rng.poisson(8 * truth[:, None] * effort)[None].astype(float)
        levels = weigh_levels(
            counts,
            np.ones_like(counts),
            low=np.full((1, 40), 8.0),
            high=np.full((1, 40), np.nan),
            noise=np.asarray([0.15**2]),
            is_share=(False,),
        )
        false += int((levels.is_short[0] & (truth > 0.9)).sum())
        fine += int((truth > 0.9).sum())
        found += int((levels.is_short[0] & (truth < 0.75)).sum())
        short += int((truth < 0.75).sum())
    yield Bar(
        what="Fine reps called short of target (8 a week, two windows of 4 weeks)",
        measured=false / fine,
        at_most=0.01,
        rests_on=f"{fine} fine reps",
    )
    yield Bar(
        what="Reps at under three quarters of target called short",
        measured=found / short,
        at_least=0.31,
        rests_on=f"{short} short reps",
    )


def _gaming() -> Iterator[Bar]:
    world = Nuisances(
        gaming=0.08, honest_surges=0.16, effort_is_shared=True, first_struggle=14, new_hires=0.0
    )
    found: list[bool] = []
    doubted: list[bool] = []
    for organisation in made_up_organisations(20, seed=11, given=world):
        flags = _flagged_weeks(organisation)
        for rep, first in enumerate(organisation.junk_from):
            if first >= 0:
                found.append(any(first <= week < first + 8 for week in flags.get(rep, ())))
        for rep, first in enumerate(organisation.surge_from):
            if first >= 0:
                doubted.append(any(first <= week < first + 10 for week in flags.get(rep, ())))
    yield Bar(
        what="Junk activity found within 8 weeks",
        measured=float(np.mean(found)),
        at_least=0.9,
        rests_on=f"{len(found)} reps who log junk",
    )
    yield Bar(
        what="Honest surges doubted",
        measured=float(np.mean(doubted)),
        at_most=0.01,
        rests_on=f"{len(doubted)} honest surges",
    )


def _flagged_weeks(organisation: MadeUpOrganisation) -> dict[int, list[int]]:
    panel = panel_of(organisation)
    flagged: dict[int, list[int]] = {}
    for outcome in weigh_panel(panel)[0]:
        for flag in outcome.trust_flags:
            weeks = flagged.setdefault(panel.reps.index(flag.rep), [])
            weeks.append(panel.weeks.index(flag.week))
    return flagged


def _common() -> Iterator[Bar]:
    told = unexplained = weeks = 0
    shocks = 0
    for organisation in made_up_organisations(12, seed=12, given=Nuisances(shock_share=1.0)):
        panel = panel_of(organisation)
        shock, holiday = organisation.shock[0], organisation.holiday[0]
        hit = False
        for at, outcome in enumerate(weigh_panel(panel)[0]):
            common = [finding for finding in outcome.findings if finding.team is None]
            # Said of a holiday within four weeks before, it still stands and is not said again.
            hit = hit or (bool(common) and bool(shock[at : at + SILENT_WEEKS + 1].any()))
            explained = shock[max(0, at - 1) : at + 1].any() or holiday[at]
            unexplained += len(common) * (not explained)
            weeks += len(panel.metrics)
        told, shocks = told + hit, shocks + 1
    yield Bar(
        what="Falls of everybody told to the leader",
        measured=told / shocks,
        at_least=0.95,
        rests_on=f"{shocks} shocks",
    )
    yield Bar(
        what="Common falls told where there was none",
        measured=unexplained / weeks,
        at_most=0.005,
        rests_on=f"{weeks} metric-weeks",
    )


def _peeking() -> Iterator[Bar]:
    runs = 120
    rng = np.random.default_rng(13)
    ever = naive = 0
    for _ in range(runs):
        decisions: list[Decision] = []
        claimed = fooled = False
        for sent, outcomes in null_weeks(rng):
            decisions += [
                Decision(
                    rep=str(rep), was_sent=bool(sent[rep]), probability=0.5, outcome=float(outcome)
                )
                for rep, outcome in enumerate(outcomes)
            ]
            effect = nudge_effect(decisions)
            if effect is not None:
                claimed = claimed or effect.verdict is not Verdict.UNKNOWN
                fooled = fooled or not effect.planned.holds(0)
        ever, naive = ever + claimed, naive + fooled
    yield Bar(
        what="Useless nudges declared useful (or harmful) by looking every week for half a year",
        measured=ever / runs,
        at_most=0.05,
        rests_on=f"{runs} experiments; a plain interval is fooled in {naive / runs:.0%}",
    )


def null_weeks(
    rng: np.random.Generator, *, reps: int = 40, weeks: int = 26, mean: float = 8.0
) -> Iterator[tuple[np.typing.NDArray[np.bool_], np.typing.NDArray[np.int64]]]:
    """Weeks in which a nudge changes nothing, with effort that lasts (C5)."""
    base, effort = mean * rng.gamma(16, 1 / 16, reps), rng.normal(size=reps)
    for _ in range(weeks):
        effort = 0.3 * effort + np.sqrt(1 - 0.3**2) * rng.normal(size=reps)
        yield rng.random(reps) < 0.5, rng.poisson(base * np.exp(0.15 * effort))


#: Apart, so that each is a test of its own.
GROUPS: dict[str, Callable[[], Iterator[Bar]]] = {
    "a year with everything that is nobody's fault": _whole_year,
    "given drops": _given_drops,
    "counts that nobody here made": _strangers_counts,
    "levels": _levels,
    "junk and honest surges": _gaming,
    "what everybody shares": _common,
    "looking every week": _peeking,
    "what roles learn": role_bars,
}

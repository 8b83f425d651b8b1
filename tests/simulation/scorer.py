"""How well signals match what was planted (coaching-statistics D2), and at what price."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from bot.coaching.evidence.panel import PanelMetric, WeeklyPanel
from bot.coaching.evidence.signals import Direction, Kind, WeekOutcome, weigh_panel
from bot.coaching.evidence.tiers import Tier
from bot.domain.ids import MetricKey, RepId, TeamId
from tests.simulation.generator import METRICS, Flags, MadeUpOrganisation

MONDAY = date(2025, 1, 6)
#: Nobody can be judged before there is something to judge by.
JUDGED_FROM = 9


def panel_of(
    organisation: MadeUpOrganisation,
    *,
    target: Sequence[float] | None = None,
) -> WeeklyPanel:
    """What the bot would know of the organisation; ``target`` is a low edge for each metric."""
    metrics, reps, weeks = organisation.counts.shape
    keys = [MetricKey(METRICS[at] if at < len(METRICS) else f"m{at}") for at in range(metrics)]
    low = None
    if target is not None:
        low = np.repeat(np.asarray(target, dtype=float)[:, None], reps, axis=1)
    return WeeklyPanel(
        metrics=tuple(
            PanelMetric(key=key, leads_to=keys[at + 1] if at == 0 and metrics > 1 else None)
            for at, key in enumerate(keys)
        ),
        reps=tuple(RepId(f"rep{rep:03}") for rep in range(reps)),
        teams=tuple(TeamId(f"team{team}") for team in organisation.teams),
        weeks=tuple(MONDAY + timedelta(weeks=week) for week in range(weeks)),
        counts=organisation.counts.astype(float),
        working_share=organisation.working_share,
        ramp_share=organisation.ramp_share,
        target_low=low,
    )


def outcomes_of(organisation: MadeUpOrganisation) -> tuple[WeekOutcome, ...]:
    return weigh_panel(panel_of(organisation))[0]


def warned(
    outcomes: Iterable[WeekOutcome], panel: WeeklyPanel, *, tier: Tier | None = None
) -> Flags:
    """(metrics, reps, weeks): where a change for the worse was signalled."""
    said = np.zeros(panel.counts.shape, dtype=bool)
    metric_at = {metric.key: at for at, metric in enumerate(panel.metrics)}
    rep_at = {rep: at for at, rep in enumerate(panel.reps)}
    week_at = {week: at for at, week in enumerate(panel.weeks)}
    for outcome in outcomes:
        for signal in outcome.signals:
            is_change = signal.kind in {Kind.SUDDEN, Kind.DRIFT}
            if (
                is_change
                and signal.direction is Direction.DOWN
                and (tier is None or signal.tier is tier)
            ):
                said[metric_at[signal.metric], rep_at[signal.rep], week_at[signal.week]] = True
    return said


@dataclass(kw_only=True)
class Score:
    """Sums over organisations; false rates are per rep-metric-week."""

    metrics: int
    false: dict[str, int] = field(default_factory=dict)
    weeks: dict[str, int] = field(default_factory=dict)
    true_alarms: int = 0
    #: (metric, factor) → weeks until noticed; None when it never was.
    delays: dict[tuple[int, float], list[int | None]] = field(default_factory=dict)

    def add(self, organisation: MadeUpOrganisation, said: Flags) -> None:
        fine = (organisation.truth == 1) & (
            organisation.working_share * organisation.ramp_share > 0
        )
        fine[:, :, :JUDGED_FROM] = False
        self._count("all", said & fine, fine)
        for at in range(self.metrics):
            self._count(
                METRICS[at] if at < len(METRICS) else f"m{at}", said[at] & fine[at], fine[at]
            )
        for name in ("shock", "holiday", "known_leave", "unknown_leave", "ramping"):
            weeks = np.broadcast_to(getattr(organisation, name), fine.shape)
            around = weeks & (organisation.truth == 1) if name == "known_leave" else weeks & fine
            self._count(name, said & around, around)
        self.true_alarms += int((said & (organisation.truth < 1)).sum())
        for struggle in organisation.struggles:
            weeks = said[struggle.metric, struggle.rep, struggle.first : struggle.last + 1]
            first = int(weeks.argmax()) + 1 if weeks.any() else None
            self.delays.setdefault((struggle.metric, struggle.factor), []).append(first)

    def _count(self, name: str, said: Flags, among: Flags) -> None:
        self.false[name] = self.false.get(name, 0) + int(said.sum())
        self.weeks[name] = self.weeks.get(name, 0) + int(among.sum())

    def false_rate(self, name: str = "all") -> float:
        return self.false[name] / max(1, self.weeks[name])

    @property
    def precision(self) -> float:
        return self.true_alarms / max(1, self.true_alarms + self.false["all"])

    def recall(
        self, *, within: int = 8, metric: int | None = None, factor: float | None = None
    ) -> float:
        delays = [
            delay
            for (at, f), many in self.delays.items()
            for delay in many
            if (metric is None or at == metric) and (factor is None or f == factor)
        ]
        return sum(delay is not None and delay <= within for delay in delays) / max(1, len(delays))


def score(organisations: Iterable[MadeUpOrganisation]) -> tuple[Score, Score]:
    """All warnings, and the escalated ones alone."""
    everything, escalated = Score(metrics=len(METRICS)), Score(metrics=len(METRICS))
    for organisation in organisations:
        panel = panel_of(organisation)
        outcomes = weigh_panel(panel)[0]
        everything.add(organisation, warned(outcomes, panel))
        escalated.add(organisation, warned(outcomes, panel, tier=Tier.ESCALATE))
    return everything, escalated

"""Made-up roles with planted truths: which metrics lead to the next quarter, which only seem to.

Three metrics lead (their quarters and their levels raise the next quarter), and five do not: one
rides on good territory, one follows the quarter's own outcome, one is season, two are noise.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.coaching.role_quarters import CandidateMetric, RoleQuarters
from bot.domain.ids import MetricKey, RepId, TeamId
from tests.simulation.generator import Floats

TRUE = ("meetings", "conversations", "proposals")
SEEMING = ("territory_leads", "paperwork", "season_mail", "noise_calls", "noise_visits")
MEANS = np.array([150, 24, 6, 90, 60, 36, 120, 18], dtype=float)
EFFECTS = (0.5, 0.6, 0.5)
WITHIN, BETWEEN = 0.25, 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWorld:
    reps: int = 40
    quarters: int = 12
    teams: int = 5
    #: 0 plants nothing.
    effect: float = 1.0
    noise: float = 0.3
    #: From quarter to quarter, of habits and of what nothing explains.
    memory: float = 0.0
    #: What the quarters of a team have in common, in habits as in outcomes.
    team_shock: float = 0.0


def make_role(rng: np.random.Generator, given: RoleWorld) -> RoleQuarters:
    reps, quarters = given.reps, given.quarters
    team = np.arange(reps) % given.teams
    territory = rng.normal(0, 0.3, reps)
    season = rng.normal(0, 0.15, quarters)
    level = rng.normal(0, BETWEEN, (len(MEANS), reps, 1))
    moved = _lasting(rng.normal(0, WITHIN, (len(MEANS), reps, quarters)), given.memory)
    habit = level + moved
    outcome = territory[:, None] + season + rng.normal(0, 0.1, (given.teams, quarters))[team]
    outcome = outcome + _lasting(rng.normal(0, given.noise, (reps, quarters)), given.memory)
    for at, effect in enumerate(EFFECTS):
        outcome[:, 1:] += given.effect * effect * habit[at, :, :-1]
        outcome[:, :1] += given.effect * effect * level[at]
    log_rate = np.log(MEANS)[:, None, None] + habit + 0.3 * season
    if given.team_shock:
        shock = rng.normal(0, given.team_shock, (given.teams, quarters))[team]
        log_rate, outcome = log_rate + shock, outcome + shock
    log_rate[3] += territory[:, None]
    log_rate[4] += 0.8 * (outcome - outcome.mean())
    log_rate[5] += 2 * season
    return RoleQuarters(
        metrics=tuple(CandidateMetric(key=MetricKey(name)) for name in TRUE + SEEMING),
        reps=tuple(RepId(f"rep {n}") for n in range(reps)),
        teams=tuple(TeamId(f"team {n}") for n in team),
        quarters=tuple(date(2020 + n // 4, 1 + 3 * (n % 4), 1) for n in range(quarters)),
        values=rng.poisson(np.exp(log_rate)).astype(float),
        outcome=100_000 * rng.gamma(8, 1 / 8, (reps, quarters)) * np.exp(outcome),
    )


def _lasting(noise: Floats, memory: float) -> Floats:
    """The same noise, each quarter of it much like the one before."""
    path = noise.copy()
    for at in range(1, noise.shape[-1]):
        path[..., at] = memory * path[..., at - 1] + np.sqrt(1 - memory**2) * noise[..., at]
    return path

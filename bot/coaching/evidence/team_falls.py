"""Whether one team fell far more than the others, in this week or over the last four."""

from collections.abc import Mapping

import numpy as np

from bot.coaching.evidence.arrays import Floats
from bot.coaching.evidence.common_cause import FEWEST_WEEKS, TeamStanding, team_standings
from bot.coaching.evidence.expectation import Rates
from bot.coaching.evidence.panel import PanelWeek
from bot.coaching.evidence.state import EvidenceState
from bot.domain.ids import TeamId

WEEKS_TOGETHER = 4
#: A team's weeks differ from the others' by at least this much for reasons of their own.
LEAST_TEAM_SPREAD = 0.05


def standings_of_week(
    week: PanelWeek, state: EvidenceState, rates: Rates, expected: Floats
) -> tuple[Mapping[TeamId, TeamStanding], ...]:
    """The worse of this week's and the last four weeks' standing, a mapping for each metric."""
    recent = slice(1 - WEEKS_TOGETHER, None)
    standings: list[Mapping[TeamId, TeamStanding]] = []
    for at in range(len(week.metrics)):
        past = rates.rate[at][:, None] * state.exposures[at]
        spread = _spread_of_teams(week, state.counts[at], past, float(state.dispersion.phi[at]))
        if spread is None:
            standings.append({})
            continue
        phi = max(1.0, float(state.dispersion.phi[at]))
        now = team_standings(week.counts[at], expected[at], week.teams, phi=phi, spread=spread)
        lately = team_standings(
            week.counts[at] + state.counts[at][:, recent].sum(axis=-1),
            expected[at] + past[:, recent].sum(axis=-1),
            week.teams,
            phi=phi,
            # Teams' own ups and downs last: four weeks do not average them away.
            spread=spread,
        )
        standings.append(
            {
                team: min(
                    (standing for standing in (now.get(team), standing) if standing is not None),
                    key=lambda one: one.z,
                )
                for team, standing in lately.items()
            }
        )
    return tuple(standings)


def _spread_of_teams(week: PanelWeek, counts: Floats, expected: Floats, phi: float) -> float | None:
    """How much teams' log ratios to the others varied beyond chance; None: too few weeks."""
    names = sorted({team for team in week.teams if team is not None})
    if len(names) < 2:  # noqa: PLR2004 - a single team has no others
        return None
    inside = np.asarray([[team == name for team in week.teams] for name in names], dtype=float)
    seen, hoped = inside @ counts, inside @ expected
    others_seen, others_hoped = counts.sum(axis=0) - seen, expected.sum(axis=0) - hoped
    known = (hoped >= 1) & (others_hoped >= 1)
    if known.any(axis=0).sum() < FEWEST_WEEKS:
        return None
    logs = np.log((seen[known] + 0.5) / hoped[known]) - np.log(
        (others_seen[known] + 0.5) / others_hoped[known]
    )
    chance = max(1.0, phi) * (1 / hoped[known] + 1 / others_hoped[known])
    # Robust, so that the fall itself does not make falls look usual.
    scaled = np.median(np.abs(logs)) / 0.6745
    return float(np.sqrt(max(scaled**2 - float(np.median(chance)), LEAST_TEAM_SPREAD**2)))

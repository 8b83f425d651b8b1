"""What a team did last week, in the facts that its roles live by."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.domain.ids import MetricKey
from bot.domain.people import Team
from bot.domain.windows import Window
from bot.queries.rep_views import Moment
from bot.runtime import Runtime
from bot.storage.current import read_or_measure

TOLD: Sequence[MetricKey] = tuple(
    MetricKey(key) for key in ("meetings_held", "conversations", "opportunities_created")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFact:
    title: str
    value: int


def find_facts(
    session: Session, runtime: Runtime, team: Team, week: Window, moment: Moment
) -> tuple[TeamFact, ...]:
    """The team's sums of what some role of the team is asked for; what was not done is left out."""
    models = [runtime.models[rep.role] for rep in team.reps if rep.role in runtime.models]
    asked_for = {metric for model in models for metric in model.ranges}
    facts = []
    for key in TOLD:
        if key not in asked_for or key not in runtime.metrics:
            continue
        readings = read_or_measure(
            session,
            runtime.metrics[key],
            reps=[rep.id for rep in team.reps],
            window=week,
            knowledge=moment.knowledge,
            as_of=moment.as_of,
        )
        total = round(sum(reading.value or 0 for reading in readings.values()))
        if total:
            facts.append(TeamFact(title=runtime.metrics[key].metric.title, value=total))
    return tuple(facts)

"""What a role's quarters teach about its target ranges, up to a day."""

from dataclasses import dataclass
from datetime import date

from bot.coaching.learning import Learned, learn
from bot.domain.errors import UnclearWords
from bot.domain.ids import MetricKey, RoleKey
from bot.domain.success_model import SuccessModel
from bot.queries.metric_readings import end_of
from bot.queries.role_quarters import read_role_history
from bot.queries.yardstick import read_yardstick
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.roster import read_roster


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedRole:
    model: SuccessModel
    day: date
    outcome: MetricKey
    learned: Learned


def find_model(runtime: Runtime, role: str) -> SuccessModel:
    """Raises UnclearWords with the roles there are."""
    model = runtime.models.get(RoleKey(role.strip().lower().replace("-", "_").replace(" ", "_")))
    if model is None:
        raise UnclearWords(
            f"there is no role '{role[:60]}'", hint=f"known are {', '.join(sorted(runtime.models))}"
        )
    return model


def learn_role(runtime: Runtime, role: str, *, day: date) -> LearnedRole:
    """Raises UnclearWords for a role that nobody knows."""
    model = find_model(runtime, role)
    with reading(runtime.database) as session:
        history = read_role_history(
            session,
            model,
            list(read_roster(session, runtime.organisation).reps.values()),
            yardstick=read_yardstick(session, runtime),
            knowledge=Knowledge(day=day, now=min(end_of(day), runtime.clock.now())),
            fiscal=runtime.organisation.fiscal,
        )
    return LearnedRole(
        model=model, day=day, outcome=history.outcome, learned=learn(history.quarters)
    )

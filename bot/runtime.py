"""Runtime: the assembled program that flows, queries and surfaces are handed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine

from bot.coaching.policy import Policy
from bot.coaching.rule import AnyRule, ManagerRule, Rule
from bot.compensation.plan import PayBook
from bot.domain.ids import MetricKey, RoleKey, RuleKey
from bot.domain.organisation import Organisation
from bot.domain.programme import Programme
from bot.domain.success_model import SuccessModel
from bot.domain.workdays import WorkCalendar
from bot.hiring.scorecard import Scorecard
from bot.metrics.definition import Definition
from bot.ports import Clock
from bot.render.environment import Renderer


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    clock: Clock
    database: Engine
    renderer: Renderer
    policy: Policy
    organisation: Organisation
    calendar: WorkCalendar
    metrics: Mapping[MetricKey, Definition]
    rules: Mapping[RuleKey, Rule]
    models: Mapping[RoleKey, SuccessModel]
    #: Play key → its prose.
    plays: Mapping[str, str]
    #: How prospects for a role are judged.
    scorecards: Mapping[RoleKey, Scorecard] = field(default_factory=dict)
    #: Makes the holdout's draws reproducible; a secret is not needed, only constancy.
    draw_seed: str
    #: Every version for every role.
    programmes: tuple[Programme, ...] = ()
    pay: PayBook = field(default_factory=PayBook)
    #: Rules that speak to managers about how they coach.
    manager_rules: Mapping[RuleKey, ManagerRule] = field(default_factory=dict)

    @property
    def every_rule(self) -> Mapping[RuleKey, AnyRule]:
        return {**self.rules, **self.manager_rules}

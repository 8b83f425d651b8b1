"""What good looks like in a role, and the plays that get one there."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.errors import UnclearWords
from bot.domain.ids import MetricKey, RoleKey, SlackUserId
from bot.domain.metric import Metric
from bot.domain.people import MANAGERS
from bot.domain.success_model import LearnedRange, SuccessModel, TargetRange
from bot.queries.permissions import Person, person_of
from bot.runtime import Runtime
from bot.storage.database import reading

CLOSE_ENOUGH = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePlaybook:
    model: SuccessModel
    ranges: tuple[tuple[Metric, TargetRange], ...]
    plays: tuple[str, ...]
    #: The ranges that were learned from the team's own achievers, with how sure they are.
    learned: Mapping[MetricKey, LearnedRange]
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    key: str
    prose: str
    locale: str


def ask(runtime: Runtime, *, asker: SlackUserId, words: str) -> RolePlaybook | Play:
    """A play by name, a role by name, or the asker's own role.

    Raises UnknownPerson, or UnclearWords with the roles and plays there are.
    """
    with reading(runtime.database) as session:
        person = person_of(session, asker, runtime.organisation)
    wanted = words.strip().lower().replace("_", " ")
    own = _own_role(person)
    if not wanted and own is not None and own in runtime.models:
        return _role(runtime, runtime.models[own], person.locale)
    roles = {model.title.lower(): model for model in runtime.models.values()}
    roles |= {key.replace("_", " "): model for key, model in runtime.models.items()}
    plays = {key.replace("_", " "): key for key in runtime.plays}
    near = difflib.get_close_matches(wanted, [*plays, *roles], n=1, cutoff=CLOSE_ENOUGH)
    if not near:
        raise UnclearWords("Which playbook?", hint=_known(runtime))
    if near[0] in plays:
        key = plays[near[0]]
        return Play(key=key, prose=runtime.plays[key], locale=person.locale)
    return _role(runtime, roles[near[0]], person.locale)


def _own_role(person: Person) -> RoleKey | None:
    if person.rep is not None:
        return person.rep.role
    return MANAGERS if person.manager is not None else None


def _role(runtime: Runtime, model: SuccessModel, locale: str) -> RolePlaybook:
    ranges = tuple(
        (runtime.metrics[metric].metric, target) for metric, target in model.ranges.items()
    )
    named = (target.play for _, target in ranges if target.play in runtime.plays)
    plays = tuple(dict.fromkeys(play for play in named if play is not None))
    return RolePlaybook(
        model=model,
        ranges=ranges,
        plays=plays,
        learned=model.learned.ranges if model.learned else {},
        locale=locale,
    )


def _known(runtime: Runtime) -> str:
    roles = ", ".join(key.replace("_", " ") for key in runtime.models)
    plays = ", ".join(key.replace("_", " ") for key in runtime.plays)
    return f"Roles: {roles}. Plays: {plays}."

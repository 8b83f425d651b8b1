"""One thing the bot can notice; the folder ``rules/`` is the registry, ``manager_rules/`` another.

Rules look at one rep and speak to that rep; those in ``manager_rules/`` look at how one manager
coaches, and speak to that manager.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

from bot.coaching import manager_rules, rules
from bot.coaching.manager_view import ManagerView
from bot.coaching.rep_view import RepView
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyRule:
    """What people may know of a rule, whoever it speaks to."""

    key: RuleKey
    title: str
    #: One sentence that the reader gets under "Why am I seeing this?".
    because: str
    template: str
    #: The same rule about the same subject is silent for this many days after it spoke.
    cooldown_days: int
    #: (mirror table, column) pairs without which the rule would see what is not there.
    needs: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(AnyRule):
    notice: Callable[[RepView], Iterator[Proposal]]
    #: A view on which the rule fires: test, preview and docs.
    example: RepView


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerRule(AnyRule):
    notice: Callable[[ManagerView], Iterator[Proposal]]
    #: A view on which the rule fires: test, preview and docs.
    example: ManagerView


def load_rules() -> Mapping[RuleKey, Rule]:
    """Every rule for reps in the folder, by key, in alphabetical order."""
    return {each.RULE.key: each.RULE for each in _modules_in(rules)}


def load_manager_rules() -> Mapping[RuleKey, ManagerRule]:
    """Every rule for managers in the folder, by key, in alphabetical order."""
    return {each.RULE.key: each.RULE for each in _modules_in(manager_rules)}


def load_all_rules() -> Mapping[RuleKey, AnyRule]:
    return {**load_rules(), **load_manager_rules()}


def _modules_in(folder: ModuleType) -> Iterator[ModuleType]:
    for module in sorted(pkgutil.iter_modules(folder.__path__), key=lambda each: each.name):
        yield importlib.import_module(f"{folder.__name__}.{module.name}")

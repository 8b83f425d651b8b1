"""One thing the bot can notice; the folder ``rules/`` is the registry."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.coaching import rules
from bot.coaching.rep_view import RepView
from bot.domain.ids import RuleKey
from bot.domain.nudge import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    key: RuleKey
    title: str
    #: One sentence that a rep reads under "Why am I seeing this?".
    because: str
    template: str
    #: The same rule about the same subject is silent for this many days after it spoke.
    cooldown_days: int
    #: (mirror table, column) pairs without which the rule would see what is not there.
    needs: frozenset[tuple[str, str]] = frozenset()
    notice: Callable[[RepView], Iterator[Proposal]]
    #: A view on which the rule fires: test, preview and docs.
    example: RepView


def load_rules() -> Mapping[RuleKey, Rule]:
    """Every rule in the folder, by key, in alphabetical order."""
    found: dict[RuleKey, Rule] = {}
    for module in sorted(pkgutil.iter_modules(rules.__path__), key=lambda each: each.name):
        rule = importlib.import_module(f"{rules.__name__}.{module.name}").RULE
        found[rule.key] = rule
    return found

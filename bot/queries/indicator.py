"""One thing that shows how a duty is met; the folder ``indicators/`` is the registry."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.duty import Duty, Sign
from bot.queries import indicators
from bot.queries.manager_look import ManagerLook


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    key: str
    duty: Duty
    #: Where it stands among those of its duty, 1 first: what is to be done first.
    order: int
    title: str
    #: What is counted, in one sentence, with the marks it is held against.
    because: str
    #: What shows the records it rests on: a command, as it is typed.
    source: str
    #: The one thing to do while it is not in place.
    next_step: str
    #: What would make it known while it is not.
    becomes_known: str
    read: Callable[[ManagerLook], Sign]
    #: Whether what it looks at can be told of a day in the past.
    has_past: bool = True


def load_indicators() -> Mapping[str, Indicator]:
    """Every indicator in the folder, by key, in alphabetical order."""
    found: dict[str, Indicator] = {}
    for module in sorted(pkgutil.iter_modules(indicators.__path__), key=lambda each: each.name):
        each = importlib.import_module(f"{indicators.__name__}.{module.name}").INDICATOR
        found[each.key] = each
    return found

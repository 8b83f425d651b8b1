"""``light``: a dataclass of which there are tens of thousands at once.

Frozen for whoever reads and for the type checker, which finds every assignment to it. Freezing it
for the interpreter as well would make each one cost three times as much to make.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

__all__ = ["light"]

if TYPE_CHECKING:
    from dataclasses import dataclass as light
else:

    def light(*, frozen: bool, **options: bool) -> Callable[[type[Any]], type[Any]]:
        """As ``dataclass``: equal and hashable by its fields, as a frozen one is."""
        return dataclass(unsafe_hash=frozen, **options)

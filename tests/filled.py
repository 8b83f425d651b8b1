"""What many tests begin with is written once a run, and copied into the database of each."""

import atexit
import sqlite3
from collections.abc import Callable, Hashable
from contextlib import closing
from copy import deepcopy
from typing import Any, TypeVar, cast

from sqlalchemy import Engine

T = TypeVar("T")
_KEPT: dict[Hashable, tuple[sqlite3.Connection, Any]] = {}


def begin_with(database: Engine, name: Hashable, fill: Callable[[], T]) -> T:
    """Leave the empty database as ``fill`` would, and return what it would.

    Only SQLite copies faster than the tests write.
    """
    if database.dialect.name != "sqlite":
        return fill()
    if name not in _KEPT:
        returned = fill()
        kept = sqlite3.connect(":memory:")
        atexit.register(kept.close)
        with closing(database.raw_connection()) as filled:
            cast("sqlite3.Connection", filled.driver_connection).backup(kept)
        _KEPT[name] = (kept, deepcopy(returned))
        return returned
    kept, known = _KEPT[name]
    with closing(database.raw_connection()) as empty:
        kept.backup(cast("sqlite3.Connection", empty.driver_connection))
    return cast("T", deepcopy(known))

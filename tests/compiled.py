"""Statements are written out once a run, not again for the engine of every test."""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache

#: Of each kind of database; a statement written out takes some kilobytes.
MOST = 2_000


class Compiled:
    """SQLAlchemy's cache of one engine, but for all that speak the same dialect.

    Its keys begin with the engine's own dialect, of which every engine has another.
    """

    def __init__(self) -> None:
        self._kept: LRUCache[Any, Any] = LRUCache(MOST)

    def get(self, key: tuple[Any, ...]) -> Any:
        return self._kept.get(self._of_all(key))

    def __setitem__(self, key: tuple[Any, ...], compiled: object) -> None:
        self._kept[self._of_all(key)] = compiled

    @staticmethod
    def _of_all(key: tuple[Any, ...]) -> tuple[Any, ...]:
        dialect, *rest = key
        return (type(dialect), dialect.server_version_info, *rest)


def compile_once() -> None:
    """For every engine that this process opens from now on."""
    shared = Compiled()

    @event.listens_for(Engine, "engine_connect")
    def _share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=shared)

"""Every table of ours, found by looking, so that migrations and tests see all of them."""

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, MetaData, inspect
from sqlmodel import SQLModel

from bot import storage
from bot.storage.migrate import pending


def metadata() -> MetaData:
    for module in pkgutil.walk_packages(storage.__path__, prefix=f"{storage.__name__}."):
        importlib.import_module(module.name)
    return SQLModel.metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaState:
    #: Migrations, and what is not there though none of them waits.
    pending: Sequence[str]
    lacking: Sequence[str] = ()


def examine_schema(database: Engine) -> SchemaState:
    """Raises ConfigError as ``pending`` does."""
    if waiting := pending(database):
        return SchemaState(pending=waiting)
    return SchemaState(pending=(), lacking=_lacking(database))


def _lacking(database: Engine) -> list[str]:
    found = inspect(database)
    present = set(found.get_table_names())
    lines = []
    for table in metadata().sorted_tables:
        if table.name not in present:
            lines.append(f"the table {table.name}")
            continue
        columns = {each["name"] for each in found.get_columns(table.name)}
        names = [f"{table.name}.{each.name}" for each in table.columns if each.name not in columns]
        lines += [f"the column {name}" for name in names]
    return lines

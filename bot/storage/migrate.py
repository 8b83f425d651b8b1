"""Bringing a database up to date with this version's tables."""

from sqlalchemy import Engine, inspect

from bot.storage.schema import metadata


def upgrade(database: Engine) -> None:
    metadata().create_all(database)


def pending(database: Engine) -> list[str]:
    known = set(inspect(database).get_table_names())
    return [f"table {name} is missing" for name in sorted(set(metadata().tables) - known)]

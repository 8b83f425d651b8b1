"""Bringing a database up to date with this version's tables."""

from sqlalchemy import Engine

from bot.storage.schema import metadata


def upgrade(database: Engine) -> None:
    metadata().create_all(database)

"""Column types that keep their promises on SQLite and PostgreSQL alike."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

WITHOUT_ZONE = len("2026-03-09 08:00:00.000000")


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps it without its zone, so the zone is put back on reading.

    Raises ValueError for a naive datetime: nobody could say which instant it meant.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value.isoformat()} offered to the database")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def bind_processor(self, dialect: Dialect) -> Any:  # noqa: ANN401 -- SQLAlchemy's own type is private
        """On SQLite in one step, since pulls bind millions of these."""
        return _text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        _ = dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _text(value: datetime | None) -> str | None:
    """The way in which SQLAlchemy keeps a datetime in SQLite."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"naive datetime {value.isoformat()} offered to the database")
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return utc.isoformat(" ", "microseconds")[:WITHOUT_ZONE]


def json_column() -> Any:  # noqa: ANN401 - SQLAlchemy's own type for a column type is Any
    """JSON that PostgreSQL can search."""
    return JSON().with_variant(JSONB(), "postgresql")


def big_identity() -> Any:  # noqa: ANN401 - SQLAlchemy's own type for a column type is Any
    """A 64-bit key; SQLite only numbers rows by itself for a plain INTEGER."""
    return BigInteger().with_variant(Integer(), "sqlite")

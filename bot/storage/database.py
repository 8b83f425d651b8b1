"""Opening the database and the one way to change it: ``transaction()``."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool
from sqlmodel import Session

from bot.domain.errors import ConfigError, Problem
from bot.storage.version import REMEMBERS, watch

BUSY_TIMEOUT_MS = 30_000
CACHE_KB = 64_000
#: Enough for rows that come roughly in the order of their ids, as all of a table does.
SMALL_CACHE_KB = 8_000
#: Of 4 kB each.
WAL_PAGES = 16_000


def open_database(url: str) -> Engine:
    """An engine for ``DATABASE_URL``; nothing is created yet (see ``bot.storage.schema``).

    Raises ConfigError for an address that is neither SQLite nor PostgreSQL.
    """
    try:
        address = _with_driver(make_url(url))
    except ArgumentError as error:
        raise ConfigError(
            [Problem(file="DATABASE_URL", message="this is not a database address", hint=EXAMPLE)]
        ) from error
    if address.get_backend_name() == "sqlite":
        engine = _open_sqlite(address)
        watch(engine)
        return engine
    if address.get_backend_name() == "postgresql":
        engine = create_engine(
            address, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True
        )
        watch(engine)
        return engine
    raise ConfigError(
        [
            Problem(
                file="DATABASE_URL",
                message=f"'{address.get_backend_name()}' is not supported",
                hint=EXAMPLE,
            )
        ]
    )


EXAMPLE = "use sqlite:////path/to/pacesetter.sqlite3 or postgresql://person@host/database"


def _with_driver(address: URL) -> URL:
    if address.drivername in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    return address


def _open_sqlite(address: URL) -> Engine:
    in_memory = address.database in {None, "", ":memory:"}
    # What a statement's values are about is nobody's who reads a log.
    engine = (
        create_engine(
            address,
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
            hide_parameters=True,
        )
        if in_memory
        else create_engine(
            address,
            connect_args={"check_same_thread": False, "timeout": 30},
            hide_parameters=True,
        )
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        if not in_memory:
            # WAL lets the listeners read while a pull writes; NORMAL loses no committed row when
            # the process is killed (only, possibly, when the machine loses power).
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")
            # What a day's changes touch lies all over the indexes. It has to fit, or it is written
            # again and again; and what several transactions touch is copied into the file once.
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KB}")
            cursor.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
        cursor.close()

    return engine


@contextmanager
def transaction(engine: Engine, *, in_little_memory: bool = False) -> Iterator[Session]:
    """All or nothing: committed at the end of the block, rolled back when it raises.

    ``in_little_memory`` is for whole tables that pass through once.
    """
    with Session(engine, expire_on_commit=False) as session:
        if engine.dialect.name == "sqlite":
            cache = SMALL_CACHE_KB if in_little_memory else CACHE_KB
            session.connection().exec_driver_sql(f"PRAGMA cache_size = -{cache}")
            # Take the write lock at once: a transaction that reads first and writes later fails
            # with "database is locked" without waiting, when another wrote in between.
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
        yield session
        session.commit()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for questions; whatever it would write is thrown away."""
    with Session(engine, expire_on_commit=False, info={REMEMBERS: True}) as session:
        # Closing rolls back and lets go of what was read; an explicit rollback would expire it.
        yield session

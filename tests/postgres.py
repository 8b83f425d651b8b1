"""One PostgreSQL database after another for tests; a used one is emptied rather than made anew.

To copy a template costs ten times what it costs to empty the forty tables that a test wrote to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy import URL, Connection, create_engine, text

TEMPLATE = "pacesetter_template"
#: What a test deleted stays in the files for a while; from here on a new database is faster.
LARGEST = 24_000_000

ALONE = text(
    "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
EMPTY = text(
    """
    DO $$
    DECLARE
        name text;
        first bigint;
    BEGIN
        -- No trigger runs, so that the order of tables does not matter.
        SET LOCAL session_replication_role = replica;
        FOR name IN
            SELECT tablename FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        LOOP
            EXECUTE format('DELETE FROM %I', name);
        END LOOP;
        FOR name, first IN
            SELECT sequencename, start_value FROM pg_sequences WHERE last_value IS NOT NULL
        LOOP
            PERFORM setval(format('%I', name)::regclass, first, false);
        END LOOP;
    END
    $$
    """
)
#: A copy has the template's own numbers, so what was made anew gives another answer as well.
SHAPE = text(
    """
    SELECT
        (SELECT string_agg(oid || relname, ',' ORDER BY oid)
            FROM pg_class WHERE relnamespace = 'public'::regnamespace),
        (SELECT string_agg(
                attrelid || attname || atttypid || attnotnull, ',' ORDER BY attrelid, attnum)
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE relnamespace = 'public'::regnamespace),
        (SELECT string_agg(oid || conname, ',' ORDER BY oid) FROM pg_constraint),
        (SELECT count(*) FROM pg_proc),
        (SELECT count(*) FROM pg_trigger)
    """
)
VERSION = text("SELECT version_num FROM alembic_version")
SIZE = text("SELECT pg_database_size(current_database())")


@dataclass(kw_only=True)
class Databases:
    """The databases of one server that no test is using."""

    server: URL
    shape: object
    version: object
    spare: list[str] = field(default_factory=list)

    @classmethod
    def on(cls, server: URL) -> "Databases":
        """For a server whose template has our tables."""
        with administered(server.set(database=TEMPLATE)) as connection:
            shape = connection.execute(SHAPE).one()
            return cls(server=server, shape=shape, version=connection.scalar(VERSION))

    @contextmanager
    def empty(self) -> Iterator[URL]:
        """A database with all our tables and nothing in them."""
        name = self.spare.pop() if self.spare else self._made()
        yield self.server.set(database=name)
        if self._emptied(name):
            self.spare.append(name)
            return
        with administered(self.server) as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    def _made(self) -> str:
        name = f"test_{uuid4().hex[:12]}"
        with administered(self.server) as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}"))
        return name

    def _emptied(self, name: str) -> bool:
        """Whether nothing is left of what was done in it."""
        with administered(self.server.set(database=name)) as connection:
            connection.execute(ALONE)
            if connection.scalar(SIZE) > LARGEST or connection.execute(SHAPE).one() != self.shape:
                return False
            connection.execute(EMPTY)
            return bool(connection.scalar(VERSION) == self.version)


@contextmanager
def administered(address: URL) -> Iterator[Connection]:
    """A connection for statements that no transaction may hold, such as CREATE DATABASE."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()

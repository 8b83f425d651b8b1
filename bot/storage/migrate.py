"""Bringing a database up to date with this version's tables, whole or not at all.

Migrations are numbered files in ``migrations/versions``; Alembic runs them. It is imported only
when there is something to do, because every start of the program asks.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from bot.domain.errors import ConfigError, Problem
from bot.storage.database import open_database
from bot.storage.trouble import trouble_in

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"
ADVISORY_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('pacesetter migrations'))")


def upgrade(database: Engine, *, scripts: Path = SCRIPTS) -> None:
    """Run what is pending; returns at once when nothing is.

    Any number of processes may ask at the same time: one works, the others wait for it. When a
    migration fails, the database stays as it was. Raises ConfigError when a newer version of ours
    has been at this database.
    """
    if not pending(database, scripts=scripts):
        return
    from alembic import command  # noqa: PLC0415 - slow to import

    with _alone(database) as connection:
        command.upgrade(_config(connection, scripts), "head")


def downgrade(database: Engine, *, to: str, scripts: Path = SCRIPTS) -> None:
    """Undo every migration after revision ``to``, with the data they had room for; "base" is all.

    Raises ConfigError for a revision that does not exist.
    """
    if to != "base" and to not in _revisions(scripts):
        raise _unknown(to, hint=f"there are {', '.join(_revisions(scripts))} and base")
    from alembic import command  # noqa: PLC0415 - slow to import

    with _alone(database) as connection:
        command.downgrade(_config(connection, scripts), to)


def pending(database: Engine, *, scripts: Path = SCRIPTS) -> list[str]:
    """What ``upgrade`` would run, oldest first, as "0002 Add a table".

    Raises ConfigError as ``upgrade`` does, and for a database that cannot be opened.
    """
    revisions = _revisions(scripts)
    present = _revision_of(database)
    if present is None:
        return [" ".join(pair) for pair in revisions.items()]
    if present not in revisions:
        newer = "a newer Pacesetter has used it; run that version, or restore a backup"
        raise _unknown(present, hint=newer)
    return [f"{number} {title}" for number, title in revisions.items() if number > present]


def revise(message: str, *, scripts: Path = SCRIPTS) -> Path:
    """Write a migration that leads from the last one to the tables as they are in the code.

    For developers. The last one's tables are built in memory, so that no database is needed.
    """
    from alembic import command  # noqa: PLC0415 - slow to import

    from bot.storage.schema import metadata  # noqa: PLC0415 - all that there is, half of it unasked

    number = f"{len(_revisions(scripts)) + 1:04}"
    database = open_database("sqlite://")
    upgrade(database, scripts=scripts)
    with _alone(database) as connection:
        config = _config(connection, scripts)
        config.attributes["tables"] = metadata()
        command.revision(config, message, autogenerate=True, rev_id=number)
    database.dispose()
    [written] = (scripts / "versions").glob(f"{number}_*.py")
    return written


def _revisions(scripts: Path) -> dict[str, str]:
    """Number → title, oldest first, from the names of the files."""
    files = sorted((scripts / "versions").glob("[0-9]*_*.py"))
    pairs = (path.stem.split("_", maxsplit=1) for path in files)
    return {number: words.replace("_", " ").capitalize() for number, words in pairs}


def _revision_of(database: Engine) -> str | None:
    try:
        connecting = database.connect()
    except DatabaseError as error:
        said, hint = trouble_in(error) or (str(error.orig), "")
        reason = f"the database cannot be opened: {said}"
        raise ConfigError([Problem(file="DATABASE_URL", message=reason, hint=hint)]) from error
    with connecting as connection:
        if not inspect(connection).has_table(VERSION_TABLE):
            return None
        found = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - ours
        return None if found is None else str(found)


def _unknown(revision: str, *, hint: str) -> ConfigError:
    message = f"revision '{revision}' of the database is not known here"
    return ConfigError([Problem(file="DATABASE_URL", message=message, hint=hint)])


@contextmanager
def _alone(database: Engine) -> Iterator[Connection]:
    """One transaction that no other migration runs beside; all of it happens, or nothing."""
    with database.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(ADVISORY_LOCK)
            yield connection
            connection.commit()
            return
        # Changing a column means copying its table and dropping the old one. With foreign keys on,
        # that would delete the rows which point to it. They are checked once at the end instead.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            if orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                raise RuntimeError(f"a migration left {len(orphans)} rows that point nowhere")
            connection.commit()
        finally:
            connection.rollback()
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def _config(connection: Connection, scripts: Path) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - slow to import

    config = Config(stdout=io.StringIO())  # what it has to say, its callers say
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config

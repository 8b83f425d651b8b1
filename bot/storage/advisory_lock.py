"""A lock that PostgreSQL takes back the moment the process that holds it is gone."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text
from sqlmodel import Session

#: A machine that lost its power says no farewell; the server asks after it, and drops it and its
#: locks after half a minute instead of two hours. (Has no effect on a local socket.)
ASK_AFTER_ME = text(
    "SELECT set_config('tcp_keepalives_idle', '10', false),"
    " set_config('tcp_keepalives_interval', '5', false),"
    " set_config('tcp_keepalives_count', '4', false)"
)
LOCK = text("SELECT pg_try_advisory_lock(hashtext(:name))")
WAIT = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
UNLOCK = text("SELECT pg_advisory_unlock(hashtext(:name))")


def wait_for_turn(session: Session, name: str) -> None:
    """From here to the end of the transaction nobody else is in a block of this ``name``.

    On SQLite a transaction that writes is alone anyway.
    """
    if session.connection().dialect.name == "postgresql":
        session.connection().execute(WAIT, {"name": name})


@contextmanager
def held_alone(engine: Engine, name: str) -> Iterator[bool]:
    """Whether this block, of all blocks of all processes, is the one that holds ``name``.

    PostgreSQL only. Uses a connection of its own, which must not go through a pooler that hands
    connections on between statements.
    """
    with engine.connect() as plain:
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(ASK_AFTER_ME)
        is_ours = bool(connection.scalar(LOCK, {"name": name}))
        try:
            yield is_ours
        finally:
            if is_ours:
                connection.scalar(UNLOCK, {"name": name})

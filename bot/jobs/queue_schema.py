"""Where the queue lives: Procrastinate's own tables (``procrastinate_…``) beside ours."""

from procrastinate.schema import SchemaManager
from sqlalchemy import Engine as Database
from sqlalchemy import text

#: Two instances may start on an empty database at once.
LOCK = text("SELECT pg_advisory_xact_lock(hashtext('pacesetter queue schema'))")
EXISTS = text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")


def prepare_queue(database: Database) -> None:
    """Create the queue's tables and functions in PostgreSQL, unless they are there already."""
    with database.begin() as connection:
        connection.execute(LOCK)
        if connection.scalar(EXISTS):
            return
        driver = connection.connection.driver_connection
        if driver is None:
            raise RuntimeError("a connection that is open has a driver connection")
        # Past SQLAlchemy, which would look for parameters in a script full of percent signs.
        driver.execute(SchemaManager.get_schema())


def queue_address(database: Database) -> str:
    """The database's address as PostgreSQL's own library reads it, password included."""
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)

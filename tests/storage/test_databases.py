"""What other tests rely on: a database that was used looks as if nobody had used it."""

import pytest
from sqlalchemy import URL, text

from tests.postgres import Databases, administered

SNOOZE = (
    "INSERT INTO snooze (person_id, rule, subject, until, reason, asked_at)"
    " VALUES ('005', 'quiet_week', '', '2026-03-09', 'a busy week', now())"
)


@pytest.fixture
def apart(databases: Databases) -> Databases:
    """The same server, and none of the databases that others left."""
    return Databases(server=databases.server, shape=databases.shape, version=databases.version)


def used(databases: Databases, *statements: str) -> URL:
    with databases.empty() as address, administered(address) as connection:
        for statement in statements:
            connection.execute(text(statement))
    return address


def test_a_used_database_is_empty_again_and_counts_from_one(apart: Databases) -> None:
    first = used(apart, SNOOZE, SNOOZE)
    with apart.empty() as second, administered(second) as connection:
        assert second == first
        assert connection.scalar(text("SELECT count(*) FROM snooze")) == 0
        assert connection.scalar(text(f"{SNOOZE} RETURNING id")) == 1


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE another (id integer)",
        "ALTER TABLE snooze ADD COLUMN another integer",
        "DROP INDEX ix_account_owner_id",
        "UPDATE alembic_version SET version_num = '9999'",
        "CREATE FUNCTION another() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_a_database_whose_tables_changed_is_not_used_again(apart: Databases, change: str) -> None:
    used(apart, change)
    assert apart.spare == []

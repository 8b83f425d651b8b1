from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from integrations.sandbox.org import Org, generate
from integrations.sandbox.org.replay import replay

Rows = dict[str, dict[str, dict[str, Any]]]

#: A Tuesday, a Monday and a Saturday, each with another seed.
WORLDS = ((7, date(2026, 11, 24)), (1, date(2026, 3, 2)), (23, date(2025, 8, 16)))


@pytest.fixture(scope="session", params=WORLDS, ids=["tuesday", "monday", "saturday"])
def world(request: pytest.FixtureRequest) -> Org:
    """The same organisation with other seeds and days: a story must be there in all of them."""
    seed, today = request.param
    return generate(seed=seed, today=today)


@pytest.fixture(scope="session")
def truth(world: Org) -> dict[str, Any]:
    return world.truth.to_json()


@pytest.fixture(scope="session")
def today(world: Org) -> date:
    return world.truth.scene.today


@pytest.fixture(scope="session")
def records_on(world: Org, today: date) -> Callable[[int], Rows]:
    """The undeleted records at the end of the day that many days after today."""

    def stand(days: int) -> Rows:
        evening = datetime.combine(today + timedelta(days=days), time(23, 59), tzinfo=UTC)
        tables = replay(world.changes, evening)
        return {
            sobject: {key: row for key, row in rows.items() if not row["IsDeleted"]}
            for sobject, rows in tables.items()
        }

    return stand


@pytest.fixture(scope="session")
def records(records_on: Callable[[int], Rows]) -> Rows:
    return records_on(0)


@pytest.fixture(scope="session")
def all_records(world: Org) -> Rows:
    """Every record that ever was, deleted or not, at the end of time."""
    return replay(world.changes, datetime.max.replace(tzinfo=UTC))


@pytest.fixture(scope="session")
def ids(truth: dict[str, Any]) -> dict[str, str]:
    return {person["name"]: person["id"] for person in truth["people"]}


@pytest.fixture(scope="session")
def story(truth: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    """The one story of a kind."""

    def find(kind: str) -> dict[str, Any]:
        [told] = [told for told in truth["stories"] if told["kind"] == kind]
        return dict(told)

    return find


@pytest.fixture(scope="session")
def open_deals() -> Callable[[Rows, str], list[dict[str, Any]]]:
    def find(records: Rows, owner: str) -> list[dict[str, Any]]:
        return [
            deal
            for deal in records["Opportunity"].values()
            if deal["OwnerId"] == owner and not deal["IsClosed"]
        ]

    return find

"""A page shows its records as they are when it is fetched, though the question is older."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.responses import JSONResponse, Response

from bot.domain.errors import TransientError
from bot.flows.pull import pull
from bot.storage.cursors import read_cursor
from bot.storage.database import reading
from integrations.salesforce.crm import SalesforceCrm, open_salesforce
from integrations.salesforce.crm_object import load_objects

Account = Callable[..., dict[str, Any]]
UNTIL = datetime(2026, 3, 9, 8, 0, 31, tzinfo=UTC)
NOW = "2026-03-09T08:00:20.000+0000"


@pytest.fixture
def moving(stranger: Any, account: Account) -> Any:
    """Seven accounts, two a page; the fourth is changed before its page is fetched."""
    stranger.records["Account"] = [account(n, minute=n) for n in range(7)]

    def changed() -> Response:
        [(locator, rest)] = stranger.pages.items()
        del stranger.pages[locator]
        rest[1]["SystemModstamp"] = stranger.records["Account"][3]["SystemModstamp"] = NOW
        page: Response = stranger._page(rest)
        return page

    stranger.instead["more"] = [changed]
    return stranger


def test_a_lost_place_is_not_looked_for_behind_a_record_that_moved(
    crm: SalesforceCrm, moving: Any
) -> None:
    moving.instead["more"].append(
        lambda: JSONResponse([{"errorCode": "INVALID_QUERY_LOCATOR", "message": ""}], 400)
    )
    batches = crm.changes("account", since=None, until=UNTIL)
    assert {str(row["name"]) for batch in batches for row in batch} == {
        f"Account {n}" for n in range(7)
    }


def test_the_cursor_does_not_follow_a_record_that_moved(
    sqlite: Engine, credentials: Any, clock: Any, moving: Any
) -> None:
    moving.instead["more"] += [lambda: Response(status_code=503)] * 6
    crm = open_salesforce(
        credentials,
        clock=clock,
        sleep=lambda _: None,
        objects={"account": load_objects()["account"]},
    )
    with pytest.raises(TransientError):
        pull(sqlite, crm, clock=clock)
    with reading(sqlite) as session:
        assert read_cursor(session, "account").pulled_until == datetime(
            2026, 3, 9, 7, 0, tzinfo=UTC
        )

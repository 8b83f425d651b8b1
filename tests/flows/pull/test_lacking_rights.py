"""An integration user that may not do all: it is said, and the mirror is filled another way."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.domain.errors import TransientError
from bot.storage.cursors import read_cursor
from bot.storage.database import reading

Rows = Callable[[Engine, str], dict[str, Mapping[str, Any]]]
MOST_TORN = 3
DEAL_1, DEAL_2 = (f"006{n:012d}AAA" for n in (1, 2))


def refusing(
    place: str, code: str, message: str = "", status: int = 403
) -> Callable[[ASGIApp], ASGIApp]:
    """The same org, that never answers what has ``place`` in its path or its query."""

    def wrap(app: ASGIApp) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            asked = f"{scope.get('path')}?{scope.get('query_string', b'').decode()}"
            if place in asked:
                body = [{"errorCode": code, "message": message}]
                await JSONResponse(body, status)(scope, receive, send)
            else:
                await app(scope, receive, send)

        return answer

    return wrap


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("API_DISABLED_FOR_ORG", 403),
        ("INSUFFICIENT_ACCESS", 403),
        ("FEATURENOTENABLED", 400),
        ("NOT_FOUND", 404),
        ("a list where a job should be", 200),
    ],
)
def test_without_bulk_jobs_a_big_table_comes_by_pages(
    sqlite: Engine, make_org: Any, rows_of: Rows, code: str, status: int
) -> None:
    org = make_org(wrap=refusing("/jobs/query", code, status=status))
    report = org.pull(sqlite, bulk_from=1)
    assert (report.problems, len(rows_of(sqlite, "opportunity"))) == ({}, 5)
    assert report.as_of is not None


def test_a_bulk_page_without_its_count_is_counted(
    sqlite: Engine, make_org: Any, rows_of: Rows
) -> None:
    def silent(app: ASGIApp) -> ASGIApp:
        async def through(scope: Scope, receive: Receive, send: Send) -> None:
            async def say(message: Message) -> None:
                headers = message.get("headers", [])
                is_page = scope.get("path", "").endswith("/results")
                if is_page and message["type"] == "http.response.start":
                    dropped = {b"sforce-numberofrecords", b"content-length"}
                    message["headers"] = [
                        each for each in headers if each[0].lower() not in dropped
                    ]
                if is_page and message.get("body", b"").startswith(b'"Id"'):
                    message["body"] = b"\xef\xbb\xbf" + message["body"]
                await send(message)

            await app(scope, receive, say)

        return through

    org = make_org(wrap=silent)
    org.records_a_page = 2
    assert org.pull(sqlite, bulk_from=1).problems == {}
    assert len(rows_of(sqlite, "opportunity")) == 5
    assert [each for each in org.log.listing() if each["path"].endswith("/results")]


def test_a_bulk_page_that_breaks_off_in_mid_row_is_fetched_again(
    sqlite: Engine, make_org: Any, rows_of: Rows
) -> None:
    torn: list[str] = []

    def tearing(app: ASGIApp) -> ASGIApp:
        async def through(scope: Scope, receive: Receive, send: Send) -> None:
            is_page = scope.get("path", "").endswith("/results")

            async def say(message: Message) -> None:
                if is_page and message["type"] == "http.response.start":
                    # As behind a proxy that does not say how long a body should be.
                    message["headers"] = [
                        each for each in message["headers"] if each[0].lower() != b"content-length"
                    ]
                body = message.get("body", b"")
                if is_page and len(torn) < MOST_TORN and body.count(b"\n") > 1:
                    torn.append(scope["path"])
                    message["body"] = body[: -len(body) // 3]
                elif is_page and body:
                    # An empty line at the end is no record.
                    message["body"] = body + b"\r\n"
                await send(message)

            await app(scope, receive, say)

        return through

    org = make_org(wrap=tearing)
    for _ in range(MOST_TORN):
        with pytest.raises(TransientError, match="breaks off in mid-row"):
            org.pull(sqlite, bulk_from=1)
    last = org.pull(sqlite, bulk_from=1)
    assert (last.stopped, last.problems, len(torn)) == (None, {}, MOST_TORN)
    assert len(rows_of(sqlite, "opportunity")) == 5


def test_a_job_that_is_never_done_is_not_asked_for_beyond_the_budget(
    sqlite: Engine, make_org: Any
) -> None:
    def slow(app: ASGIApp) -> ASGIApp:
        async def through(scope: Scope, receive: Receive, send: Send) -> None:
            async def say(message: Message) -> None:
                if "/jobs/query/" in scope.get("path", "") and "body" in message:
                    waits = (b'"JobComplete"', b'"InProgress" ')
                    message["body"] = message["body"].replace(*waits)
                await send(message)

            await app(scope, receive, say)

        return through

    org = make_org(wrap=slow, daily_calls=100)
    report = org.pull(sqlite, bulk_from=1, budget_share=0.8)
    assert "of today's 100 Salesforce calls" in str(report.stopped)
    assert report.calls.used in range(80, 90)


@pytest.mark.parametrize("endpoint", ["/updated/", "/deleted/"])
def test_without_the_change_log_nothing_is_lost(
    database: Engine, make_org: Any, rows_of: Rows, endpoint: str
) -> None:
    org = make_org(wrap=refusing(endpoint, "INSUFFICIENT_ACCESS"))
    org.pull(database)
    org.later(minutes=30)
    org.set("Opportunity", DEAL_2, NextStep="Call")
    org.delete("Opportunity", DEAL_1, hard=True)
    org.later(days=1)
    assert org.pull(database).problems == {}
    deals = rows_of(database, "opportunity")
    assert (deals[DEAL_1]["is_deleted"], deals[DEAL_2]["next_step"]) == (True, "Call")


def test_a_field_that_is_refused_though_it_is_described_is_missing_and_no_more(
    database: Engine, make_org: Any, rows_of: Rows
) -> None:
    column = "No such column 'NextStep' on entity 'Opportunity'."
    org = make_org(wrap=refusing("NextStep", "INVALID_FIELD", column, 400))
    crm = org.crm()
    for _ in range(2):
        report = org.pull(database, crm, bulk_from=1)
        assert (report.problems, len(rows_of(database, "opportunity"))) == ({}, 5)
        assert "next_step" in report.missing_columns["opportunity"]
        with reading(database) as session:
            assert "next_step" in read_cursor(session, "opportunity").missing_columns
        org.later(minutes=10)
    assert report.rows["opportunity"] == 0


def test_values_that_nobody_can_read_are_remembered_until_they_are_mended(
    database: Engine, org: Any, rows_of: Rows
) -> None:
    def spoil(value: object) -> None:
        change = 'UPDATE "Opportunity" SET "OwnerId" = ?, "SystemModstamp" = ? WHERE "Id" = ?'
        stamp = org.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        org.store.database.change(change, (value, stamp, DEAL_1))

    def told() -> Mapping[str, list[str]]:
        with reading(database) as session:
            return read_cursor(session, "opportunity").unusable

    org.pull(database)
    owner = rows_of(database, "opportunity")[DEAL_1]["owner_id"]
    org.later(minutes=10)
    spoil("nobody")
    org.pull(database)
    assert told()["OwnerId"][0] == DEAL_1
    assert "left out" in told()["OwnerId"][1]
    org.later(days=1)
    org.pull(database)
    assert DEAL_1 in told()["OwnerId"]
    spoil(owner)
    org.later(minutes=10)
    org.pull(database)
    assert told() == {}

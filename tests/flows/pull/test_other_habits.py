"""Servers of another make answer the same questions in other words; the mirror is the same."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.flows.pull import PullReport
from bot.storage.database import transaction
from integrations.sandbox.changes import Change
from tests.flows.pull.conftest import some_objects

Rows = Callable[[Engine, str], dict[str, Mapping[str, Any]]]
Headers = dict[str, str]
#: Path, status, headers and body of an answer; what is returned is sent instead.
Other = Callable[[str, int, Headers, bytes], tuple[int, Headers, bytes]]
DEAL_1, DEAL_2, DEAL_3 = (f"006{n:012d}AAA" for n in (1, 2, 3))


def pull(org: Any, database: Engine, **how: Any) -> PullReport:
    """Of a few tables, since one more tells no more here."""
    report: PullReport = org.pull(database, org.crm(objects=some_objects()), **how)
    return report


def answering(change: Other) -> Callable[[ASGIApp], ASGIApp]:
    def wrap(app: ASGIApp) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            told: list[Message] = []

            async def hear(message: Message) -> None:
                told.append(message)

            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            unpacked = [each for each in scope["headers"] if each[0] != b"accept-encoding"]
            await app({**scope, "headers": unpacked}, receive, hear)
            head = {name.decode(): value.decode() for name, value in told[0]["headers"]}
            body = b"".join(each.get("body", b"") for each in told[1:])
            status, head, body = change(scope["path"], told[0]["status"], head, body)
            if body:
                head["Content-Length"] = str(len(body))
            raw = [(name.encode(), value.encode()) for name, value in head.items()]
            await send({"type": "http.response.start", "status": status, "headers": raw})
            await send({"type": "http.response.body", "body": body})

        return answer

    return wrap


def of_json(place: str, change: Callable[[dict[str, Any]], object]) -> Other:
    def other(path: str, status: int, head: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        if place in path and "json" in head.get("Content-Type", "") and status < 300:
            told = json.loads(body)
            change(told)
            body = json.dumps(told).encode()
        return status, head, body

    return other


def of_results(change: Callable[[Headers, bytes], bytes]) -> Other:
    def other(path: str, status: int, head: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        return status, head, change(head, body) if path.endswith("/results") else body

    return other


def without(*places: str, status: int = 404) -> Other:
    def other(path: str, was: int, head: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        if any(place in path for place in places):
            return status, head, b'[{"errorCode": "NOT_FOUND", "message": "nothing here"}]'
        return was, head, body

    return other


def empty_locator(head: Headers, body: bytes) -> bytes:
    if head.get("Sforce-Locator") == "null":
        head["Sforce-Locator"] = ""
    return body


def count_in_a_row(page: dict[str, Any]) -> None:
    if not page["records"] and page["totalSize"]:
        page["records"] = [{"attributes": {"type": "AggregateResult"}, "n": page["totalSize"]}]
        page["totalSize"] = 1


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(of_results(empty_locator), id="no-further-locator-is-said-as-nothing"),
        pytest.param(of_results(lambda _, body: body + b"\r\n\r\n"), id="blank-lines-at-the-end"),
        pytest.param(
            of_json("/jobs/query/", lambda job: job.update(
                numberRecordsProcessed=float(job.get("numberRecordsProcessed") or 0))),
            id="counts-are-floats",
        ),
        pytest.param(without("/jobs/query", status=501), id="no-bulk-jobs"),
        pytest.param(without("/queryAll", "/jobs/query"), id="no-queryAll"),
        pytest.param(of_json("/queryAll", count_in_a_row), id="a-count-is-a-row"),
    ],
)  # fmt: skip
def test_a_table_is_read_in_full_and_what_vanishes_untold_is_found(
    sqlite: Engine, make_org: Any, rows_of: Rows, change: Other
) -> None:
    org = make_org(wrap=answering(change))
    assert pull(org, sqlite, bulk_from=1).problems == {}
    assert len(rows_of(sqlite, "opportunity")) == 5
    sobject = org.store.schema.objects["Opportunity"]
    org.store.delete(sobject, DEAL_1, at=org.clock.now() - timedelta(days=3), hard=True)
    org.later(days=1)
    assert pull(org, sqlite).deleted["opportunity"] == 1
    assert rows_of(sqlite, "opportunity")[DEAL_1]["is_deleted"]


def test_a_line_of_a_bulk_page_that_is_cut_short_is_never_stored(
    sqlite: Engine, make_org: Any
) -> None:
    org = make_org(wrap=answering(of_results(lambda _, body: body.rpartition(b",")[0])))
    with pytest.raises(Exception, match="breaks off in mid-row"):
        pull(org, sqlite, bulk_from=1)


def test_ids_of_fifteen_letters_are_those_of_eighteen(
    sqlite: Engine, make_org: Any, rows_of: Rows
) -> None:
    def shortened(answer: dict[str, Any]) -> None:
        for each in answer["deletedRecords"]:
            each["id"] = each["id"][:15]

    org = make_org(wrap=answering(of_json("/deleted", shortened)))
    pull(org, sqlite)
    org.delete("Opportunity", DEAL_1, hard=True)
    org.later(minutes=10)
    assert pull(org, sqlite).deleted["opportunity"] == 1
    assert rows_of(sqlite, "opportunity")[DEAL_1]["is_deleted"]


@pytest.mark.parametrize("behind", [timedelta(hours=30), timedelta(days=3000)])
def test_a_log_that_is_far_behind_loses_nothing_and_does_not_read_all_again(
    sqlite: Engine, make_org: Any, rows_of: Rows, behind: timedelta
) -> None:
    def held_back(answer: dict[str, Any]) -> None:
        told = datetime.fromisoformat(answer["latestDateCovered"])
        answer["latestDateCovered"] = (told - behind).isoformat()

    org = make_org(wrap=answering(of_json("/updated", held_back)))
    pull(org, sqlite)
    org.later(days=2)
    org.set("Opportunity", DEAL_2, NextStep="Call")
    pull(org, sqlite)
    # Late, but not older than the newest that there is.
    at = org.clock.now() - min(behind - timedelta(hours=1), timedelta(minutes=5))
    values = {"NextStep": "Write"}
    org.store.put(org.store.schema.objects["Opportunity"], DEAL_1, values, at=at)
    org.later(minutes=30)
    pull(org, sqlite)
    assert rows_of(sqlite, "opportunity")[DEAL_1]["next_step"] == "Write"


@pytest.mark.parametrize("status", [400, 404])
def test_a_late_commit_is_seen_where_no_log_tells_of_open_transactions(
    sqlite: Engine, make_org: Any, rows_of: Rows, status: int
) -> None:
    org = make_org(wrap=answering(without("/updated", "/deleted", status=status)))
    pull(org, sqlite)
    org.later(minutes=5)
    at = org.clock.now()
    late = Change(at=at, sobject="Opportunity", id=DEAL_1, fields={"NextStep": "Call"})
    org.store.apply(late, visible_at=at + timedelta(minutes=40))
    for minutes in (15, 15, 11):
        org.set("Opportunity", DEAL_2, NextStep=f"In {minutes}")
        org.later(minutes=minutes)
        pull(org, sqlite)
    assert rows_of(sqlite, "opportunity")[DEAL_1]["next_step"] == "Call"


def test_an_instance_address_may_leave_out_the_port_that_the_login_has(
    sqlite: Engine, make_org: Any
) -> None:
    def portless(token: dict[str, Any]) -> None:
        token["instance_url"] = token["instance_url"].rpartition(":")[0]

    org = make_org(wrap=answering(of_json("/oauth2/token", portless)))
    assert pull(org, sqlite).problems == {}


def test_the_days_calls_may_be_told_as_floats(sqlite: Engine, make_org: Any) -> None:
    def silent(path: str, status: int, head: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        head.pop("Sforce-Limit-Info", None)
        told = json.loads(body) if path.endswith("/limits/") else None
        if told:
            told["DailyApiRequests"] = {"Max": 100.0, "Remaining": "40"}
        return status, head, json.dumps(told).encode() if told else body

    org = make_org(wrap=answering(silent))
    report = pull(org, sqlite)
    assert (report.calls.used, report.calls.allowed) == (60, 100)


def refusing(
    asked: bytes, code: str, words: str, status: int = 400
) -> Callable[[ASGIApp], ASGIApp]:
    """Statements with ``asked`` in them get this answer."""
    body = json.dumps([{"errorCode": code, "message": words}]).encode()
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]

    def wrap(app: ASGIApp) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if asked not in scope.get("query_string", b""):
                await app(scope, receive, send)
                return
            await send({"type": "http.response.start", "status": status, "headers": head})
            await send({"type": "http.response.body", "body": body})

        return answer

    return wrap


@pytest.mark.parametrize("ids_at_once", [2, 1000])
@pytest.mark.parametrize(
    ("code", "status"), [("MALFORMED_QUERY", 400), ("UNSUPPORTED", 400), ("NOT_IMPLEMENTED", 501)]
)
def test_where_counting_is_refused_nothing_is_lost_and_what_went_untold_is_found(
    sqlite: Engine, make_org: Any, rows_of: Rows, code: str, status: int, ids_at_once: int
) -> None:
    org = make_org(wrap=refusing(b"COUNT", code, "unexpected token: COUNT", status))
    assert pull(org, sqlite, bulk_from=1).problems == {}
    with transaction(sqlite) as session:
        gone = text("DELETE FROM opportunity WHERE id IN (:one, :other)")
        session.connection().execute(gone, {"one": DEAL_2, "other": DEAL_3})
    sobject = org.store.schema.objects["Opportunity"]
    org.store.delete(sobject, DEAL_1, at=org.clock.now() - timedelta(days=3), hard=True)
    org.later(days=1)
    report = pull(org, sqlite, ids_at_once=ids_at_once)
    assert report.problems == {}
    deals = rows_of(sqlite, "opportunity")
    assert [deals[each]["is_deleted"] for each in (DEAL_1, DEAL_2, DEAL_3)] == [True, False, False]


def test_a_refused_field_is_left_out_whatever_the_words(
    sqlite: Engine, make_org: Any, rows_of: Rows
) -> None:
    words = "\nSELECT Id, Name, NextStep\n^\nERROR at 1\nfield NextStep is not visible"
    org = make_org(wrap=refusing(b"NextStep", "INVALID_FIELD", words))
    report = pull(org, sqlite)
    assert (report.problems, "next_step" in report.missing_columns["opportunity"]) == ({}, True)
    assert {each["name"] for each in rows_of(sqlite, "opportunity").values()} >= {"Deal 1"}

"""Troubles that can be switched on, and the log that tells of them."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from simple_salesforce.exceptions import SalesforceRefusedRequest

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.faults import Fault, FaultKind, Faults
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import RunningServer, serve

Ask = Callable[..., httpx.Response]
BY_NAME = "SELECT Name FROM Opportunity ORDER BY Name"


def test_the_service_can_be_unavailable_for_some_calls(http: httpx.Client, faults: Faults) -> None:
    faults.add(Fault(kind=FaultKind.UNAVAILABLE, after=1, times=2, path="/limits"))
    replies = [http.get("/limits") for _ in range(4)]
    assert [reply.status_code for reply in replies] == [200, 503, 503, 200]
    assert replies[1].headers["Content-Type"].startswith("text/html")
    assert http.get("/sobjects").status_code == 200


def test_a_connection_can_break_in_the_middle_of_a_body(http: httpx.Client, faults: Faults) -> None:
    faults.add(Fault(kind=FaultKind.DROP_CONNECTION, times=1, path="/sobjects"))
    with pytest.raises(httpx.RemoteProtocolError, match="peer closed connection"):
        http.get("/sobjects")
    assert http.get("/sobjects").status_code == 200


def test_sessions_can_end_after_some_calls(sf: Any, faults: Faults) -> None:
    faults.add(Fault(kind=FaultKind.EXPIRE_SESSIONS, after=1, times=1, path="/query"))
    # Two pages; the session ends before the second, and the client logs in again.
    assert len(sf.query_all(BY_NAME)["records"]) == 4


def test_locators_can_be_forgotten(
    server: RunningServer, http: httpx.Client, ask: Ask, faults: Faults
) -> None:
    following = ask(BY_NAME).json()["nextRecordsUrl"]
    faults.add(Fault(kind=FaultKind.EXPIRE_LOCATORS, times=1))
    assert http.get(server.url + following).json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_the_daily_limit_can_be_used_up(
    store: Store, clock: SandboxClock, sf: Any, faults: Faults
) -> None:
    faults.add(Fault(kind=FaultKind.REQUEST_LIMIT, times=1))
    with pytest.raises(SalesforceRefusedRequest) as refused:
        sf.query(BY_NAME)
    content: Any = refused.value.content
    assert content == [
        {"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}
    ]
    assert store.clock is clock


def test_the_daily_limit_is_real_and_rolls_over(
    store: Store, clock: SandboxClock, session_headers: Callable[[str], dict[str, str]]
) -> None:
    with serve(create_app(store, clock, daily_calls=3, session_time=timedelta(days=9))) as server:
        url, bearer = f"{server.url}/services/data/v61.0/limits", session_headers(server.url)
        statuses = []
        for _ in range(4):
            statuses.append(httpx.get(url, headers=bearer).status_code)
            clock.wind(timedelta(hours=1))
        assert statuses == [200, 200, 200, 403]
        clock.wind(timedelta(hours=20))
        assert httpx.get(url, headers=bearer).status_code == 200
        refused = httpx.get(url, headers=bearer)
        assert refused.headers["Sforce-Limit-Info"] == "api-usage=3/3"
        assert refused.status_code == 403


def test_a_query_can_time_out_and_calls_can_crowd(http: httpx.Client, ask: Ask, faults: Faults
                                                  ) -> None:  # fmt: skip
    faults.add(Fault(kind=FaultKind.QUERY_TIMEOUT, times=1))
    timed_out = ask(BY_NAME)
    assert (timed_out.status_code, timed_out.json()[0]["errorCode"]) == (400, "QUERY_TIMEOUT")
    faults.add(Fault(kind=FaultKind.CONCURRENT_LIMIT, times=1))
    crowded = http.get("/limits")
    assert crowded.status_code == 403
    assert crowded.json()[0]["message"].startswith("ConcurrentRequests")


def test_answers_can_take_longer(http: httpx.Client, faults: Faults) -> None:
    faults.add(Fault(kind=FaultKind.LATENCY, seconds=0.3, times=1))
    started = time.monotonic()
    assert http.get("/limits").status_code == 200
    assert time.monotonic() - started >= 0.3


def test_pages_can_shrink(ask: Ask, faults: Faults) -> None:
    faults.add(Fault(kind=FaultKind.SMALL_PAGES, size=1))
    page = ask(BY_NAME, **{"Sforce-Query-Options": "batchSize=2000"}).json()
    assert (len(page["records"]), page["totalSize"]) == (1, 4)


def test_a_slow_transaction_holds_back_what_is_covered(
    sf: Any, faults: Faults, later: Callable[..., datetime]
) -> None:
    now = later(minutes=1)
    faults.add(Fault(kind=FaultKind.SLOW_TRANSACTION, seconds=600))
    answer = sf.Opportunity.updated(now - timedelta(hours=1), now)
    assert answer["latestDateCovered"] == "2026-03-11T09:51:00.000+0000"


def test_faults_are_switched_over_http(server: RunningServer, http: httpx.Client) -> None:
    url = f"{server.url}/sandbox/faults"
    added = httpx.post(url, json={"kind": "unavailable", "path": "/limits"})
    assert (added.status_code, added.json()) == (201, {"number": 1})
    assert http.get("/limits").status_code == 503
    [listed] = httpx.get(url).json()
    assert (listed["kind"], listed["calls_seen"]) == ("unavailable", 1)
    assert httpx.delete(url, params={"number": 1}).json() == []
    assert http.get("/limits").status_code == 200
    for wrong in ({"kind": "gremlins"}, {"size": 3}, {"kind": "latency", "colour": "red"}):
        assert httpx.post(url, json=wrong).status_code == 400


def test_the_log_tells_what_was_asked_and_keeps_secrets(
    server: RunningServer, http: httpx.Client
) -> None:
    http.get("/query", params={"q": "SELECT Nope FROM Account"})
    httpx.get(f"{server.url}/services/oauth2/revoke", params={"token": "very-secret"})
    log = httpx.get(f"{server.url}/sandbox/log")
    entries = log.json()
    assert (entries[-2]["status"], entries[-2]["verdict"]) == (400, "INVALID_FIELD")
    assert entries[-2]["query"] == "q=SELECT+Nope+FROM+Account"
    assert entries[-1]["query"] == "token=***"
    bearer = http.headers["Authorization"].removeprefix("Bearer ")
    assert "very-secret" not in log.text
    assert bearer not in log.text
    assert httpx.delete(f"{server.url}/sandbox/log").json() == []


def test_a_mistake_of_the_sandbox_looks_like_one_of_salesforce(
    store: Store, http: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    store.database.change('DROP TABLE "Contact"')
    reply = http.get("/query", params={"q": "SELECT Id FROM Contact"})
    assert (reply.status_code, reply.json()[0]["errorCode"]) == (500, "UNKNOWN_EXCEPTION")
    assert "no such table" in caplog.text


def test_the_front_page_and_the_health_tell_what_this_is(server: RunningServer) -> None:
    assert "simulated Salesforce" in httpx.get(server.url).json()["what"]
    health = httpx.get(f"{server.url}/sandbox/health").json()
    assert (health["ok"], health["records"]["Opportunity"]) == (True, 4)


EVENTS: dict[FaultKind, tuple[dict[str, Any], int, str]] = {
    FaultKind.UNAVAILABLE: ({}, 503, "<"),
    FaultKind.EXPIRE_SESSIONS: ({}, 401, "INVALID_SESSION_ID"),
    FaultKind.REQUEST_LIMIT: ({}, 403, "TotalRequests Limit exceeded"),
    FaultKind.CONCURRENT_LIMIT: ({}, 403, "ConcurrentRequests"),
    FaultKind.QUERY_TIMEOUT: ({}, 400, "QUERY_TIMEOUT"),
    FaultKind.HIDDEN_FIELD: ({"sobject": "Opportunity", "field": "Name"}, 400, "INVALID_FIELD"),
    FaultKind.RENAMED_FIELD: (
        {"sobject": "Opportunity", "field": "Name", "value": "Title__c"}, 400, "INVALID_FIELD",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", EVENTS)
def test_a_fault_is_switched_on_by_name_and_for_a_count_of_calls(
    server: RunningServer, http: httpx.Client, kind: FaultKind
) -> None:
    more, status, says = EVENTS[kind]
    wanted = {"kind": str(kind), "times": 2, "path": "/query", **more}
    assert httpx.post(f"{server.url}/sandbox/faults", json=wanted).status_code == 201
    struck = http.get("/query", params={"q": BY_NAME})
    assert struck.status_code == status
    assert says in struck.text
    if kind is FaultKind.EXPIRE_SESSIONS:
        return
    replies = [http.get("/query", params={"q": BY_NAME}).status_code for _ in range(2)]
    assert replies == [status, 200]


def test_a_renamed_field_is_read_and_written_under_its_new_name(
    http: httpx.Client, ask: Ask, faults: Faults
) -> None:
    [before] = ask("SELECT Id, NextStep FROM Opportunity ORDER BY Name LIMIT 1").json()["records"]
    rename: dict[str, Any] = {
        "sobject": "Opportunity",
        "field": "NextStep",
        "value": "What_Next__c",
    }
    faults.add(Fault(kind=FaultKind.RENAMED_FIELD, **rename))
    assert ask("SELECT NextStep FROM Opportunity").json()[0]["errorCode"] == "INVALID_FIELD"
    path = f"/sobjects/Opportunity/{before['Id']}"
    assert http.patch(path, json={"What_Next__c": "Call Anna"}).status_code == 204
    assert http.get(path).json()["What_Next__c"] == "Call Anna"
    found = ask("SELECT Id FROM Opportunity WHERE What_Next__c = 'Call Anna'").json()["records"]
    assert [each["Id"] for each in found] == [before["Id"]]
    described = http.get("/sobjects/Opportunity/describe").json()["fields"]
    [field] = [each for each in described if each["name"] == "What_Next__c"]
    assert field["label"] == "NextStep"
    faults.clear()
    assert http.get(path).json()["NextStep"] == "Call Anna"

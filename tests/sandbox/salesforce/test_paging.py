"""Pages, locators and the wire around them."""

# ruff: noqa: S608 -- the statements are SOQL for a simulated Salesforce

import gzip
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import RunningServer

Ask = Callable[..., httpx.Response]
BY_NAME = "SELECT Name FROM Opportunity ORDER BY Name"


def _names(reply: httpx.Response) -> list[str]:
    return [record["Name"] for record in reply.json()["records"]]


def test_a_page_names_the_next_one(server: RunningServer, http: httpx.Client, ask: Ask) -> None:
    first = ask(BY_NAME)
    body = first.json()
    assert (body["totalSize"], body["done"], _names(first)) == (4, False, ["Alpha", "Beta"])
    assert body["nextRecordsUrl"].startswith("/services/data/v61.0/query/01g")
    assert body["nextRecordsUrl"].endswith("-2")
    second = http.get(server.url + body["nextRecordsUrl"])
    assert _names(second) == ["Delta", "Gamma"]
    assert second.json()["done"] is True
    assert "nextRecordsUrl" not in second.json()


def test_later_pages_show_what_was_there_when_the_first_was_asked_for(
    server: RunningServer, http: httpx.Client, ask: Ask, ids: dict[str, str]
) -> None:
    following = ask(BY_NAME).json()["nextRecordsUrl"]
    http.patch(f"/sobjects/Opportunity/{ids['Delta']}", json={"Name": "Aardvark"})
    http.delete(f"/sobjects/Opportunity/{ids['Gamma']}")
    assert _names(http.get(server.url + following)) == ["Delta", "Gamma"]


@pytest.mark.parametrize("locator", ["01gNOPE-2", "nonsense", "01gSB0000000001YAA-99"])
def test_an_unknown_locator_is_refused(http: httpx.Client, locator: str) -> None:
    reply = http.get(f"/query/{locator}")
    assert reply.status_code == 400
    assert reply.json() == [
        {"message": "invalid query locator", "errorCode": "INVALID_QUERY_LOCATOR"}
    ]


def test_a_locator_is_good_for_two_days(
    server: RunningServer,
    http: httpx.Client,
    ask: Ask,
    later: Callable[..., datetime],
    login: Callable[[], dict[str, str]],
) -> None:
    following = ask(BY_NAME).json()["nextRecordsUrl"]
    later(days=2)
    assert http.get(server.url + following, headers=login()).status_code == 200
    later(seconds=1)
    assert http.get(server.url + following, headers=login()).status_code == 400


def test_a_client_may_ask_for_pages_of_200_to_2000(clock: SandboxClock, many_accounts: Any) -> None:
    ask = many_accounts(clock)
    wanted = {None: 2000, "batchSize=500": 500, "batchSize=1": 200, "batchSize=9999": 2000}
    for options, size in wanted.items():
        headers = {"Sforce-Query-Options": options} if options else {}
        body = ask("SELECT Name FROM Account", **headers).json()
        assert (len(body["records"]), body["totalSize"]) == (size, 2500)
    last = ask(body["nextRecordsUrl"]).json()
    assert (len(last["records"]), last["done"]) == (500, True)


def test_every_rest_reply_tells_the_usage(http: httpx.Client) -> None:
    assert http.get("/limits").headers["Sforce-Limit-Info"] == "api-usage=1/100000"
    assert http.get("/query?q=nonsense").headers["Sforce-Limit-Info"] == "api-usage=2/100000"


@pytest.mark.parametrize("path", ["/limits/", "/sobjects/", "/sobjects/Account/describe/", "/"])
def test_a_trailing_slash_makes_no_difference(http: httpx.Client, path: str) -> None:
    with_slash, without = http.get(path), http.get(path.rstrip("/") or "")
    assert with_slash.status_code == without.status_code == 200
    assert with_slash.json().keys() == without.json().keys()


def test_replies_are_compressed_for_those_who_can_read_it(
    http: httpx.Client, server: RunningServer
) -> None:
    packed = http.get("/sobjects/Account/describe", headers={"Accept-Encoding": "gzip"})
    plain = http.get("/sobjects/Account/describe", headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert server.url


def test_a_compressed_or_chunked_request_body_is_read(http: httpx.Client) -> None:
    body = gzip.compress(b'{"Name": "Packed"}')
    packed = http.post("/sobjects/Account", content=body, headers={"Content-Encoding": "gzip"})
    chunked = http.post("/sobjects/Account", content=iter([b'{"Name": ', b'"Chunked"}']))
    assert (packed.status_code, chunked.status_code) == (201, 201)
    bad = http.post("/sobjects/Account", content=b"{}", headers={"Content-Encoding": "gzip"})
    assert (bad.status_code, bad.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")


def test_an_address_longer_than_salesforce_reads_is_refused(ask: Ask) -> None:
    names = ", ".join(f"'{n:06d}'" for n in range(2_000))
    assert ask(f"SELECT Id FROM Account WHERE Name IN ({names})").status_code == 414


def test_unknown_paths_methods_and_versions_are_refused(server: RunningServer,
                                                        http: httpx.Client) -> None:  # fmt: skip
    assert http.get("/nope").json()[0]["errorCode"] == "NOT_FOUND"
    wrong = http.put("/query")
    assert (wrong.status_code, wrong.json()) == (
        405,
        [
            {
                "message": "HTTP Method 'PUT' not allowed. Allowed are HEAD,GET",
                "errorCode": "METHOD_NOT_ALLOWED",
            }
        ],
    )
    assert http.get(f"{server.url}/services/data/v99.0/limits").status_code == 404
    assert http.get(f"{server.url}/services/data/v30.0/limits").status_code == 410


def test_versions_are_listed_without_a_login(server: RunningServer) -> None:
    versions = httpx.get(f"{server.url}/services/data/").json()
    assert versions[-1] == {
        "label": "Summer '26",
        "url": "/services/data/v67.0",
        "version": "67.0",
    }
    assert {"label": "Spring '14", "url": "/services/data/v31.0", "version": "31.0"} not in versions
    assert versions[0]["label"] == "Summer '14"


def test_resources_are_listed(http: httpx.Client) -> None:
    assert http.get("/").json()["query"] == "/services/data/v61.0/query"


def test_record_counts_are_told(http: httpx.Client) -> None:
    reply = http.get("/limits/recordCount", params={"sObjects": "Account,Task"})
    assert reply.json() == {
        "sObjects": [{"count": 3, "name": "Account"}, {"count": 3, "name": "Task"}]
    }


def test_head_answers_without_a_body(http: httpx.Client) -> None:
    reply = http.head("/limits")
    assert (reply.status_code, reply.content) == (200, b"")


def test_requests_without_a_session_are_refused(server: RunningServer) -> None:
    url = f"{server.url}/services/data/v61.0/limits"
    for headers in ({}, {"Authorization": "Bearer nope"}, {"Authorization": "nonsense"}):
        reply = httpx.get(url, headers=headers)
        assert reply.status_code == 401
        assert reply.json() == [
            {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
        ]


def test_many_cursors_make_the_oldest_go(store: Store, ask: Ask, http: httpx.Client,
                                         server: RunningServer) -> None:  # fmt: skip
    urls = [ask(BY_NAME).json()["nextRecordsUrl"] for _ in range(101)]
    assert http.get(server.url + urls[0]).status_code == 400
    assert http.get(server.url + urls[-1]).status_code == 200
    tables = store.database.rows("SELECT name FROM sqlite_temp_master WHERE type = 'table'")
    assert len(tables) == 100

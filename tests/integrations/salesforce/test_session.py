import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.session import SteadySalesforce, log_in
from integrations.salesforce.transport import CallMeter
from integrations.sandbox.serving import serve

SOQL = "SELECT Id, SystemModstamp FROM Account WHERE SystemModstamp < 2030-01-01T00:00:00Z"
QUERY = f"{SOQL} ORDER BY SystemModstamp, Id"


@pytest.fixture
def salesforce(
    stranger: Any, credentials: SalesforceCredentials, account: Callable[..., dict[str, Any]]
) -> SteadySalesforce:
    stranger.records["Account"] = [account(1)]
    return log_in(credentials, meter=CallMeter(), sleep=lambda _: None, draw=lambda: 0.5)


def expired() -> Response:
    return JSONResponse([{"errorCode": "INVALID_SESSION_ID", "message": "expired"}], 401)


def token(name: str, url: str) -> Callable[[], Response]:
    return lambda: JSONResponse({"access_token": name, "instance_url": url})


def test_threads_whose_session_expired_log_in_once_for_all(
    stranger: Any, salesforce: SteadySalesforce
) -> None:
    stranger.accepts = {"Bearer second"}
    stranger.instead["token"] = [token("second", stranger.url)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(salesforce.query, [QUERY] * 8))
    assert [answer["totalSize"] for answer in answers] == [1] * 8
    assert len(stranger.grants) == 2


def test_whatever_is_answered_the_garbage_collector_is_on_afterwards(
    stranger: Any, salesforce: SteadySalesforce
) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(salesforce.query, [QUERY] * 8))
    assert gc.isenabled()
    stranger.instead["query"] = [lambda: Response("no JSON", media_type="application/json")]
    with pytest.raises(ValueError, match="Expecting value"):
        salesforce.query(QUERY)
    assert gc.isenabled()


def test_headers_of_a_call_are_kept_when_it_is_repeated(
    stranger: Any, salesforce: SteadySalesforce
) -> None:
    stranger.instead["query"] = [expired]
    salesforce.query(QUERY, headers={"Sforce-Query-Options": "batchSize=500"})
    assert [seen.get("sforce-query-options") for seen in stranger.headers] == ["batchSize=500"] * 2


def test_an_org_that_moved_is_followed_to_its_new_instance(
    stranger: Any, salesforce: SteadySalesforce, account: Callable[..., dict[str, Any]]
) -> None:
    moved = type(stranger)(records={"Account": [account(2), account(3)]})
    with serve(moved.app()) as server:
        stranger.instead["query"] = [expired]
        stranger.instead["token"] = [token("there", server.url)]
        assert salesforce.query(QUERY)["totalSize"] == 2
        assert salesforce.base_url.startswith(f"https://127.0.0.1:{server.port}/")
        assert salesforce.query(QUERY)["totalSize"] == 2


def test_an_instance_may_live_under_a_path(
    stranger: Any, credentials: SalesforceCredentials, account: Callable[..., dict[str, Any]]
) -> None:
    stranger.records["Account"] = [account(1)]
    stranger.instance_url = f"{stranger.url}/stage"
    salesforce = log_in(credentials, meter=CallMeter(), sleep=lambda _: None, draw=lambda: 0.5)
    assert salesforce.query(QUERY)["totalSize"] == 1
    assert stranger.paths[-1].startswith("/stage/services/")


def test_shortcuts_that_would_recurse_for_ever_are_refused(salesforce: SteadySalesforce) -> None:
    with pytest.raises(AttributeError, match="restful"):
        salesforce.Account.describe()


def test_a_netrc_file_does_not_replace_our_token(
    stranger: Any,
    salesforce: SteadySalesforce,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    salesforce.query(QUERY)
    assert stranger.headers[-1]["authorization"] == "Bearer a-token"


def test_a_proxy_is_not_asked_for_this_machine(
    salesforce: SteadySalesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    assert salesforce.query(QUERY)["totalSize"] == 1

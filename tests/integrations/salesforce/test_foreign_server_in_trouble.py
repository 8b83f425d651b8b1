from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.domain.errors import (
    CredentialsRefused,
    PermanentError,
    RateLimited,
    TransientError,
)
from bot.ports import MirrorRow
from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.crm import SalesforceCrm, open_salesforce

Account = Callable[..., dict[str, Any]]
UNTIL = datetime(2026, 3, 9, 8, 0, 31, tzinfo=UTC)


def read(crm: SalesforceCrm, table: str = "account", **window: Any) -> list[MirrorRow]:
    window = {"since": None, "until": UNTIL, **window}
    return [row for batch in crm.changes(table, **window) for row in batch]


def names(rows: Sequence[MirrorRow]) -> list[str]:
    return [str(row["name"]) for row in rows]


def answer(status: int, code: str, message: str = "") -> Callable[[], Response]:
    return lambda: JSONResponse([{"errorCode": code, "message": message}], status)


def test_the_count_of_calls_is_remembered_from_a_refusal_too(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    stranger.records["Account"] = [account(1)]
    stranger.instead["query"] = [
        lambda: JSONResponse(
            [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}],
            403,
            headers={"Sforce-Limit-Info": "per-app-api-usage=3/9(appName=x); api-usage=100/100"},
        )
    ]
    with pytest.raises(RateLimited) as refused:
        read(crm)
    assert refused.value.retry_after == timedelta(hours=1)
    assert (crm.calls().used, crm.calls().allowed) == (100, 100)


@pytest.mark.parametrize(
    "busy",
    [
        pytest.param(lambda: HTMLResponse("down for maintenance", 503), id="503"),
        pytest.param(lambda: HTMLResponse("down for maintenance", 200), id="page-for-people"),
        pytest.param(lambda: Response(status_code=429), id="429"),
        pytest.param(
            answer(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API) exceeded."),
            id="too-many-at-once",
        ),
        pytest.param(
            lambda: Response(b"{", headers={"Content-Length": "9999"}, media_type="text/json"),
            id="body-breaks-off",
            marks=pytest.mark.filterwarnings("ignore"),
        ),
    ],
)
def test_what_passes_by_itself_is_asked_again_after_a_pause(
    crm: SalesforceCrm,
    stranger: Any,
    account: Account,
    pauses: list[float],
    busy: Callable[[], Response],
) -> None:
    stranger.records["Account"] = [account(1)]
    stranger.instead["query"] = [busy, busy]
    assert names(read(crm)) == ["Account 1"]
    assert pauses == [0.25, 0.5]


def test_a_server_that_stays_busy_is_left_alone_after_six_attempts(
    crm: SalesforceCrm, stranger: Any, account: Account, pauses: list[float]
) -> None:
    stranger.records["Account"] = [account(1)]
    stranger.instead["query"] = [lambda: Response(status_code=503)] * 9
    with pytest.raises(TransientError, match="503"):
        read(crm)
    assert len(stranger.instead["query"]) == 3
    assert len(pauses) == 5


def test_a_pause_that_the_server_asks_for_is_kept(
    crm: SalesforceCrm, stranger: Any, account: Account, pauses: list[float]
) -> None:
    stranger.records["Account"] = [account(1)]
    stranger.instead["query"] = [lambda: Response(status_code=429, headers={"Retry-After": "7"})]
    read(crm)
    assert pauses == [7.0]


def test_a_session_that_expired_is_renewed_once(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    stranger.records["Account"] = [account(1)]
    stranger.instead["query"] = [answer(401, "INVALID_SESSION_ID")]
    assert names(read(crm)) == ["Account 1"]
    assert len(stranger.grants) == 2


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(answer(401, "INVALID_SESSION_ID"), id="as-salesforce-says-it"),
        pytest.param(lambda: HTMLResponse("no", 401), id="as-a-page"),
        pytest.param(lambda: JSONResponse({"error": "no"}, 401), id="as-an-object"),
    ],
)
def test_a_session_that_is_refused_for_good_ends_in_a_refusal_and_not_in_a_loop(
    crm: SalesforceCrm, stranger: Any, account: Account, refusal: Callable[[], Response]
) -> None:
    stranger.records["Account"] = [account(1)]
    stranger.instead["query"] = [refusal] * 50
    with pytest.raises(CredentialsRefused, match="API Enabled"):
        read(crm)
    assert len(stranger.instead["query"]) == 47


def test_a_lost_place_is_found_again_from_the_last_stamp(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    stranger.records["Account"] = [account(n, minute=n) for n in range(7)]
    stranger.instead["more"] = [answer(400, "INVALID_QUERY_LOCATOR")]
    assert dict.fromkeys(names(read(crm))) == dict.fromkeys(f"Account {n}" for n in range(7))
    assert "SystemModstamp >= 2026-03-09T07:01:00Z" in stranger.queries[-1]


def test_a_place_that_is_lost_over_and_over_is_given_up(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    stranger.records["Account"] = [account(n) for n in range(7)]
    stranger.instead["more"] = [answer(400, "INVALID_QUERY_LOCATOR")] * 50
    with pytest.raises(TransientError, match="INVALID_QUERY_LOCATOR"):
        read(crm)
    assert len(stranger.instead["more"]) == 46


def test_a_window_that_takes_too_long_is_halved(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    stranger.records["Account"] = [account(n, minute=n) for n in range(4)]
    stranger.instead["query"] = [answer(400, "QUERY_TIMEOUT")] * 2
    assert names(read(crm)) == [f"Account {n}" for n in range(4)]
    assert len(stranger.queries) == 3


def test_a_window_of_a_minute_that_takes_too_long_is_given_up(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    stranger.records["Account"] = [account(1)]
    stranger.instead["query"] = [answer(400, "QUERY_TIMEOUT")] * 100
    with pytest.raises(TransientError, match="QUERY_TIMEOUT"):
        read(crm)
    assert len(stranger.instead["query"]) > 50


def test_refused_credentials_name_the_variable_and_never_the_secret(
    crm: SalesforceCrm, stranger: Any
) -> None:
    stranger.instead["token"] = [
        lambda: JSONResponse(
            {"error": "invalid_client", "error_description": "the-secret is wrong"}, 400
        )
    ]
    with pytest.raises(CredentialsRefused) as refused:
        crm.objects()
    assert "SALESFORCE_CLIENT_SECRET" in str(refused.value)
    assert "the-secret" not in str(refused.value)
    assert stranger.grants == ["client_credentials"]


@pytest.mark.parametrize(
    "nonsense",
    [
        pytest.param(lambda: JSONResponse({"access_token": "x"}), id="no-instance"),
        pytest.param(lambda: JSONResponse(["?"]), id="a-list"),
        pytest.param(lambda: HTMLResponse("hello"), id="a-page"),
    ],
)
def test_an_address_that_is_no_salesforce_is_said_to_be_none(
    crm: SalesforceCrm, stranger: Any, nonsense: Callable[[], Response]
) -> None:
    stranger.instead["token"] = [nonsense]
    with pytest.raises(PermanentError, match="SALESFORCE_LOGIN_URL"):
        crm.objects()


def test_a_server_that_does_not_know_a_way_to_log_in_is_offered_the_next(
    stranger: Any, account: Account, clock: Any
) -> None:
    stranger.records["Account"] = [account(1)]
    stranger.instead["token"] = [
        lambda: JSONResponse({"error": "unsupported_grant_type", "error_description": "?"}, 400)
    ]
    credentials = SalesforceCredentials.from_environment(
        {
            "SALESFORCE_LOGIN_URL": stranger.url,
            "SALESFORCE_CLIENT_ID": "the-app",
            "SALESFORCE_CLIENT_SECRET": "the-secret",
            "SALESFORCE_USERNAME": "kim@example.com",
            "SALESFORCE_PASSWORD": "the-password",
        }
    )
    crm = open_salesforce(credentials, clock=clock, sleep=lambda _: None)
    assert names(read(crm)) == ["Account 1"]
    assert stranger.grants == ["client_credentials", "password"]


def test_nobody_at_the_address_is_a_reason_to_try_later(clock: Any, pauses: list[float]) -> None:
    credentials = SalesforceCredentials.from_environment(
        {
            "SALESFORCE_LOGIN_URL": "http://127.0.0.1:9",
            "SALESFORCE_CLIENT_ID": "a",
            "SALESFORCE_CLIENT_SECRET": "b",
        }
    )
    crm = open_salesforce(credentials, clock=clock, sleep=pauses.append, draw=lambda: 0.5)
    with pytest.raises(TransientError, match="did not answer"):
        crm.objects()
    assert len(pauses) == 5

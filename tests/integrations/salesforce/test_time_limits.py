"""A server that takes a request and says nothing is not waited for for ever, whatever was asked."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.domain.errors import OutcomeUnknown, TransientError
from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.crm import SalesforceCrm, open_salesforce
from integrations.salesforce.transport import TIMEOUT_SECONDS

#: Salesforce itself gives up a query after so many seconds.
SOQL_SECONDS = 120

#: Seconds for a connection, and for bytes.
IMPATIENT = (1.0, 0.05)


def test_nobody_is_waited_for_longer_than_salesforce_itself_waits() -> None:
    connect, read = TIMEOUT_SECONDS
    assert connect <= 30
    assert SOQL_SECONDS < read <= 2 * SOQL_SECONDS


@pytest.fixture
def mute() -> Iterator[str]:
    """An address where everybody is let in and nobody is answered."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    "ways",
    [
        pytest.param({"CLIENT_ID": "a", "CLIENT_SECRET": "b"}, id="client-credentials"),
        pytest.param({"CLIENT_ID": "a", "REFRESH_TOKEN": "b"}, id="refresh-token"),
        pytest.param({"USERNAME": "a", "PASSWORD": "b", "SECURITY_TOKEN": "c"}, id="password"),
    ],
)
def test_a_login_that_is_not_answered_ends(mute: str, clock: Any, ways: dict[str, str]) -> None:
    variables = {"LOGIN_URL": mute, **ways}
    credentials = SalesforceCredentials.from_environment(
        {f"SALESFORCE_{name}": value for name, value in variables.items()}
    )
    crm = open_salesforce(credentials, clock=clock, sleep=lambda _: None, patience=IMPATIENT)
    with pytest.raises(TransientError, match="in time"):
        crm.objects()


@pytest.mark.parametrize(
    ("asked", "failure"),
    [
        pytest.param(lambda crm: crm.missing_columns("account"), TransientError, id="describe"),
        pytest.param(
            lambda crm: crm.bulk("account").begin(since=None, until=crm._clock.now()),
            TransientError,
            id="bulk",
        ),
        pytest.param(
            lambda crm: crm.writer().create("crm_task", {"subject": "Call"}),
            OutcomeUnknown,
            id="write",
        ),
    ],
)
def test_a_request_that_is_not_answered_ends(
    credentials: SalesforceCredentials,
    clock: Any,
    stranger: Any,
    mute: str,
    asked: Callable[[SalesforceCrm], object],
    failure: type[Exception],
) -> None:
    stranger.instance_url = mute
    crm = open_salesforce(credentials, clock=clock, sleep=lambda _: None, patience=IMPATIENT)
    with pytest.raises(failure):
        asked(crm)

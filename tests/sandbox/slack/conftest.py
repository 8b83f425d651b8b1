from collections.abc import Iterator

import pytest

from tests.sandbox.slack.stage import (
    QUICK,
    Connect,
    Eventually,
    Leave,
    Opener,
    Slack,
    ask_until_true,
    close_client,
    open_slack,
    socket_mode,
)


@pytest.fixture
def opened() -> Opener:
    """Opens a workspace with settings of a test's own."""
    return open_slack


@pytest.fixture
def slack() -> Iterator[Slack]:
    with open_slack() as ready:
        yield ready


@pytest.fixture
def impatient() -> Iterator[Slack]:
    """Waits half a second for an acknowledgement."""
    with open_slack(timings=QUICK) as ready:
        yield ready


@pytest.fixture
def eventually() -> Eventually:
    return ask_until_true


@pytest.fixture
def connected() -> Connect:
    """Connects a Bolt app by Socket Mode for as long as the block lasts."""
    return socket_mode


@pytest.fixture
def leave() -> Leave:
    return close_client

"""A workspace with four people, and unmodified Slack clients pointed at it."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient

from integrations.sandbox.changes import SlackChannel, SlackPerson
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.serving import RunningServer
from integrations.sandbox.slack.credentials import DEMO_EVENTS, DEMO_SCOPES, Credentials
from integrations.sandbox.slack.sandbox import Sandbox
from integrations.sandbox.slack.server import run_slack_sandbox
from integrations.sandbox.slack.timings import Timings

Json = dict[str, Any]
MONDAY_MORNING = datetime(2026, 3, 9, 7, 30, tzinfo=UTC)
PEOPLE = tuple(
    SlackPerson(
        id=f"U0{name.upper()}",
        name=name,
        real_name=f"{name.title()} {surname}",
        email=f"{name}@acme.example",
        zone=zone,
        title=title,
    )
    for name, surname, zone, title in (
        ("maya", "Chen", "Europe/Berlin", "Sales manager"),
        ("tom", "Fox", "America/New_York", "Account executive"),
        ("lena", "Okafor", "Europe/Berlin", "Account executive"),
        ("raj", "Patel", "Asia/Kolkata", "SDR"),
    )
)
CHANNELS = (
    SlackChannel(id="C0SALES", name="sales", members=("U0MAYA", "U0TOM"), topic="Deals"),
    SlackChannel(id="C0GENERAL", name="general", members=tuple(each.id for each in PEOPLE)),
    SlackChannel(id="C0LEADS", name="leads", members=("U0MAYA",), is_private=True),
)
#: The scopes of the demo, and those that only some tests' apps ask for.
SCOPES = DEMO_SCOPES | {
    "channels:join",
    "channels:manage",
    "dnd:read",
    "groups:history",
    "reactions:read",
    "reactions:write",
    "usergroups:read",
    "users.profile:read",
}
EVENTS = DEMO_EVENTS | {"message.channels", "reaction_added"}
#: Slack's waits, made short: what takes seconds there takes tenths here.
QUICK = Timings(acknowledgement=0.5, redeliveries=(0.0, 0.2, 0.4), disconnect_grace=0.3)
#: For all tests but those of apps that are too slow: a busy machine acknowledges late.
PATIENT = replace(QUICK, acknowledgement=20, trigger=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    url: str
    server: RunningServer
    sandbox: Sandbox
    credentials: Credentials
    client: WebClient
    clock: SandboxClock

    def app(self) -> App:
        """A Bolt app that knows nothing but the address and its credentials."""
        client = WebClient(token=self.credentials.bot_token, base_url=f"{self.url}/api/")
        return App(client=client, signing_secret=self.credentials.signing_secret)


Opener = Callable[..., AbstractContextManager[Slack]]
Connect = Callable[..., AbstractContextManager[SocketModeHandler]]
Leave = Callable[[Slack, SocketModeClient], None]
Eventually = Callable[..., Any]


@contextmanager
def open_slack(**settings: Any) -> Iterator[Slack]:
    clock = SandboxClock(starts_at=MONDAY_MORNING)
    credentials = settings.pop("credentials", Credentials(scopes=SCOPES, events=EVENTS))
    settings = {"timings": PATIENT, "bot_channels": ["sales"], **settings}
    server, sandbox = run_slack_sandbox(
        PEOPLE, CHANNELS, clock, credentials=credentials, **settings
    )
    with server:
        yield Slack(
            url=server.url,
            server=server,
            sandbox=sandbox,
            credentials=sandbox.installation.credentials,
            client=WebClient(
                token=credentials.bot_token, base_url=f"{server.url}/api/", retry_handlers=[]
            ),
            clock=clock,
        )


def close_client(slack: Slack, client: SocketModeClient) -> None:
    """Cut the line first: closing by itself waits out a read of three seconds.

    The client is closed once its reader has seen the cut, since the two race for the socket.
    """
    client.closed = True
    slack.sandbox.break_sockets()
    end = time.monotonic() + 30
    session = client.current_session
    while session is not None and session.is_active() and time.monotonic() < end:
        time.sleep(0.01)
    client.close()


@contextmanager
def socket_mode(slack: Slack, app: App, **settings: Any) -> Iterator[SocketModeHandler]:
    handler = SocketModeHandler(app, slack.credentials.app_token, web_client=app.client, **settings)
    before = slack.sandbox.deliveries.hub.count()
    handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it bare
    try:
        end = time.monotonic() + 30
        while slack.sandbox.deliveries.hub.count() <= before:
            assert time.monotonic() < end, "the app did not connect"
            time.sleep(0.01)
        yield handler
    finally:
        close_client(slack, handler.client)


def ask_until_true(question: Callable[[], Any], *, seconds: float = 30.0) -> Any:
    """Asks until the answer is truthy, and fails with the last answer when it never is."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < end, f"still {answer!r} after {seconds} s"
        time.sleep(0.02)
    return answer

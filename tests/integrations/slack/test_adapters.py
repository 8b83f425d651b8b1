"""Our messenger and directory against the sandbox: what they do, and how failures come out."""

import logging
import socket
import threading
from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.domain.errors import (
    CoachingError,
    CredentialsRefused,
    OutcomeUnknown,
    PermanentError,
    RateLimited,
    RecipientUnreachable,
    TransientError,
)
from bot.domain.ids import DeliveryId, SlackUserId
from bot.domain.message import Message, Receipt, View
from bot.render.charts.raster import png
from integrations.sandbox.changes import SlackChannel
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.credentials import Credentials
from integrations.sandbox.slack.faults import Fault, FaultKind
from integrations.sandbox.slack.server import run_slack_sandbox
from integrations.slack.bolt_app import EVENTS_PATH, build_client
from integrations.slack.credentials import SlackCredentials
from integrations.slack.directory import SlackDirectory
from integrations.slack.manifest import BOT_SCOPES
from integrations.slack.messenger import SlackMessenger
from tests.slack_world import PEOPLE, TUESDAY_MORNING, SlackWorld

REFERENCE = DeliveryId(7)
HELLO = Message(text="Hello")


def test_a_message_is_found_again_by_its_reference_and_no_other(slack: SlackWorld) -> None:
    slack.messenger.send("U0KIM", HELLO, reference=DeliveryId(6))
    receipt = slack.messenger.send("U0KIM", HELLO, reference=REFERENCE)
    assert slack.messenger.find(REFERENCE, to="U0KIM") == receipt
    assert slack.messenger.find(DeliveryId(8), to="U0KIM") is None
    assert slack.messenger.find(REFERENCE, to="U0SAM") is None


def test_parts_of_a_thread_are_told_apart(slack: SlackWorld) -> None:
    parent = slack.messenger.send("C0SALES", HELLO, reference=REFERENCE)
    part = slack.messenger.send("C0SALES", HELLO, reference=REFERENCE, thread=parent, part=1)
    found = slack.messenger.find(REFERENCE, to="C0SALES", thread=parent, part=1)
    assert found == part
    assert slack.messenger.find(REFERENCE, to="C0SALES", thread=parent, part=2) is None
    assert slack.messenger.find(REFERENCE, to="C0SALES") == parent


def test_a_message_can_be_changed_and_a_home_published(slack: SlackWorld) -> None:
    receipt = slack.messenger.send("U0KIM", HELLO, reference=REFERENCE)
    slack.messenger.update(receipt, Message(text="Bye"))
    assert [each.text for each in slack.sandbox.direct_messages_to("kim")] == ["Bye"]
    slack.messenger.publish_home(SlackUserId("U0KIM"), View(payload={"type": "home", "blocks": []}))
    assert slack.sandbox.home_of("kim") is not None


def test_a_picture_that_slack_refuses_does_not_keep_the_words_back(slack: SlackWorld) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "Words"}}
    picture = {"type": "image", "slack_file": {"id": "F0NOWHERE"}, "alt_text": "A chart"}
    slack.messenger.send(
        "U0KIM", Message(text="Words", blocks=[section, picture]), reference=REFERENCE
    )
    [message] = slack.sandbox.direct_messages_to("kim")
    assert [block["type"] for block in message.blocks] == ["section"]


def test_blocks_without_a_fallback_are_refused_for_good(slack: SlackWorld) -> None:
    with pytest.raises(PermanentError, match="invalid_blocks"):
        slack.messenger.send(
            "U0KIM", Message(text="x", blocks=[{"type": "section"}]), reference=REFERENCE
        )
    assert slack.sandbox.direct_messages_to("kim") == []


def test_a_client_that_repeats_calls_is_refused() -> None:
    with pytest.raises(ValueError, match="retry_handlers"):
        SlackMessenger(WebClient(token="xoxb-x"), draw=png)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        pytest.param(Fault(kind=FaultKind.RATE_LIMITED, seconds=17), RateLimited, id="limited"),
        pytest.param(Fault(kind=FaultKind.UNAVAILABLE, status=503), OutcomeUnknown, id="503"),
        pytest.param(Fault(kind=FaultKind.UNAVAILABLE, status=500), OutcomeUnknown, id="500"),
        pytest.param(Fault(kind=FaultKind.UNAVAILABLE, status=502), OutcomeUnknown, id="502"),
        pytest.param(Fault(kind=FaultKind.LOST_REPLY), OutcomeUnknown, id="lost-reply"),
        pytest.param(Fault(kind=FaultKind.RESET), OutcomeUnknown, id="reset"),
    ],
)
def test_each_trouble_on_the_line_is_named_after_what_to_do_next(
    slack: SlackWorld, fault: Fault, kind: type[CoachingError]
) -> None:
    slack.sandbox.faults.add(fault)
    with pytest.raises(kind) as raised:
        slack.messenger.send("U0KIM", HELLO, reference=REFERENCE)
    if isinstance(raised.value, RateLimited):
        assert raised.value.retry_after == timedelta(seconds=17)
    assert len(slack.sandbox.direct_messages_to("kim")) == (fault.kind is FaultKind.LOST_REPLY)


def test_a_reply_that_takes_too_long_leaves_the_outcome_unknown(slack: SlackWorld) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.SLOW, seconds=1.5))
    slack.client.timeout = 1
    with pytest.raises(OutcomeUnknown):
        slack.messenger.send("U0KIM", HELLO, reference=REFERENCE)


def test_a_server_that_answers_with_no_json_leaves_the_outcome_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\noops")
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/api/"
        client = build_client(SlackCredentials(bot_token="xoxb-x", api_url=url))
        with pytest.raises(OutcomeUnknown):
            SlackMessenger(client, draw=png).send("U0KIM", HELLO, reference=REFERENCE)
        thread.join()


def test_a_call_that_never_left_is_simply_tried_later() -> None:
    client = build_client(SlackCredentials(bot_token="xoxb-x", api_url="http://127.0.0.1:9/api/"))
    with pytest.raises(TransientError) as raised:
        SlackMessenger(client, draw=png).send("U0KIM", HELLO, reference=REFERENCE)
    assert not isinstance(raised.value, OutcomeUnknown)


@pytest.mark.parametrize("to", ["U0NOBODY", "C0NOWHERE"])
def test_a_recipient_who_is_not_there_is_unreachable(slack: SlackWorld, to: str) -> None:
    with pytest.raises(RecipientUnreachable):
        slack.messenger.send(to, HELLO, reference=REFERENCE)


def test_a_message_that_is_gone_cannot_be_changed(slack: SlackWorld) -> None:
    with pytest.raises(RecipientUnreachable):
        slack.messenger.update(Receipt(channel="C0SALES", ts="1.000001"), HELLO)


def test_a_wrong_token_names_its_variable_and_not_itself(slack: SlackWorld) -> None:
    client = build_client(
        SlackCredentials(bot_token="xoxb-wrong", api_url=slack.credentials.api_url)
    )
    with pytest.raises(CredentialsRefused, match="SLACK_BOT_TOKEN") as raised:
        SlackMessenger(client, draw=png).send("U0KIM", HELLO, reference=REFERENCE)
    assert "xoxb-wrong" not in str(raised.value)


def test_a_missing_scope_is_named_with_the_remedy(clock: SandboxClock) -> None:
    scopes = frozenset(BOT_SCOPES) - {"users:read.email"}
    server, _ = run_slack_sandbox(PEOPLE, (), clock, credentials=Credentials(scopes=scopes))
    with server:
        credentials = SlackCredentials(
            bot_token=Credentials().bot_token, api_url=f"{server.url}/api/"
        )
        with pytest.raises(CredentialsRefused, match=r"users:read\.email"):
            SlackDirectory(build_client(credentials)).find_by_email("kim@acme.example")


def test_people_are_found_by_email_and_by_id_with_their_zone(slack: SlackWorld) -> None:
    directory = SlackDirectory(slack.client)
    kim = directory.find_by_email(" Kim@ACME.example ")
    assert kim is not None
    assert (kim.id, ZoneInfo(kim.zone or "")) == ("U0KIM", ZoneInfo("Europe/Berlin"))
    assert kim.email == "kim@acme.example"
    assert directory.find_by_id(SlackUserId("U0KIM")) is not None
    assert directory.find_by_email("nobody@acme.example") is None
    assert directory.find_by_id(SlackUserId("U0NOBODY")) is None


def test_answers_are_remembered_for_an_hour_also_when_there_was_nobody(slack: SlackWorld) -> None:
    seconds = [0.0]
    directory = SlackDirectory(slack.client, monotonic=lambda: seconds[0])
    for _ in range(3):
        directory.find_by_email("nobody@acme.example")
    assert len(slack.sandbox.log(name="users.lookupByEmail")) == 1
    seconds[0] = 3601.0
    directory.find_by_email("nobody@acme.example")
    assert len(slack.sandbox.log(name="users.lookupByEmail")) == 2


def test_a_channel_is_found_beyond_the_first_page_and_joined() -> None:
    channels = [
        SlackChannel(id=f"C0{number:04}", name=f"n{number}", members=()) for number in range(450)
    ]
    clock = SandboxClock(starts_at=TUESDAY_MORNING, frozen=True)
    credentials = Credentials(scopes=frozenset(BOT_SCOPES))
    server, _ = run_slack_sandbox(PEOPLE, channels, clock, bot_channels=(), credentials=credentials)
    with server:
        ours = SlackCredentials(bot_token=credentials.bot_token, api_url=f"{server.url}/api/")
        client = build_client(ours)
        directory = SlackDirectory(client)
        found = directory.find_channel("#N449")
        assert found == "C00449"
        assert SlackMessenger(client, draw=png).send(found, HELLO, reference=REFERENCE)
        assert directory.find_channel("nowhere") is None


@pytest.mark.parametrize("method", ["conversations.history", "auth.test"])
def test_looking_is_put_off_when_slack_asks_us_to_slow_down(slack: SlackWorld, method: str) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.RATE_LIMITED, method=method, seconds=3))
    if method == "conversations.history":
        with pytest.raises(RateLimited):
            slack.messenger.find(REFERENCE, to="U0KIM")
    else:
        assert slack.messenger.find(REFERENCE, to="U0KIM") is None


def test_a_forged_request_is_refused_and_its_body_is_not_logged(
    bot: App, slack: SlackWorld, caplog: pytest.LogCaptureFixture
) -> None:
    _ = bot
    caplog.set_level(logging.DEBUG)
    response = httpx.post(
        str(slack.sandbox.deliveries.request_url),
        content="command=%2Fnudges&text=top-secret-words",
        headers={
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-signature": "v0=forged",
            "x-slack-request-timestamp": "1",
        },
    )
    assert response.status_code == 401
    assert "wrong signature" in caplog.text
    assert "top-secret-words" not in caplog.text


def test_a_body_beyond_reason_is_not_read(bot: App, slack: SlackWorld) -> None:
    _ = bot
    headers = {"x-slack-signature": "v0=forged", "x-slack-request-timestamp": "1"}
    address = str(slack.sandbox.deliveries.request_url)
    response = httpx.post(address, content=b"x" * 1_100_000, headers=headers)
    assert response.status_code == 413


@pytest.mark.usefixtures("bot")
def test_whoever_watches_the_door_hears_that_it_is_open(slack: SlackWorld) -> None:
    url = slack.sandbox.deliveries.request_url
    assert url is not None
    reply = httpx.get(url.replace(EVENTS_PATH, "/health"))
    assert (reply.status_code, reply.text) == (200, "ok")

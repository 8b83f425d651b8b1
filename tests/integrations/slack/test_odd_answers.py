"""Whatever stands in for Slack may answer: nothing is taken for said, and nothing is given up."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from slack_sdk import WebClient

from bot.domain.errors import (
    CoachingError,
    OutcomeUnknown,
    PermanentError,
    RateLimited,
    TransientError,
)
from bot.domain.ids import DeliveryId, SlackUserId
from bot.domain.message import Message
from integrations.slack.bolt_app import build_client
from integrations.slack.credentials import SlackCredentials
from integrations.slack.directory import SlackDirectory
from integrations.slack.messenger import SlackMessenger


class Answering(BaseHTTPRequestHandler):
    status = 200
    headed: Mapping[str, str] = {}
    body = b""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(self.status)
        for name, value in ({"Content-Length": str(len(self.body))} | dict(self.headed)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.body)
        self.close_connection = True

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        """Nothing to the screen."""


@pytest.fixture(scope="module")
def client() -> Iterator[WebClient]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/api/"
    yield build_client(SlackCredentials(bot_token="xoxb-x", api_url=address))
    server.shutdown()
    thread.join()
    server.server_close()


def answer(status: int, body: object = b"", **headed: str) -> None:
    Answering.status = status
    Answering.body = body if isinstance(body, bytes) else json.dumps(body).encode()
    Answering.headed = {name.replace("_", "-"): value for name, value in headed.items()}


def said(client: WebClient) -> object:
    messenger = SlackMessenger(client, draw=lambda _: b"")
    return messenger.send("U0KIM", Message(text="Hello"), reference=DeliveryId(1))


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("17", 17),
        ("0.2", 1),
        ("-5", 1),
        ("soon", 1),
        ("nan", 1),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 1),
        ("1e30", 3600),
    ],
)
def test_whoever_is_asked_to_wait_waits_a_time_that_can_be_waited(
    client: WebClient, retry_after: str, seconds: int
) -> None:
    answer(429, {"ok": False, "error": "ratelimited"}, Retry_After=retry_after)
    with pytest.raises(RateLimited) as raised:
        said(client)
    assert raised.value.retry_after == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(200, b"<html>Welcome to the hotel</html>", id="a-page"),
        pytest.param(200, b"", id="nothing"),
        pytest.param(200, [], id="a-list"),
        pytest.param(200, b'{"ok": tr\xff', id="bytes"),
        pytest.param(200, {"ok": True}, id="no-receipt"),
        pytest.param(200, {"ok": False}, id="no-reason"),
        pytest.param(302, b"", id="elsewhere"),
        pytest.param(403, b"<html>Blocked</html>", id="a-proxy"),
        pytest.param(404, b"<html>Not found</html>", id="not-found"),
        pytest.param(500, b"<html>Oops</html>", id="a-fault"),
    ],
)
def test_an_answer_that_nobody_understands_leaves_the_outcome_unknown(
    client: WebClient, status: int, body: object
) -> None:
    answer(status, body)
    people = SlackDirectory(client)
    messenger = SlackMessenger(client, draw=lambda _: b"")
    calls: tuple[Callable[[], object], ...] = (
        lambda: said(client),
        lambda: messenger.find(DeliveryId(1), to="U0KIM"),
        lambda: people.find_by_email("kim@acme.example"),
        lambda: people.find_by_id(SlackUserId("U0KIM")),
        lambda: people.find_channel("sales"),
    )
    for call in calls:
        with pytest.raises(OutcomeUnknown):
            call()


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("accesslimited", TransientError),
        ("what_nobody_has_heard_of", TransientError),
        ("invalid_blocks", PermanentError),
        ("msg_too_long", PermanentError),
    ],
)
def test_a_word_that_nobody_knows_is_no_reason_to_give_up(
    client: WebClient, word: str, kind: type[CoachingError]
) -> None:
    answer(200, {"ok": False, "error": word})
    with pytest.raises(kind, match=word):
        said(client)

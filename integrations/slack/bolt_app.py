"""The Bolt App and the two doors through which Slack reaches it: Socket Mode and signed HTTP."""

import logging
import os
import re
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from slack_bolt import App, BoltContext
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from integrations.slack.credentials import SlackCredentials
from integrations.slack.errors import translated
from integrations.slack.pacing import Allowance, PacedWebClient

#: Bolt's five threads are soon all busy answering, and then nothing is acknowledged in time. Most
#: of these wait: for their turn, or for Slack.
LISTENER_THREADS = 200
#: A dead connection is noticed after five missed pings: ten seconds instead of fifty.
PING_INTERVAL_SECONDS = 2
SOCKET_CONCURRENCY = 10
CALL_TIMEOUT_SECONDS = 20
BOT_TOKEN = "SLACK_BOT_TOKEN"  # noqa: S105 -- a variable
EVENTS_PATH = "/slack/events"
LARGEST_BODY_BYTES = 1_000_000
SECONDS = re.compile(r"[0-9]{1,12}")


def build_client(credentials: SlackCredentials, *, allowance: Allowance | None = None) -> WebClient:
    """A client that never repeats a call by itself: the SDK's default was seen to post twice.

    Without a context of its own it would read all certificate authorities again for every call.
    """
    return PacedWebClient(
        allowance=allowance or Allowance(),
        token=credentials.bot_token,
        base_url=credentials.api_url,
        timeout=CALL_TIMEOUT_SECONDS,
        retry_handlers=[],
        ssl=ssl.create_default_context(),
    )


def build_app(credentials: SlackCredentials, client: WebClient) -> App:
    """An App without listeners yet. Opens no connection; the token is checked at the first call."""
    logger = logging.getLogger("pacesetter.slack")
    with _told_by_us_alone():
        app = App(
            name="pacesetter",
            client=client,
            signing_secret=credentials.signing_secret,
            token_verification_enabled=False,
            listener_executor=ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="slack"),
            logger=logger,
        )
    app.use(_with(client))
    _keep_bodies_out_of_the_log()
    return app


def _with(client: WebClient) -> Callable[..., object]:
    """Bolt hands every listener a client of its own making, which keeps to no limits of ours."""

    def hand_on(context: BoltContext, next_: Callable[[], object]) -> object:
        context["client"] = client
        return next_()

    return hand_on


@contextmanager
def _told_by_us_alone() -> Iterator[None]:
    """Bolt looks for a token in the environment by itself, and warns that our client has one."""
    hidden = os.environ.pop(BOT_TOKEN, None)
    try:
        yield
    finally:
        if hidden is not None:
            os.environ[BOT_TOKEN] = hidden


class SocketModeDoor(SocketModeHandler):
    """Raises CredentialsRefused or TransientError when it cannot be opened."""

    def connect(self) -> None:
        with translated(token="SLACK_APP_TOKEN"):  # noqa: S106 -- a variable
            super().connect()  # type: ignore[no-untyped-call]  # Bolt's adapters are untyped


def socket_door(app: App, credentials: SlackCredentials, client: WebClient) -> SocketModeDoor:
    """Socket Mode: ``connect()`` opens, ``close()`` shuts. Raises ValueError without app token."""
    if credentials.app_token is None:
        raise ValueError("Socket Mode needs SLACK_APP_TOKEN")
    return SocketModeDoor(
        app,
        credentials.app_token,
        web_client=client,
        ping_interval=PING_INTERVAL_SECONDS,
        concurrency=SOCKET_CONCURRENCY,
    )


def http_door(app: App) -> Starlette:
    """Signed HTTP at /slack/events, for commands, events and presses alike; any ASGI server."""

    async def receive(request: Request) -> Response:
        if not _is_dated(request):
            return PlainTextResponse("invalid request", status_code=401)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY_BYTES:
                return PlainTextResponse("too large", status_code=413)
        try:
            asked = to_bolt_request(request, body)
        except (ValueError, AttributeError, TypeError, LookupError, RecursionError):
            # Bolt reads a body before it looks at its signature, so anybody may have sent this.
            return PlainTextResponse("malformed request", status_code=400)
        return to_starlette_response(await run_in_threadpool(app.dispatch, asked))

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(
        routes=[
            Route(EVENTS_PATH, receive, methods=["POST"]),
            Route("/health", alive, methods=["GET"]),
        ]
    )


def _is_dated(request: Request) -> bool:
    """Whether signature and time can be looked at: Bolt's verifier falls over other ones.

    It knows what to do where there are none.
    """
    signature = request.headers.get("x-slack-signature", "")
    at = request.headers.get("x-slack-request-timestamp", "0")
    return signature.isascii() and SECONDS.fullmatch(at) is not None


class _WithoutBodies(logging.Filter):
    """Bolt logs the whole body of a request whose signature is wrong."""

    def filter(self, record: logging.LogRecord) -> bool:
        if "Invalid request signature" in record.getMessage():
            record.msg, record.args = "a request with a wrong signature was refused", ()
        return True


def _keep_bodies_out_of_the_log() -> None:
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("slack_bolt", "pacesetter.slack")):
            logging.getLogger(name).addFilter(_WithoutBodies())

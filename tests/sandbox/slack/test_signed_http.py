"""Delivery by signed HTTP to an unmodified Bolt app behind a Starlette route."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
from slack_bolt import Ack, App
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from integrations.sandbox.serving import serve
from integrations.sandbox.slack.delivery.signed_http import signature
from tests.sandbox.slack.stage import Connect, Eventually, Slack


@contextmanager
def behind_http(slack: Slack, app: App) -> Iterator[str]:
    """Serves the app and makes its address the workspace's request URL."""
    handler = SlackRequestHandler(app)

    async def receive(request: Request) -> Response:
        return await handler.handle(request)

    with serve(Starlette(routes=[Route("/slack", receive, methods=["POST"])])) as server:
        slack.sandbox.deliveries.request_url = f"{server.url}/slack"
        yield server.url


@contextmanager
def endpoint(slack: Slack, answer: Callable[[Request], Response]) -> Iterator[None]:
    """Serves a bare function of the request as the workspace's request URL."""

    async def receive(request: Request) -> Response:
        await request.body()
        return await run_in_threadpool(answer, request)

    with serve(Starlette(routes=[Route("/slack", receive, methods=["POST"])])) as server:
        slack.sandbox.deliveries.request_url = f"{server.url}/slack"
        yield


def test_commands_presses_and_events_arrive_signed_and_bolt_accepts_them(
    slack: Slack, eventually: Eventually
) -> None:
    app, heard = slack.app(), []
    app.command("/hi")(lambda ack, respond: (ack("at once"), respond("later")))
    app.event("app_home_opened")(lambda: heard.append("home"))
    app.event("message")(lambda: None)

    @app.action("go")
    def go(ack: Ack) -> None:
        heard.append("pressed")
        ack()

    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    with behind_http(slack, app):
        slack.client.chat_postMessage(
            channel="U0TOM", text="x", blocks=[{"type": "actions", "elements": [button]}]
        )
        assert slack.sandbox.type_command("maya", "sales", "/hi").is_acknowledged
        message = slack.sandbox.direct_messages_to("tom")[0]
        assert slack.sandbox.press("tom", message, "go").is_acknowledged
        slack.sandbox.open_home("tom")
        eventually(lambda: "home" in heard)
        eventually(lambda: len(slack.sandbox.ephemerals_for("maya")) == 2)
    assert heard == ["pressed", "home"]
    assert {each.text for each in slack.sandbox.ephemerals_for("maya")} == {"at once", "later"}


def test_a_signature_with_another_secret_is_turned_away(slack: Slack) -> None:
    stranger = App(client=slack.app().client, signing_secret="another secret")
    stranger.command("/hi")(lambda ack: ack())
    with behind_http(slack, stranger):
        outcome = slack.sandbox.type_command("maya", "sales", "/hi")
    assert outcome.verdict == "http_service_error"


def test_the_signature_is_the_one_slacks_own_verifier_computes() -> None:
    body, stamp = b'{"a": 1}', str(int(time.time()))
    verifier = SignatureVerifier("secret")
    assert verifier.is_valid(body, stamp, signature("secret", stamp, body))
    assert not verifier.is_valid(body + b" ", stamp, signature("secret", stamp, body))


def test_the_request_url_proves_itself_with_the_challenge(slack: Slack) -> None:
    with behind_http(slack, slack.app()):
        assert slack.sandbox.verify_request_url()
    with endpoint(slack, lambda _request: PlainTextResponse("something else")):
        assert not slack.sandbox.verify_request_url()


def test_a_failed_event_comes_again_with_its_number_and_reason(
    slack: Slack, eventually: Eventually
) -> None:
    seen = []

    def answer(request: Request) -> Response:
        headers = request.headers
        seen.append((headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")))
        return Response(status_code=200 if len(seen) == 3 else 500)

    with endpoint(slack, answer):
        slack.sandbox.open_home("tom")
        eventually(lambda: len(seen) == 3)
        time.sleep(0.6)
    assert seen == [(None, None), ("1", "http_error"), ("2", "http_error")]


def test_an_app_can_decline_to_hear_of_an_event_again(slack: Slack, eventually: Eventually) -> None:
    seen = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(status_code=500, headers={"X-Slack-No-Retry": "1"})

    with endpoint(slack, answer):
        slack.sandbox.open_home("tom")
        eventually(lambda: seen)
        time.sleep(0.5)
    assert len(seen) == 1


def test_a_slow_answer_to_a_command_is_a_timeout(impatient: Slack) -> None:
    def answer(_request: Request) -> Response:
        time.sleep(1)
        return Response()

    with endpoint(impatient, answer):
        assert impatient.sandbox.type_command("maya", "sales", "/hi").verdict == "operation_timeout"


def test_an_open_socket_is_preferred_unless_the_app_speaks_http_only(
    slack: Slack, connected: Connect
) -> None:
    over_http = []

    def answer(request: Request) -> Response:
        over_http.append(request)
        return Response()

    app = slack.app()
    app.command("/hi")(lambda ack: ack())
    with connected(slack, app), endpoint(slack, answer):
        slack.sandbox.type_command("maya", "sales", "/hi")
        assert over_http == []
        slack.sandbox.deliveries.http_only = True
        slack.sandbox.type_command("maya", "sales", "/hi")
        assert len(over_http) == 1


def test_a_form_on_a_foreign_page_cannot_drive_the_sandbox(slack: Slack) -> None:
    answer = httpx.post(
        f"{slack.url}/sandbox/say",
        content=b'{"person": "maya", "channel": "sales", "text": "x"}',
        headers={"Content-Type": "text/plain"},
    )
    assert answer.status_code == 415
    assert slack.sandbox.messages_in("sales") == []

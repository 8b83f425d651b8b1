"""What strangers send to the door that Slack uses: refused, and nothing of it in the log."""

import json
import logging
import time
from collections.abc import Iterator

import httpx
import pytest
from slack_sdk.signature import SignatureVerifier

from integrations.sandbox.serving import serve
from integrations.slack.bolt_app import EVENTS_PATH, build_app, http_door
from tests.slack_world import SlackWorld

SIGNATURE, TIME = b"x-slack-signature", b"x-slack-request-timestamp"


@pytest.fixture
def address(slack: SlackWorld) -> Iterator[str]:
    app = build_app(slack.credentials, slack.client)
    with serve(http_door(app)) as server:
        yield f"{server.url}{EVENTS_PATH}"


def sent(address: str, body: bytes, *headers: tuple[bytes, bytes]) -> int:
    return httpx.post(address, content=body, headers=list(headers), trust_env=False).status_code


@pytest.mark.parametrize(
    ("signature", "at"),
    [
        pytest.param(b"", b"", id="neither"),
        pytest.param(b"v0=00", b"", id="no-time"),
        pytest.param(b"v0=00", b"soon", id="time-in-words"),
        pytest.param(b"v0=00", b"-1", id="before-time-began"),
        pytest.param("v0=é".encode(), b"1795000000", id="not-ascii"),
        pytest.param(b"v0=00", b"9" * 400, id="end-of-time"),
    ],
)
def test_a_signature_or_time_that_is_none_is_refused(
    address: str, caplog: pytest.LogCaptureFixture, signature: bytes, at: bytes
) -> None:
    assert sent(address, b"command=/my-week", (SIGNATURE, signature), (TIME, at)) == 401
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    "body",
    [b"{", b"[1]", b"[" * 100_000, b"payload=null", b"payload=%7Bnope", b"\xff\xfe\x00"],
    ids=["half", "list", "deep", "null", "no-json", "bytes"],
)
def test_a_body_that_cannot_be_read_is_refused_before_anybody_is_believed(
    address: str, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    now = str(int(time.time())).encode()
    kind = b"application/json" if body[:1] in b"{[" else b"application/x-www-form-urlencoded"
    headers = ((SIGNATURE, b"v0=00"), (TIME, now), (b"content-type", kind))
    assert sent(address, body, *headers) == 400
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


def test_what_slack_signed_long_ago_is_not_listened_to_again(
    address: str, slack: SlackWorld
) -> None:
    secret = slack.credentials.signing_secret
    assert secret is not None
    body = json.dumps({"type": "url_verification", "challenge": "abc"})
    for age, status in ((0, 200), (600, 401)):
        at = str(int(time.time()) - age)
        signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
        assert signature is not None
        headers = ((SIGNATURE, signature.encode()), (TIME, at.encode()))
        kind = (b"content-type", b"application/json")
        assert sent(address, body.encode(), *headers, kind) == status


def test_without_any_signature_nothing_is_listened_to_but_slacks_look_at_our_certificate(
    address: str,
) -> None:
    kind = (b"content-type", b"application/x-www-form-urlencoded")
    assert sent(address, b"command=/my-week&user_id=U0KIM", kind) == 401
    assert sent(address, b"ssl_check=1&token=x", kind) == 200

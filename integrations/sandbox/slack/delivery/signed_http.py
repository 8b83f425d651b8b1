"""Delivery to a request URL, signed as Slack signs."""

import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Callable
from functools import cache
from urllib.parse import urlencode

import httpx

from integrations.sandbox.slack.delivery.reply import Parcel, Reply, Verdict
from integrations.sandbox.slack.state.values import Json


def signature(secret: str, timestamp: str, body: bytes) -> str:
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


@cache
def authorities() -> ssl.SSLContext:
    """All that are trusted; to read them for every parcel takes longer than to deliver it."""
    return httpx.create_ssl_context(trust_env=False)


class SignedHttp:
    """Posts parcels to one address. Signatures bear real time, whatever the sandbox clock says."""

    def __init__(
        self,
        secret: str,
        *,
        timeout: float,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._secret = secret
        self._timeout = timeout
        self._wall = wall

    async def send(self, url: str, parcel: Parcel) -> Reply:
        kind, body = _encoded(parcel)
        retry = {}
        if parcel.attempt:
            retry = {
                "X-Slack-Retry-Num": str(parcel.attempt),
                "X-Slack-Retry-Reason": parcel.reason,
            }
        return await self._post(url, body, {"Content-Type": kind, **retry})

    async def verify(self, url: str, *, token: str, challenge: str) -> bool:
        """Whether the address answers Slack's ``url_verification`` with the challenge."""
        question = {"token": token, "challenge": challenge, "type": "url_verification"}
        body = json.dumps(question).encode()
        reply = await self._post(url, body, {"Content-Type": "application/json"})
        answer = reply.body or {}
        return reply.is_acknowledged and challenge in {answer.get("challenge"), answer.get("text")}

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        timestamp = str(int(self._wall()))
        signed = {
            **headers,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        try:
            async with httpx.AsyncClient(
                timeout=self._timeout, trust_env=False, verify=authorities()
            ) as client:
                response = await client.post(url, content=body, headers=signed)
        except httpx.TimeoutException:
            return Reply(verdict=Verdict.TIMEOUT)
        except httpx.TransportError:
            return Reply(verdict=Verdict.CONNECTION_FAILED)
        if not response.is_success:
            is_final = response.headers.get("X-Slack-No-Retry") == "1"
            return Reply(verdict=Verdict.HTTP_ERROR, is_final=is_final)
        return Reply(verdict=Verdict.ACKNOWLEDGED, body=_body(response))


def _encoded(parcel: Parcel) -> tuple[str, bytes]:
    if parcel.kind == "events_api":
        return "application/json", json.dumps(parcel.payload).encode()
    fields = parcel.payload
    if parcel.kind == "interactive":
        fields = {"payload": json.dumps(parcel.payload)}
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def _body(response: httpx.Response) -> Json | None:
    if not response.content:
        return None
    if response.headers.get("content-type", "").startswith("application/json"):
        try:
            decoded = response.json()
        except ValueError:
            return {"text": response.text}
        return decoded if isinstance(decoded, dict) else None
    return {"text": response.text}

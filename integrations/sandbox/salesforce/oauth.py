"""The OAuth endpoints: token, revoke, userinfo and the identity URL."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from integrations.sandbox.salesforce.assertions import BadAssertion, check_assertion
from integrations.sandbox.salesforce.errors import session_expired
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.sessions import Credentials, Session
from integrations.sandbox.salesforce.wire import Call, Reply

SCOPE = "api refresh_token"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class _Refused(Exception):
    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def instance_url(instance: Instance, call: Call) -> str:
    return instance.instance_url or call.server_url


def token(instance: Instance, call: Call, *, now: datetime) -> Reply:
    form = dict(call.query) | _form(call.body)
    grants: dict[str, Callable[[Instance, Mapping[str, str]], None]] = {
        "client_credentials": _check_run_as,
        "password": _check_password,
        "refresh_token": _check_refresh_token,
    }
    try:
        form |= _basic(call.headers.get("authorization"))
        grant = form.get("grant_type", "")
        if grant == JWT_BEARER:
            _check_assertion(instance, call, form, now=now)
        elif grant in grants:
            grants[grant](instance, form)
        else:
            _refuse_grant()
        if not instance.credentials.is_active:
            _refuse_user()
    except _Refused as refused:
        body = {"error": refused.error, "error_description": refused.description}
        return Reply(status=400, body=body, verdict=refused.error)
    session = instance.sessions.open(instance.credentials.user_id, now=now)
    return Reply(
        body=_grant(instance, call, session, grant=grant, now=now),
        headers={"Cache-Control": "no-store"},
    )


def _refuse_grant() -> None:
    raise _Refused("unsupported_grant_type", "grant type not supported")


def _refuse_user() -> None:
    raise _Refused("inactive_user", "user is inactive")


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _basic(authorization: str | None) -> dict[str, str]:
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise _Refused("invalid_client", "invalid client credentials") from None
    return {"client_id": client, "client_secret": secret}


def _same(given: str | None, expected: str) -> bool:
    return hmac.compare_digest((given or "").encode(), expected.encode())


def _check_client(credentials: Credentials, form: Mapping[str, str]) -> None:
    if not _same(form.get("client_id"), credentials.client_id):
        raise _Refused("invalid_client_id", "client identifier invalid")
    if not _same(form.get("client_secret"), credentials.client_secret):
        raise _Refused("invalid_client", "invalid client credentials")


def _check_run_as(instance: Instance, form: Mapping[str, str]) -> None:
    _check_client(instance.credentials, form)
    if not instance.credentials.has_run_as_user:
        raise _Refused("invalid_grant", "no client credentials user enabled")


def _check_password(instance: Instance, form: Mapping[str, str]) -> None:
    credentials = instance.credentials
    _check_client(credentials, form)
    known_user = form.get("username", "").lower() == credentials.username.lower()
    secret = credentials.password + credentials.security_token
    given = form.get("password")
    # From a trusted network Salesforce does not ask for the token.
    is_right = known_user and (_same(given, secret) or _same(given, credentials.password))
    if not credentials.takes_passwords or not is_right:
        raise _Refused("invalid_grant", "authentication failure")


def _check_refresh_token(instance: Instance, form: Mapping[str, str]) -> None:
    credentials = instance.credentials
    if not _same(form.get("client_id"), credentials.client_id):
        raise _Refused("invalid_client_id", "client identifier invalid")
    if "client_secret" in form:
        _check_client(credentials, form)
    expected = instance.sessions.rotated or credentials.refresh_token
    if not _same(form.get("refresh_token"), expected):
        raise _Refused("invalid_grant", "expired access/refresh token")


def _check_assertion(
    instance: Instance, call: Call, form: Mapping[str, str], *, now: datetime
) -> None:
    try:
        check_assertion(
            form.get("assertion", ""),
            credentials=instance.credentials,
            audiences={call.server_url, instance_url(instance, call)},
            # A client lives by its machine's clock, the sandbox by one that can be wound.
            clocks=(now, datetime.now(UTC)),
        )
    except BadAssertion as bad:
        raise _Refused(bad.error, bad.description) from None


def _identity_url(instance: Instance, call: Call) -> str:
    organization, user = instance.organization_id, instance.credentials.user_id
    return f"{instance_url(instance, call)}/id/{organization}/{user}"


def _grant(
    instance: Instance, call: Call, session: Session, *, grant: str, now: datetime
) -> dict[str, str]:
    issued_at = str(int(now.timestamp() * 1000))
    identity = _identity_url(instance, call)
    secret = instance.credentials.client_secret.encode()
    digest = hmac.new(secret, (identity + issued_at).encode(), hashlib.sha256).digest()
    rotated = {}
    if grant == "refresh_token" and instance.credentials.rotates_refresh_tokens:
        rotated = {"refresh_token": instance.sessions.rotate()}
    return {
        **rotated,
        "access_token": session.token,
        "signature": base64.b64encode(digest).decode(),
        "scope": SCOPE if grant == "refresh_token" else "api",
        "instance_url": instance_url(instance, call),
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued_at,
    }


def revoke(instance: Instance, call: Call, *, now: datetime) -> Reply:
    del now
    given = (dict(call.query) | _form(call.body)).get("token", "")
    if instance.sessions.end(given) or _same(given, instance.credentials.refresh_token):
        return Reply(status=200, content=b"")
    return Reply(
        status=400,
        body={"error": "unsupported_token_type",
              "error_description": "this token type is not supported"},
        verdict="unsupported_token_type",
    )  # fmt: skip


def userinfo(instance: Instance, call: Call, *, now: datetime) -> Reply:
    if call.session is None:
        raise session_expired()
    credentials = instance.credentials
    return Reply(
        body={
            "sub": _identity_url(instance, call),
            "user_id": credentials.user_id,
            "organization_id": instance.organization_id,
            "preferred_username": credentials.username,
            "nickname": credentials.username.partition("@")[0],
            "name": credentials.display_name,
            "email": credentials.username,
            "email_verified": True,
            "zoneinfo": credentials.zone,
            "locale": "en_US",
            "language": "en_US",
            "active": True,
            "user_type": "STANDARD",
            "is_app_installed": True,
            "updated_at": now.isoformat(),
            "urls": _urls(instance, call),
        }
    )


def identity(
    instance: Instance, call: Call, organization: str, user: str, *, now: datetime
) -> Reply:
    if call.session is None:
        return Reply(status=403, content=b"Missing_OAuth_Token", media_type="text/html",
                     verdict="Missing_OAuth_Token")  # fmt: skip
    if (organization, user) != (instance.organization_id, instance.credentials.user_id):
        return Reply(status=403, content=b"Bad_Id", media_type="text/html", verdict="Bad_Id")
    credentials = instance.credentials
    first, _, last = credentials.display_name.rpartition(" ")
    body: dict[str, Any] = {
        "id": _identity_url(instance, call),
        "asserted_user": True,
        "user_id": user,
        "organization_id": organization,
        "username": credentials.username,
        "nick_name": credentials.username.partition("@")[0],
        "display_name": credentials.display_name,
        "email": credentials.username,
        "email_verified": True,
        "first_name": first or None,
        "last_name": last,
        "timezone": credentials.zone,
        "active": True,
        "user_type": "STANDARD",
        "language": "en_US",
        "locale": "en_US",
        "utcOffset": 0,
        "last_modified_date": now.isoformat(),
        "urls": _urls(instance, call),
    }
    return Reply(content=json.dumps(body).encode())


def _urls(instance: Instance, call: Call) -> dict[str, str]:
    home = instance_url(instance, call)
    rest = f"{home}/services/data/v{{version}}/"
    return {
        "enterprise": f"{home}/services/Soap/c/{{version}}/{instance.organization_id}",
        "partner": f"{home}/services/Soap/u/{{version}}/{instance.organization_id}",
        "rest": rest,
        "sobjects": f"{rest}sobjects/",
        "query": f"{rest}query/",
        "search": f"{rest}search/",
        "recent": f"{rest}recent/",
        "profile": f"{home}/{instance.credentials.user_id}",
    }

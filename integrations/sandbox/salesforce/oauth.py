"""The OAuth endpoints: token, revoke, userinfo and the identity URL."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from integrations.sandbox.salesforce.assertions import BadAssertion, check_assertion
from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.sessions import Credentials, Session
from integrations.sandbox.salesforce.wire import Call, Reply

SCOPE = "api refresh_token"
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class _Refused(Exception):
    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def instance_url(instance: Instance, call: Call) -> str:
    """The organisation's own address; for who comes by the server's, that one."""
    host = call.headers.get("host", "").partition(":")[0]
    return call.server_url if host in _LOOPBACK else instance.instance_url or call.server_url


def token(instance: Instance, call: Call, *, now: datetime) -> Reply:
    form = dict(call.query) | _form(call.body)
    grants: dict[str, Callable[[Instance, Mapping[str, str]], None]] = {
        "authorization_code": _check_code,
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


def _check_code(instance: Instance, form: Mapping[str, str]) -> None:
    credentials = instance.credentials
    if not _same(form.get("client_id"), credentials.client_id):
        raise _Refused("invalid_client_id", "client identifier invalid")
    # A client without a secret proves itself by the verifier of its challenge.
    if "client_secret" in form:
        _check_client(credentials, form)
    if not instance.sessions.redeem(
        form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier", "")
    ):
        raise _Refused("invalid_grant", "invalid authorization code")


def authorize(instance: Instance, call: Call, *, now: datetime) -> Reply:
    """The page on which a person would allow the client in; everybody here does at once."""
    del now
    asked, back = call.query, call.query.get("redirect_uri", "")
    refused = None
    if not _same(asked.get("client_id"), instance.credentials.client_id):
        refused = "invalid_client_id"
    elif asked.get("response_type") != "code" or not back:
        refused = "unsupported_response_type" if back else "redirect_uri_missing"
    if refused:
        return Reply(status=400, body={"error": refused, "error_description": refused},
                     verdict=refused)  # fmt: skip
    code = instance.sessions.offer(back, asked.get("code_challenge", ""))
    answer = {"code": code} | ({"state": asked["state"]} if "state" in asked else {})
    glue = "&" if "?" in back else "?"
    return Reply(status=302, content=b"", headers={"Location": back + glue + urlencode(answer)})


def introspect(instance: Instance, call: Call, *, now: datetime) -> Reply:
    form = _form(call.body)
    try:
        _check_client(instance.credentials, form | _basic(call.headers.get("authorization")))
    except _Refused as refused:
        return Reply(status=401, body={"error": refused.error}, verdict=refused.error)
    try:
        session = instance.sessions.resume(f"Bearer {form.get('token', '')}", now=now)
    except ApiError:
        return Reply(body={"active": False})
    return Reply(
        body={
            "active": True,
            "scope": "api",
            "client_id": instance.credentials.client_id,
            "username": instance.credentials.username,
            "sub": f"{instance_url(instance, call)}/id/{instance.organization_id}/"
            f"{session.user_id}",
            "token_type": "access_token",
            "iat": int(session.used_at.timestamp()),
        }
    )


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


def identity_url(instance: Instance, call: Call) -> str:
    organization, user = instance.organization_id, instance.credentials.user_id
    return f"{instance_url(instance, call)}/id/{organization}/{user}"


def _grant(
    instance: Instance, call: Call, session: Session, *, grant: str, now: datetime
) -> dict[str, str]:
    issued_at = str(int(now.timestamp() * 1000))
    identity = identity_url(instance, call)
    secret = instance.credentials.client_secret.encode()
    digest = hmac.new(secret, (identity + issued_at).encode(), hashlib.sha256).digest()
    rotated = {}
    if grant == "refresh_token" and instance.credentials.rotates_refresh_tokens:
        rotated = {"refresh_token": instance.sessions.rotate()}
    elif grant == "authorization_code":
        rotated = {"refresh_token": instance.sessions.rotated or instance.credentials.refresh_token}
    return {
        **rotated,
        "access_token": session.token,
        "signature": base64.b64encode(digest).decode(),
        "scope": SCOPE if grant in {"refresh_token", "authorization_code"} else "api",
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

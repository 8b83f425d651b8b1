"""Every login flow, driven by the unmodified simple-salesforce where it knows the flow."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed, SalesforceExpiredSession

from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.serving import RunningServer

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _private_pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def _public_pem() -> str:
    return (
        KEY.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def _certificate() -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "pacesetter")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(KEY, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(params=[_public_pem, _certificate], ids=["public key", "certificate"])
def credentials(request: pytest.FixtureRequest) -> Credentials:
    return Credentials(public_key=request.param(), password="p&w<")


FLOWS: dict[str, Callable[[Credentials], dict[str, Any]]] = {
    "soap": lambda c: {
        "username": c.username, "password": c.password, "security_token": c.security_token,
    },
    "soap from a trusted network": lambda c: {
        "username": c.username, "password": c.password, "organizationId": "00D000000000001",
    },
    "oauth password": lambda c: {
        "username": c.username, "password": c.password + c.security_token,
        "consumer_key": c.client_id, "consumer_secret": c.client_secret,
    },
    "client credentials": lambda c: {
        "consumer_key": c.client_id, "consumer_secret": c.client_secret, "domain": "acme.my",
    },
    "jwt bearer": lambda c: {
        "username": c.username, "consumer_key": c.client_id, "privatekey": _private_pem(KEY),
    },
}  # fmt: skip


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_simple_salesforce_logs_in(
    session: requests.Session,
    credentials: Credentials,
    flow: Callable[[Credentials], dict[str, Any]],
) -> None:
    sf = Salesforce(session=session, version="61.0", **flow(credentials))
    assert sf.query("SELECT COUNT() FROM Opportunity")["totalSize"] == 4


@pytest.mark.parametrize(
    ("flow", "changed", "code", "words"),
    [
        ("soap", {"password": "wrong"}, "INVALID_LOGIN",
         "Invalid username, password, security token; or user locked out."),
        ("soap", {"version": "65.0"}, "INVALID_OPERATION", "65.0"),
        ("oauth password", {"password": "wrong"}, "invalid_grant", "authentication failure"),
        ("client credentials", {"consumer_secret": "wrong"}, "invalid_client",
         "invalid client credentials"),
        ("client credentials", {"consumer_key": "wrong"}, "invalid_client_id",
         "client identifier invalid"),
        ("jwt bearer", {"privatekey": _private_pem(OTHER_KEY)}, "invalid_grant",
         "invalid assertion"),
        ("jwt bearer", {"consumer_key": "wrong"}, "invalid_client_id", "client identifier invalid"),
    ],
)  # fmt: skip
def test_wrong_credentials_are_refused_in_salesforces_words(
    session: requests.Session,
    credentials: Credentials,
    flow: str,
    changed: dict[str, str],
    code: str,
    words: str,
) -> None:
    with pytest.raises(SalesforceAuthenticationFailed) as refused:
        Salesforce(session=session, **({"version": "61.0"} | FLOWS[flow](credentials) | changed))
    assert code in str(refused.value)
    assert words in str(refused.value)


def test_the_client_recognises_a_user_who_has_not_approved_it(
    session: requests.Session, credentials: Credentials
) -> None:
    flow = FLOWS["jwt bearer"](credentials) | {"username": "stranger@example.com"}
    with (
        pytest.warns(UserWarning, match="you may need to authorize this"),
        pytest.raises(SalesforceAuthenticationFailed, match="user hasn't approved this consumer"),
    ):
        Salesforce(session=session, **flow)


def _token(server: RunningServer, **form: str) -> httpx.Response:
    return httpx.post(f"{server.url}/services/oauth2/token", data=form)


def _assertion(credentials: Credentials, **changed: object) -> str:
    claims: dict[str, Any] = {
        "iss": credentials.client_id,
        "sub": credentials.username,
        "aud": "https://login.salesforce.com",
        "exp": datetime.now(UTC) + timedelta(minutes=3),
    }
    return jwt.encode(claims | changed, KEY, algorithm="RS256")


JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest.mark.parametrize(
    ("changed", "error", "description"),
    [
        ({"aud": "https://evil.example.com"}, "invalid_grant", "audience is invalid"),
        ({"exp": datetime.now(UTC) - timedelta(minutes=1)}, "invalid_grant",
         "expired authorization code"),
        ({"exp": datetime.now(UTC) + timedelta(hours=1)}, "invalid_grant",
         "expired authorization code"),
        ({"exp": "soon"}, "invalid_grant", "invalid assertion"),
    ],
)  # fmt: skip
def test_an_assertion_must_be_short_lived_and_meant_for_salesforce(
    server: RunningServer,
    credentials: Credentials,
    changed: dict[str, object],
    error: str,
    description: str,
) -> None:
    reply = _token(server, grant_type=JWT_BEARER, assertion=_assertion(credentials, **changed))
    assert reply.status_code == 400
    assert reply.json() == {"error": error, "error_description": description}


def test_an_unsigned_assertion_is_refused(server: RunningServer, credentials: Credentials) -> None:
    claims = {"iss": credentials.client_id, "sub": credentials.username}
    assertion = jwt.encode(claims, "", algorithm="none")
    reply = _token(server, grant_type=JWT_BEARER, assertion=assertion)
    assert reply.json()["error_description"] == "invalid assertion"


def test_an_assertion_for_the_sandboxs_own_address_by_its_clock_is_good(
    server: RunningServer, credentials: Credentials, later: Callable[..., datetime]
) -> None:
    expires = later(days=400) + timedelta(minutes=3)
    assertion = _assertion(credentials, aud=server.url, exp=expires)
    assert _token(server, grant_type=JWT_BEARER, assertion=assertion).status_code == 200


def test_an_expiry_in_milliseconds_is_let_in_as_salesforces_own_command_line_sends_it(
    server: RunningServer, credentials: Credentials
) -> None:
    expires = int(datetime.now(UTC).timestamp() * 1000) + 300
    assertion = _assertion(credentials, exp=expires)
    assert _token(server, grant_type=JWT_BEARER, assertion=assertion).status_code == 200


def test_a_token_reply_has_all_its_members(server: RunningServer, credentials: Credentials) -> None:
    form = {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
    body = _token(server, grant_type="client_credentials", **form).json()
    assert body.keys() == {
        "access_token", "instance_url", "id", "token_type", "issued_at", "signature", "scope",
    }  # fmt: skip
    assert body["instance_url"] == server.url
    assert body["token_type"] == "Bearer"
    bearer = {"Authorization": f"Bearer {body['access_token']}"}
    identity = httpx.get(body["id"], headers=bearer).json()
    info = httpx.get(f"{server.url}/services/oauth2/userinfo", headers=bearer).json()
    assert identity["username"] == info["preferred_username"] == credentials.username
    assert identity["user_id"] == info["user_id"] == credentials.user_id
    # At least one client cannot do without any of these.
    assert {"given_name", "family_name", "photos", "profile", "picture", "address"} <= info.keys()


def test_a_chunked_form_is_read(server: RunningServer, credentials: Credentials) -> None:
    form = f"grant_type=refresh_token&client_id={credentials.client_id}&refresh_token="
    parts = [form.encode(), credentials.refresh_token.encode()]
    reply = httpx.post(
        f"{server.url}/services/oauth2/token",
        content=iter(parts),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert reply.status_code == 200
    assert reply.request.headers["Transfer-Encoding"] == "chunked"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "refresh_token", "client_id": Credentials().client_id,
          "refresh_token": "stale"}, "invalid_grant"),
        ({"grant_type": "device"}, "unsupported_grant_type"),
        ({}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_client_id"),
    ],
)  # fmt: skip
def test_other_grants_are_refused(server: RunningServer, form: dict[str, str], error: str) -> None:
    reply = _token(server, **form)
    assert (reply.status_code, reply.json()["error"]) == (400, error)


def test_a_revoked_token_is_no_good_any_more(server: RunningServer, http: httpx.Client) -> None:
    bearer = http.headers["Authorization"].removeprefix("Bearer ")
    assert http.get("/limits").status_code == 200
    revoked = httpx.post(f"{server.url}/services/oauth2/revoke", data={"token": bearer})
    assert revoked.status_code == 200
    reply = http.get("/limits")
    assert reply.status_code == 401
    assert reply.json() == [
        {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    ]
    again = httpx.post(f"{server.url}/services/oauth2/revoke", data={"token": bearer})
    assert again.status_code == 400


def test_a_session_ends_when_it_is_not_used(
    sf: Any, http: httpx.Client, later: Callable[..., datetime]
) -> None:
    later(hours=1, minutes=59)
    assert http.get("/limits").status_code == 200
    later(hours=1, minutes=59)
    assert http.get("/limits").status_code == 200
    later(hours=2, seconds=1)
    assert http.get("/limits").status_code == 401
    # The client logs in again by itself.
    assert sf.query("SELECT COUNT() FROM User")["totalSize"] == 3


def test_without_a_way_to_log_in_again_an_ended_session_is_reported(
    session: requests.Session, server: RunningServer
) -> None:
    sf = Salesforce(session=session, session_id="00D!stale", instance_url=server.url)
    with pytest.raises(SalesforceExpiredSession):
        sf.query("SELECT Id FROM User")


def test_soap_tells_where_and_who(server: RunningServer, credentials: Credentials) -> None:
    body = (
        '<?xml version="1.0"?><env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/">'
        '<env:Body><n1:login xmlns:n1="urn:partner.soap.sforce.com">'
        f"<n1:username>{credentials.username}</n1:username>"
        f"<n1:password>p&amp;w&lt;{credentials.security_token}</n1:password>"
        "</n1:login></env:Body></env:Envelope>"
    )
    url = f"{server.url}/services/Soap/u/59.0"
    reply = httpx.post(url, content=body, headers={"Content-Type": "text/xml", "SOAPAction": "x"})
    assert reply.status_code == 200
    assert f"<serverUrl>{url}/00D" in reply.text
    assert f"<userId>{credentials.user_id}</userId>" in reply.text
    assert "<userInfo>" in reply.text
    wrong = httpx.post(url, content=body.replace("p&amp;w", "q"))
    assert wrong.status_code == 500
    assert "<sf:exceptionCode>INVALID_LOGIN</sf:exceptionCode>" in wrong.text

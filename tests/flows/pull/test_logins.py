from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from bot.domain.errors import CredentialsRefused
from integrations.sandbox.salesforce.sessions import Credentials

KNOWN = Credentials()
PERSON = {"USERNAME": KNOWN.username, "PASSWORD": KNOWN.password}
APP = {"CLIENT_ID": KNOWN.client_id, "CLIENT_SECRET": KNOWN.client_secret}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def other_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def org(make_org: Any, key: rsa.RSAPrivateKey) -> Any:
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return make_org(credentials=Credentials(public_key=public.decode()))


def test_client_credentials_log_in(org: Any) -> None:
    assert "opportunity" in org.crm(**APP).objects()


def test_a_signed_assertion_logs_in(org: Any, key: rsa.RSAPrivateKey) -> None:
    crm = org.crm(CLIENT_ID=KNOWN.client_id, USERNAME=KNOWN.username, PRIVATE_KEY=pem(key))
    assert "opportunity" in crm.objects()


def test_username_password_and_token_log_in(org: Any) -> None:
    crm = org.crm(**PERSON, SECURITY_TOKEN=KNOWN.security_token)
    assert "opportunity" in crm.objects()


def test_another_key_is_refused_and_named(org: Any, other_key: rsa.RSAPrivateKey) -> None:
    crm = org.crm(CLIENT_ID=KNOWN.client_id, USERNAME=KNOWN.username, PRIVATE_KEY=pem(other_key))
    with pytest.raises(CredentialsRefused, match="SALESFORCE_PRIVATE_KEY"):
        crm.objects()
    assert len(org.log.listing()) == 1


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        pytest.param({**APP, "CLIENT_ID": "x"}, "SALESFORCE_CLIENT_ID", id="client-id"),
        pytest.param({**APP, "CLIENT_SECRET": "x"}, "SALESFORCE_CLIENT_SECRET", id="secret"),
        pytest.param({**PERSON, "PASSWORD": "x"}, "SALESFORCE_PASSWORD", id="password"),
        pytest.param(PERSON, "SALESFORCE_SECURITY_TOKEN", id="token"),
    ],
)
def test_refused_credentials_are_named_and_tried_once(
    org: Any, variables: dict[str, str], named: str
) -> None:
    with pytest.raises(CredentialsRefused, match=named):
        org.crm(**variables).objects()
    assert len(org.log.listing()) == 1

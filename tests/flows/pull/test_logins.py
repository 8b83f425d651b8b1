from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
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
from integrations.salesforce.crm import SalesforceCrm
from integrations.salesforce.login_ways import LoginWay
from integrations.sandbox.salesforce.faults import FaultKind
from integrations.sandbox.salesforce.sessions import Credentials

KNOWN = Credentials()
PERSON = {"USERNAME": KNOWN.username, "PASSWORD": KNOWN.password}
APP = {"CLIENT_ID": KNOWN.client_id, "CLIENT_SECRET": KNOWN.client_secret}
TOKEN = {**APP, "REFRESH_TOKEN": KNOWN.refresh_token}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def other_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture(scope="module")
def public(key: rsa.RSAPrivateKey) -> str:
    found = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return found.decode()


@pytest.fixture
def org(make_org: Any, public: str) -> Any:
    return make_org(credentials=Credentials(public_key=public))


@pytest.fixture(scope="module")
def variables(key: rsa.RSAPrivateKey) -> Mapping[str, dict[str, str]]:
    """What each way is called → what it takes."""
    signed = {"CLIENT_ID": KNOWN.client_id, "USERNAME": KNOWN.username, "PRIVATE_KEY": pem(key)}
    return {
        "client credentials": APP,
        "JWT bearer": signed,
        "refresh token": TOKEN,
        "username and password": {**PERSON, "SECURITY_TOKEN": KNOWN.security_token},
    }


WAYS = ("client credentials", "JWT bearer", "refresh token", "username and password")


@pytest.mark.parametrize("way", WAYS)
def test_each_way_logs_in_once_for_many_threads_and_again_when_its_session_ends(
    org: Any, variables: Mapping[str, dict[str, str]], way: str
) -> None:
    crm = org.crm(**variables[way])
    with ThreadPoolExecutor(4) as threads:
        tables = list(threads.map(lambda _: accounts(crm), range(4)))
    assert tables == [1] * 4
    assert logins(org) == 1
    assert crm.notes()[0].words == f"logged in by {way}"
    org.trouble(FaultKind.EXPIRE_SESSIONS, times=1)
    with ThreadPoolExecutor(4) as threads:
        tables = list(threads.map(lambda _: accounts(crm), range(4)))
    assert tables == [1] * 4
    assert logins(org) == 2


def accounts(crm: SalesforceCrm) -> int:
    batches = crm.changes("account", since=None, until=datetime(2030, 1, 1, tzinfo=UTC))
    return sum(len(batch) for batch in batches)


def logins(org: Any) -> int:
    paths = [str(entry["path"]) for entry in org.log.listing()]
    return sum("oauth2/token" in path or "/Soap/" in path for path in paths)


@pytest.mark.parametrize("way", WAYS)
def test_a_session_that_is_refused_again_and_again_ends_in_a_refusal(
    org: Any, variables: Mapping[str, dict[str, str]], way: str
) -> None:
    crm = org.crm(**variables[way])
    org.trouble(FaultKind.EXPIRE_SESSIONS, path="/services/data")
    with pytest.raises(CredentialsRefused, match="API Enabled"):
        accounts(crm)
    assert logins(org) <= 3


def test_a_password_login_says_when_it_ends(org: Any) -> None:
    crm = org.crm(**PERSON, SECURITY_TOKEN=KNOWN.security_token)
    crm.objects()
    [ending] = [note for note in crm.notes() if note.hint]
    assert "June 2027" in ending.words
    assert "External Client App" in ending.hint


def test_a_rotated_token_is_kept_in_its_file_for_the_next_start(
    make_org: Any, tmp_path: Path
) -> None:
    org = make_org(credentials=Credentials(rotates_refresh_tokens=True))
    file = tmp_path / "token"
    file.write_text(KNOWN.refresh_token + "\n")
    for _ in range(3):
        crm = org.crm(**APP, REFRESH_TOKEN_FILE=str(file))
        crm.objects()
        assert [note.hint for note in crm.notes()] == [""]
    assert file.read_text().strip() != KNOWN.refresh_token
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_rotated_token_without_a_file_is_used_on_and_complained_about(make_org: Any) -> None:
    org = make_org(credentials=Credentials(rotates_refresh_tokens=True))
    crm = org.crm(**TOKEN)
    crm.objects()
    org.trouble(FaultKind.EXPIRE_SESSIONS, times=1)
    assert accounts(crm) == 1
    [homeless] = [note for note in crm.notes() if note.hint]
    assert "SALESFORCE_REFRESH_TOKEN_FILE" in homeless.hint
    with pytest.raises(CredentialsRefused, match="SALESFORCE_REFRESH_TOKEN"):
        org.crm(**TOKEN).objects()


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
        pytest.param({**TOKEN, "REFRESH_TOKEN": "x"}, "SALESFORCE_REFRESH_TOKEN", id="refresh"),
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


@pytest.mark.parametrize(
    ("org_has", "variables", "remedy"),
    [
        pytest.param({"has_run_as_user": False}, APP, "run-as user", id="nobody-to-run-as"),
        pytest.param({"is_active": False}, TOKEN, "reactivate", id="inactive"),
        pytest.param(
            {"takes_passwords": False},
            {**APP, **PERSON},
            "blocks password logins",
            id="no-passwords",
        ),
    ],
)
def test_what_the_org_forbids_is_told_with_its_remedy(
    make_org: Any, org_has: dict[str, Any], variables: dict[str, str], remedy: str
) -> None:
    org = make_org(credentials=replace(KNOWN, **org_has))
    way = LoginWay.PASSWORD if "PASSWORD" in variables else None
    with pytest.raises(CredentialsRefused) as refused:
        org.crm(way, **variables).objects()
    assert remedy in refused.value.hint
    assert "Salesforce refused the login by " in refused.value.message

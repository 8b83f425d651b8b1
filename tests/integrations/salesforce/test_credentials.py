from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.domain.errors import ConfigError
from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.login_ways import LoginWay

MY_DOMAIN = "https://acme.my.salesforce.com"
APP = {"CLIENT_ID": "the-app", "CLIENT_SECRET": "s3cret", "LOGIN_URL": MY_DOMAIN}
PERSON = {"USERNAME": "kim@example.com", "PASSWORD": "passw0rd", "SECURITY_TOKEN": "t0ken"}


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture(scope="module")
def key() -> str:
    return pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def read(**variables: str) -> SalesforceCredentials:
    return SalesforceCredentials.from_environment(
        {f"SALESFORCE_{name}": value for name, value in variables.items()}
    )


def test_the_login_page_of_everybody_is_the_default() -> None:
    assert read(**PERSON).login_url == "https://login.salesforce.com"


def test_the_best_way_comes_first(key: str) -> None:
    assert read(**APP, **PERSON, PRIVATE_KEY=key).ways == (
        LoginWay.CLIENT_CREDENTIALS,
        LoginWay.JWT_BEARER,
        LoginWay.PASSWORD,
    )


@pytest.mark.parametrize("shared", ["https://login.salesforce.com", "https://test.salesforce.com"])
def test_client_credentials_are_not_tried_where_salesforce_refuses_them(shared: str) -> None:
    assert read(**{**APP, **PERSON, "LOGIN_URL": shared}).ways == (LoginWay.PASSWORD,)


def test_a_key_may_come_as_a_file_or_as_one_line(key: str, tmp_path: Path) -> None:
    file = tmp_path / "server.key"
    file.write_text(key)
    known = {"CLIENT_ID": "the-app", "USERNAME": "kim@example.com"}
    as_file = read(**known, PRIVATE_KEY_FILE=str(file))
    as_line = read(**known, PRIVATE_KEY=key.replace("\n", "\\n"))
    assert as_file.ways == as_line.ways == (LoginWay.JWT_BEARER,)
    assert as_file.private_key.strip() == as_line.private_key.strip() == key.strip()


@pytest.mark.parametrize(
    ("variables", "named", "remedy"),
    [
        pytest.param({}, "SALESFORCE_CLIENT_ID", "External Client App", id="nothing"),
        pytest.param({"CLIENT_ID": "a"}, "SALESFORCE_CLIENT_SECRET", "set it", id="no-secret"),
        pytest.param({"CLIENT_SECRET": "a"}, "SALESFORCE_CLIENT_ID", "External", id="no-id"),
        pytest.param({"USERNAME": "kim"}, "SALESFORCE_PASSWORD", "both", id="no-password"),
        pytest.param({"PASSWORD": "a"}, "SALESFORCE_USERNAME", "both", id="no-username"),
        pytest.param(
            {"CLIENT_ID": "a", "CLIENT_SECRET": "b"},
            "SALESFORCE_LOGIN_URL",
            "YOUR-DOMAIN",
            id="client-credentials-without-a-domain",
        ),
        pytest.param(
            {**APP, "LOGIN_URL": "http://acme.my.salesforce.com"},
            "SALESFORCE_LOGIN_URL",
            "https",
            id="plain-http",
        ),
        pytest.param({**APP, "LOGIN_URL": "acme"}, "SALESFORCE_LOGIN_URL", "https", id="no-url"),
        pytest.param(
            {**APP, "LOGIN_URL": "https://a:b@acme.my.salesforce.com"},
            "SALESFORCE_LOGIN_URL",
            "https",
            id="password-in-the-url",
        ),
        pytest.param(
            {"CLIENT_ID": "a", "USERNAME": "b", "PRIVATE_KEY": "nonsense"},
            "SALESFORCE_PRIVATE_KEY",
            "BEGIN",
            id="no-key",
        ),
        pytest.param(
            {"CLIENT_ID": "a", "USERNAME": "b", "PRIVATE_KEY_FILE": "/nowhere/server.key"},
            "SALESFORCE_PRIVATE_KEY_FILE",
            "openssl",
            id="no-file",
        ),
    ],
)
def test_what_is_missing_is_named_with_its_remedy(
    variables: dict[str, str], named: str, remedy: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        read(**variables)
    [problem] = refused.value.problems
    assert problem.file == named
    assert remedy in problem.hint


@pytest.mark.parametrize(
    ("wanted", "variables", "named"),
    [
        (LoginWay.JWT_BEARER, {**APP}, {"SALESFORCE_USERNAME", "SALESFORCE_PRIVATE_KEY"}),
        (LoginWay.CLIENT_CREDENTIALS, {**PERSON, "CLIENT_ID": "a"}, {"SALESFORCE_CLIENT_SECRET"}),
        (LoginWay.REFRESH_TOKEN, {**APP, **PERSON}, {"SALESFORCE_REFRESH_TOKEN"}),
        (LoginWay.PASSWORD, {**APP, "USERNAME": "kim"}, {"SALESFORCE_PASSWORD"}),
        (
            LoginWay.CLIENT_CREDENTIALS,
            {**APP, "LOGIN_URL": "https://login.salesforce.com"},
            {"SALESFORCE_LOGIN_URL"},
        ),
    ],
)
def test_what_the_chosen_way_lacks_is_named(
    wanted: LoginWay, variables: dict[str, str], named: set[str]
) -> None:
    given = {f"SALESFORCE_{name}": value for name, value in variables.items()}
    with pytest.raises(ConfigError) as refused:
        SalesforceCredentials.from_environment(given, wanted=wanted)
    assert {problem.file for problem in refused.value.problems} == named


def test_the_chosen_way_is_the_only_one() -> None:
    given = {f"SALESFORCE_{name}": value for name, value in {**APP, **PERSON}.items()}
    credentials = SalesforceCredentials.from_environment(given, wanted=LoginWay.PASSWORD)
    assert credentials.ways == (LoginWay.PASSWORD,)


def test_a_refresh_token_is_used_before_all_else(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("5Aep-a-token\n")
    for named in ({"REFRESH_TOKEN": "5Aep-a-token"}, {"REFRESH_TOKEN_FILE": str(file)}):
        credentials = read(**APP, **named)
        assert credentials.ways[0] is LoginWay.REFRESH_TOKEN
        assert credentials.refresh_token.current() == "5Aep-a-token"
        assert "5Aep" not in repr(credentials)
        assert "5Aep" not in credentials.redact("5Aep-a-token")


@pytest.mark.parametrize("content", ["", "two words", None])
def test_a_token_file_without_a_token_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ConfigError, match="SALESFORCE_REFRESH_TOKEN_FILE"):
        read(**APP, REFRESH_TOKEN_FILE=str(file))


def test_a_key_of_another_kind_is_refused() -> None:
    with pytest.raises(ConfigError, match="RSA"):
        read(
            CLIENT_ID="a",
            USERNAME="b",
            PRIVATE_KEY=pem(ec.generate_private_key(ec.SECP256R1())),
        )


def test_a_key_without_a_person_asks_for_the_person(key: str) -> None:
    with pytest.raises(ConfigError, match="SALESFORCE_USERNAME"):
        read(CLIENT_ID="a", PRIVATE_KEY=key)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:2/"])
def test_plain_http_is_fine_on_this_machine(url: str) -> None:
    assert read(**{**APP, "LOGIN_URL": url}).is_loopback


def test_no_secret_shows_in_a_representation_or_a_complaint(key: str) -> None:
    credentials = read(**APP, **PERSON, PRIVATE_KEY=key)
    for secret in ("s3cret", "passw0rd", "t0ken", key[40:80]):
        assert secret not in repr(credentials)
    assert credentials.redact("s3cret passw0rd t0ken") == "*** *** ***"

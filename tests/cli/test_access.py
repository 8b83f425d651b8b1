"""Refused credentials and taken ports: which variable it is, and what to do, in a line or two."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Console, Said, small_team
from tests.living import Living, living

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    folder = tmp_path_factory.mktemp("world")
    url = f"sqlite:///{folder / 'unused.sqlite3'}"
    with living(small_team(), now=NOW, folder=folder, database_url=url) as opened:
        yield opened


def in_world(world: Living, console: Console, *words: str, **wrong: str) -> Said:
    database = f"sqlite:///{console.home / 'own.sqlite3'}"
    return console(*words, **{**world.environment, "DATABASE_URL": database, **wrong})


@pytest.mark.parametrize(
    ("variable", "value"),
    [("SLACK_APP_TOKEN", "xapp-wrong"), ("SLACK_BOT_TOKEN", "xoxb-wrong")],
)
def test_run_refuses_a_wrong_token_before_it_does_anything(
    world: Living, pacesetter: Console, variable: str, value: str
) -> None:
    said = in_world(world, pacesetter, "run", "--at-once", **{variable: value})
    assert (said.code, said.out) == (1, "")
    refused, hint = said.errors.splitlines()[-2:]
    assert refused == f"error: Slack refused {variable} (invalid_auth)"
    assert variable in hint


def test_run_names_everything_that_is_refused_at_once(world: Living, pacesetter: Console) -> None:
    wrong = {
        "SLACK_APP_TOKEN": "xapp-wrong",
        "SLACK_BOT_TOKEN": "xoxb-wrong",
        "SALESFORCE_CLIENT_SECRET": "wrong",
    }
    said = in_world(world, pacesetter, "run", **wrong)
    assert said.code == 1
    assert all(name in said.errors for name in wrong)


def test_the_doctor_tries_the_app_token_too(world: Living, pacesetter: Console) -> None:
    well = in_world(world, pacesetter, "doctor")
    assert (well.code, "Socket Mode may be used" in well.out) == (0, True)
    ill = in_world(world, pacesetter, "doctor", SLACK_APP_TOKEN="xapp-wrong")
    assert ill.code == 1
    assert "problem slack       Slack refused SLACK_APP_TOKEN" in ill.out


def test_the_doctor_says_which_login_it_was_and_what_is_wrong_with_it(
    world: Living, pacesetter: Console, tmp_path: Path
) -> None:
    assert "logged in by client credentials" in in_world(world, pacesetter, "doctor").out
    config = tmp_path / "app.yaml"
    config.write_text("salesforce:\n  login: password\n")
    wanted = {"PACESETTER_CONFIG": str(config)}
    lacking = in_world(world, pacesetter, "doctor", **wanted)
    assert "SALESFORCE_PASSWORD: is not set, and app.yaml, salesforce.login is" in lacking.out
    person = {
        "SALESFORCE_USERNAME": "integration@example.com",
        "SALESFORCE_PASSWORD": "sandbox-passwordsandboxtoken",
    }
    ending = in_world(world, pacesetter, "doctor", **wanted, **person)
    assert "logged in by username and password" in ending.out
    assert "end in Summer '27 (June 2027)" in ending.out
    config.write_text("salesforce:\n  login: saml\n")
    assert "app.yaml:2" in in_world(world, pacesetter, "doctor", **wanted).errors


@pytest.mark.parametrize(
    ("variable", "others"),
    [
        ("SALESFORCE_CLIENT_ID", {}),
        ("SALESFORCE_CLIENT_SECRET", {}),
        ("SALESFORCE_PASSWORD", {"SALESFORCE_USERNAME": "integration@example.com"}),
        (
            "SALESFORCE_SECURITY_TOKEN",
            {
                "SALESFORCE_USERNAME": "integration@example.com",
                "SALESFORCE_PASSWORD": "sandbox-password",
            },
        ),
        ("SALESFORCE_PRIVATE_KEY", {"SALESFORCE_USERNAME": "integration@example.com"}),
    ],
)
def test_a_wrong_salesforce_credential_is_named(
    world: Living, pacesetter: Console, variable: str, others: dict[str, str]
) -> None:
    if others:
        others = {**others, "SALESFORCE_CLIENT_SECRET": "", "SALESFORCE_CLIENT_ID": ""}
    said = in_world(world, pacesetter, "pull", **{**others, variable: "hunter2"})
    assert said.code in {1, 2}
    assert variable in said.errors
    assert len(said.errors.splitlines()) == 2
    assert "hunter2" not in said.errors


def test_an_address_that_is_no_salesforce_is_named(world: Living, pacesetter: Console) -> None:
    said = in_world(world, pacesetter, "pull", SALESFORCE_LOGIN_URL=world.slack_url)
    assert said.code == 1
    assert "SALESFORCE_LOGIN_URL" in said.errors


def test_what_is_no_port_is_refused(pacesetter: Console) -> None:
    for words in (["demo"], ["sandbox", "slack"], ["sandbox", "salesforce"]):
        said = pacesetter(*words, "--port", "99999999")
        assert said.code == 2
        assert "than or equal to 65535" in said.errors


def test_pages_smaller_than_salesforce_allows_are_refused(pacesetter: Console) -> None:
    said = pacesetter("sandbox", "salesforce", "--page-size", "0")
    assert said.code == 2
    assert "than or equal to 200" in said.errors


def test_a_taken_port_is_named_with_what_to_do(pacesetter: Console) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        alone = pacesetter("sandbox", "slack", "--port", port)
        assert alone.code == 2
        assert f"--port: {port} cannot be used: " in alone.errors
        assert "hint: choose another" in alone.errors
        demo = pacesetter("demo", "--port", port)
        assert demo.code == 1
        assert f"port {port} cannot be used: " in demo.errors
        assert "choose another" in demo.errors


def test_in_http_mode_a_bad_port_is_named_with_what_to_do(
    world: Living, pacesetter: Console
) -> None:
    http = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "0f" * 16}
    said = in_world(world, pacesetter, "run", PORT="http", **http)
    assert (said.code, "PORT: 'http' is no port" in said.errors) == (2, True)
    with socket.create_server(("0.0.0.0", 0)) as taken:  # noqa: S104 - as the bot listens
        port = str(taken.getsockname()[1])
        said = in_world(world, pacesetter, "run", PORT=port, **http)
    assert (said.code, f"PORT: {port} cannot be listened at" in said.errors) == (2, True)


def test_the_slack_sandbox_alone_grants_what_an_install_would(
    world: Living, pacesetter: Console
) -> None:
    words = [sys.executable, "-m", "bot", "sandbox", "slack"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as alone:  # noqa: S603 - our own program
        assert alone.stdout is not None
        told = dict(alone.stdout.readline().strip().split("=", 1) for _ in range(4))
        said = in_world(world, pacesetter, "doctor", **told)
        alone.send_signal(signal.SIGTERM)
        assert alone.wait(timeout=60) == 0
    assert "scopes not granted" not in said.out
    assert "Socket Mode may be used" in said.out

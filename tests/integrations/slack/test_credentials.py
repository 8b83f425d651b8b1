import pytest

from bot.domain.errors import ConfigError
from integrations.slack.credentials import DEFAULT_API_URL, SlackCredentials

SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def test_an_app_token_means_socket_mode_and_slack_itself() -> None:
    found = SlackCredentials.from_environment(SOCKET)
    assert found.uses_socket_mode
    assert found.api_url == DEFAULT_API_URL


def test_a_signing_secret_alone_means_http() -> None:
    environ = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "0f" * 16}
    assert not SlackCredentials.from_environment(environ).uses_socket_mode


def test_secrets_do_not_show_when_printed() -> None:
    found = SlackCredentials.from_environment(SOCKET | {"SLACK_SIGNING_SECRET": "hush"})
    assert not any(secret in repr(found) for secret in ("xoxb-1", "xapp-1", "hush"))


@pytest.mark.parametrize(
    ("environ", "variable"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "hush"}, "SLACK_SIGNING_SECRET"),
        ({}, "SLACK_BOT_TOKEN"),
        ({}, "SLACK_APP_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
        (SOCKET | {"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN"),
        (SOCKET | {"SLACK_API_URL": "http://slack.example/api/"}, "SLACK_API_URL"),
        (SOCKET | {"SLACK_API_URL": "ftp://127.0.0.1"}, "SLACK_API_URL"),
    ],
)
def test_what_is_missing_or_wrong_is_named_with_the_remedy(
    environ: dict[str, str], variable: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        SlackCredentials.from_environment(environ)
    [problem] = [each for each in refused.value.problems if each.file == variable]
    assert problem.hint


def test_plain_http_is_accepted_on_this_machine_only() -> None:
    environ = SOCKET | {"SLACK_API_URL": "http://127.0.0.1:8080/api"}
    assert SlackCredentials.from_environment(environ).api_url == "http://127.0.0.1:8080/api/"

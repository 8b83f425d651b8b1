"""The app itself: installed, checked, revoked and taken out."""

import json
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox.slack.stage import Connect, Eventually, Opener, Slack

MANIFEST = {
    "display_information": {"name": "Pacesetter"},
    "features": {"bot_user": {"display_name": "pacesetter"}},
    "oauth_config": {"scopes": {"bot": ["chat:write"]}},
}


@pytest.fixture
def installer(slack: Slack) -> WebClient:
    """Knows no token: the code of an installation is what it has."""
    return WebClient(base_url=slack.client.base_url, retry_handlers=[])


def error_of(raised: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(raised.value.response["error"])


def exchange(client: WebClient, slack: Slack, **given: str) -> Any:
    known = slack.credentials
    client_pair = {"client_id": known.client_id, "client_secret": known.client_secret}
    return client.oauth_v2_access(**{**client_pair, **given})


def test_a_code_is_exchanged_once_for_the_bots_token(slack: Slack, installer: WebClient) -> None:
    code = slack.sandbox.install("https://bot.example/callback")
    with pytest.raises(SlackApiError) as elsewhere:
        exchange(installer, slack, code=code, redirect_uri="https://other.example")
    answer = exchange(installer, slack, code=code, redirect_uri="https://bot.example/callback")
    with pytest.raises(SlackApiError) as again:
        exchange(installer, slack, code=code, redirect_uri="https://bot.example/callback")
    assert answer["access_token"] == slack.credentials.bot_token
    assert answer["bot_user_id"] == slack.sandbox.workspace.bot.user_id
    assert set(answer["scope"].split(",")) == slack.credentials.scopes
    assert [error_of(elsewhere), error_of(again)] == ["bad_redirect_uri", "invalid_code"]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"client_id": "1.2", "code": "x"}, "invalid_client_id"),
        ({"client_secret": "wrong", "code": "x"}, "bad_client_secret"),
        ({"code": "made-up"}, "invalid_code"),
        ({"code": "x", "grant_type": "password"}, "invalid_grant_type"),
    ],
)
def test_an_exchange_is_refused_by_name(
    slack: Slack, installer: WebClient, given: dict[str, str], error: str
) -> None:
    with pytest.raises(SlackApiError) as raised:
        exchange(installer, slack, **given)
    assert error_of(raised) == error


def test_neither_code_nor_secret_reaches_the_log(slack: Slack, installer: WebClient) -> None:
    code = slack.sandbox.install()
    exchange(installer, slack, code=code)
    details = json.dumps([each.detail for each in slack.sandbox.log()])
    assert code not in details
    assert slack.credentials.client_secret not in details


def test_a_revoked_token_is_told_of_and_dead_until_the_app_is_installed_anew(
    opened: Opener, connected: Connect, eventually: Eventually
) -> None:
    with opened() as slack:
        events = slack.sandbox.installation.credentials.events
        assert "tokens_revoked" not in events
        assert slack.client.auth_revoke(test=True)["revoked"] is False
        assert slack.client.auth_test()["ok"]
        app, heard = slack.app(), []
        app.event("tokens_revoked")(lambda event: heard.append(event["tokens"]["bot"]))
        with connected(slack, app):
            slack.sandbox.send_event({"type": "tokens_revoked", "tokens": {"bot": ["U0SANDBOX1"]}})
            assert eventually(lambda: heard) == [["U0SANDBOX1"]]
        assert slack.client.auth_revoke()["revoked"] is True
        with pytest.raises(SlackApiError) as raised:
            slack.client.auth_test()
        assert error_of(raised) == "token_revoked"
        installer = WebClient(base_url=slack.client.base_url, retry_handlers=[])
        exchange(installer, slack, code=slack.sandbox.install())
        assert slack.client.auth_test()["ok"]


def test_uninstalling_takes_the_apps_own_secret(slack: Slack) -> None:
    known = slack.credentials
    with pytest.raises(SlackApiError) as raised:
        slack.client.apps_uninstall(client_id=known.client_id, client_secret="wrong")
    assert error_of(raised) == "bad_client_secret"
    slack.client.apps_uninstall(client_id=known.client_id, client_secret=known.client_secret)
    with pytest.raises(SlackApiError) as dead:
        slack.client.auth_test()
    assert error_of(dead) == "account_inactive"


def test_a_manifest_is_taken_or_refused_with_pointers(slack: Slack) -> None:
    owner = WebClient(
        token=slack.credentials.config_token, base_url=slack.client.base_url, retry_handlers=[]
    )
    assert owner.apps_manifest_validate(manifest=json.dumps(MANIFEST))["errors"] == []
    with pytest.raises(SlackApiError) as raised:
        owner.apps_manifest_validate(
            manifest=json.dumps({**MANIFEST, "display_information": {"name": "x" * 36}})
        )
    assert error_of(raised) == "invalid_manifest"
    [complaint] = raised.value.response["errors"]
    assert complaint["pointer"] == "/display_information/name"
    with pytest.raises(SlackApiError) as bot:
        slack.client.apps_manifest_validate(manifest="{}")
    assert error_of(bot) == "not_allowed_token_type"

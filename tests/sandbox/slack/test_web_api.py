"""The Web API through Slack's own SDK, and through bare HTTP where the SDK is too kind."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from integrations.sandbox.slack.api.catalog import all_methods
from integrations.sandbox.slack.api.table import method_table
from integrations.sandbox.slack.credentials import Credentials
from integrations.sandbox.slack.limits import RateLimits
from tests.sandbox.slack.stage import Opener, Slack


def error_of(call: Callable[..., Any], **arguments: object) -> Any:
    with pytest.raises(SlackApiError) as raised:
        call(**arguments)
    return raised.value.response


def test_every_method_of_the_table_answers_and_every_answer_is_in_the_table() -> None:
    assert set(all_methods()) == set(method_table())


def test_auth_test_says_who_the_bot_is(slack: Slack) -> None:
    answer = slack.client.auth_test()
    assert answer["user_id"] == slack.sandbox.workspace.bot.user_id
    assert answer["team_id"] == slack.sandbox.workspace.team.id


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        (None, "auth.test", "not_authed"),
        ("xoxb-wrong", "auth.test", "invalid_auth"),
        ("app", "auth.test", "not_allowed_token_type"),
        ("bot", "apps.connections.open", "not_allowed_token_type"),
        ("bot", "chat.teleport", "unknown_method"),
    ],
)
def test_a_wrong_token_or_method_is_refused_by_name(
    slack: Slack, token: str | None, method: str, error: str
) -> None:
    known = {"app": slack.credentials.app_token, "bot": slack.credentials.bot_token}
    headers = {"Authorization": f"Bearer {known.get(token, token)}"} if token else {}
    answer = httpx.post(f"{slack.url}/api/{method}", headers=headers).json()
    assert (answer["ok"], answer["error"]) == (False, error)


def test_arguments_come_by_query_form_and_json_and_the_token_in_any_of_them(slack: Slack) -> None:
    token, url = slack.credentials.bot_token, f"{slack.url}/api/users.info"
    arguments = {"token": token, "user": "U0TOM"}
    bearer = {"Authorization": f"Bearer {token}"}
    answers = [
        httpx.get(url, params=arguments),
        httpx.post(url, data=arguments),
        httpx.post(url, params={"user": "U0TOM"}, headers=bearer),
        httpx.post(url, json={"user": "U0TOM"}, headers=bearer),
        httpx.post(url, files={"user": (None, "U0TOM"), "token": (None, token)}),
    ]
    assert [each.json()["user"]["name"] for each in answers] == ["tom"] * 5


@pytest.mark.parametrize(
    ("body", "error"), [(b"{not json", "invalid_json"), (b"[1]", "json_not_object")]
)
def test_a_body_that_is_not_a_json_object_is_refused(slack: Slack, body: bytes, error: str) -> None:
    headers = {
        "Authorization": f"Bearer {slack.credentials.bot_token}",
        "Content-Type": "application/json; charset=utf-8",
    }
    answer = httpx.post(f"{slack.url}/api/chat.postMessage", content=body, headers=headers)
    assert answer.json()["error"] == error


def test_a_missing_scope_names_what_is_needed_and_what_there_is(opened: Opener) -> None:
    with opened(credentials=Credentials(scopes=frozenset({"chat:write"}))) as slack:
        refused = error_of(slack.client.users_info, user="U0TOM")
    assert refused["error"] == "missing_scope"
    assert (refused["needed"], refused["provided"]) == ("users:read", "chat:write")


def test_reading_history_needs_the_scope_of_that_kind_of_conversation(opened: Opener) -> None:
    scopes = frozenset({"chat:write", "im:write", "im:history"})
    with opened(credentials=Credentials(scopes=scopes)) as slack:
        direct = slack.client.conversations_open(users="U0TOM")["channel"]["id"]
        assert slack.client.conversations_history(channel=direct)["messages"] == []
        refused = error_of(slack.client.conversations_history, channel="C0SALES")
    assert (refused["error"], refused["needed"]) == ("missing_scope", "channels:history")


def test_required_arguments_are_asked_for_by_name(slack: Slack) -> None:
    refused = error_of(slack.client.api_call, api_method="chat.update", json={"text": "x"})
    assert refused["error"] == "invalid_arguments"
    assert refused["response_metadata"]["messages"] == [
        "[ERROR] missing required field: ts",
        "[ERROR] missing required field: channel",
    ]


def test_people_are_found_by_id_by_email_and_in_pages(slack: Slack) -> None:
    assert slack.client.users_info(user="U0MAYA")["user"]["tz"] == "Europe/Berlin"
    found = slack.client.users_lookupByEmail(email="RAJ@acme.example")
    assert found["user"]["id"] == "U0RAJ"
    assert error_of(slack.client.users_lookupByEmail, email="x@y.z")["error"] == "users_not_found"
    assert error_of(slack.client.users_info, user="U0NOBODY")["error"] == "user_not_found"
    pages = [
        [each["id"] for each in page["members"] if not each["is_bot"]]
        for page in slack.client.users_list(limit=3)
    ]
    assert pages == [["U0MAYA", "U0TOM", "U0LENA"], ["U0RAJ"]]


def test_offsets_from_utc_follow_the_sandbox_clock_through_daylight_saving(slack: Slack) -> None:
    before = slack.client.users_info(user="U0MAYA")["user"]["tz_offset"]
    slack.clock.wind_to(slack.clock.now().replace(month=6))
    after = slack.client.users_info(user="U0MAYA")["user"]["tz_offset"]
    assert (before, after) == (3600, 7200)


def test_email_addresses_are_left_out_without_their_scope(opened: Opener) -> None:
    with opened(credentials=Credentials(scopes=frozenset({"users:read"}))) as slack:
        assert "email" not in slack.client.users_info(user="U0TOM")["user"]["profile"]
        assert error_of(slack.client.users_lookupByEmail, email="a@b.c")["error"] == "missing_scope"


def test_private_channels_are_invisible_to_a_bot_that_is_not_in_them(slack: Slack) -> None:
    listed = slack.client.conversations_list(types="public_channel,private_channel")
    assert {each["name"] for each in listed["channels"]} == {"sales", "general"}
    refused = error_of(slack.client.conversations_info, channel="C0LEADS")
    assert refused["error"] == "channel_not_found"


def test_the_bot_joins_creates_and_invites(slack: Slack) -> None:
    assert slack.client.conversations_join(channel="C0GENERAL")["channel"]["is_member"]
    made = slack.client.conversations_create(name="wins")["channel"]["id"]
    slack.client.conversations_invite(channel=made, users="U0TOM,U0RAJ")
    members = slack.client.conversations_members(channel=made)["members"]
    assert members == [slack.sandbox.workspace.bot.user_id, "U0TOM", "U0RAJ"]
    assert error_of(slack.client.conversations_create, name="wins")["error"] == "name_taken"
    assert (
        error_of(slack.client.conversations_create, name="No Spaces")["error"]
        == "invalid_name_specials"
    )


def test_the_small_methods_of_a_workspace_answer(slack: Slack) -> None:
    assert slack.client.team_info()["team"]["domain"] == "sandbox"
    assert slack.client.bots_info()["bot"]["app_id"] == slack.sandbox.workspace.bot.app_id
    assert slack.client.usergroups_list()["usergroups"] == []
    assert slack.client.dnd_info(user="U0TOM")["dnd_enabled"] is False
    assert slack.client.users_profile_get(user="U0TOM")["profile"]["first_name"] == "Tom"
    assert slack.client.users_getPresence(user="U0MAYA")["presence"] == "active"
    mine = slack.client.users_conversations(types="public_channel")["channels"]
    assert [each["id"] for each in mine] == ["C0SALES"]
    assert WebClient(base_url=f"{slack.url}/api/").api_test(foo="bar")["args"]["foo"] == "bar"


def test_a_bad_cursor_and_an_unknown_conversation_type_are_refused(slack: Slack) -> None:
    assert error_of(slack.client.users_list, cursor="%%%")["error"] == "invalid_cursor"
    assert error_of(slack.client.conversations_list, types="dm")["error"] == "invalid_types"


def test_the_sixth_post_at_once_into_a_channel_waits_its_turn_while_another_channel_does_not(
    opened: Opener,
) -> None:
    with opened(limits=RateLimits(scale=1.0)) as slack:
        for number in range(5):
            slack.client.chat_postMessage(channel="C0SALES", text=str(number))
        refused = error_of(slack.client.chat_postMessage, channel="C0SALES", text="one too many")
        assert refused.status_code == 429
        assert refused["error"] == "ratelimited"
        assert refused.headers["Retry-After"] == "1"
        assert slack.client.chat_postMessage(channel="U0TOM", text="elsewhere")["ok"]


def test_a_tier_two_method_takes_twenty_calls_a_minute_and_then_says_when_to_return() -> None:
    now = 0.0
    limits = RateLimits(scale=1.0, monotonic=lambda: now)
    waits = [limits.wait_for("users.list", "t2") for _ in range(21)]
    assert waits == [0] * 20 + [3]
    now = 3.0
    assert limits.wait_for("users.list", "t2") == 0
    assert limits.wait_for("users.list", "t2") == 3


def test_tokens_never_reach_the_log(slack: Slack) -> None:
    slack.client.chat_postMessage(channel="C0SALES", text="hello", token=slack.client.token)
    httpx.post(f"{slack.url}/api/auth.test", data={"token": slack.credentials.bot_token})
    assert slack.credentials.bot_token not in repr(slack.sandbox.log())
    assert slack.credentials.bot_token not in repr(slack.credentials)

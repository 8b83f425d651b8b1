"""The driver over HTTP: everything a test in another process, or the page, can do."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from tests.sandbox.slack.stage import Connect, Json, Slack

Drive = Callable[..., httpx.Response]


@pytest.fixture
def drive(slack: Slack) -> Drive:
    def post(name: str, /, **given: Json) -> httpx.Response:
        return httpx.post(f"{slack.url}/sandbox/{name}", json=given)

    return post


def test_people_talk_react_and_read(slack: Slack, drive: Drive) -> None:
    said = drive("say", person="tom", channel="sales", text="hello").json()["message"]
    drive("react", person="maya", channel="sales", ts=said["ts"], name="tada")
    state = httpx.get(f"{slack.url}/sandbox/state").json()
    sales = next(each for each in state["channels"] if each["id"] == "C0SALES")
    assert sales["messages"][0]["text"] == "hello"
    assert sales["messages"][0]["reactions"][0]["users"] == ["U0MAYA"]
    assert slack.sandbox.workspace.messages.unread("U0MAYA", "C0SALES") == 1
    drive("read", person="maya", channel="sales")
    assert slack.sandbox.workspace.messages.unread("U0MAYA", "C0SALES") == 0


def test_a_whole_conversation_with_an_app_goes_over_http(
    slack: Slack, drive: Drive, connected: Connect
) -> None:
    app = slack.app()
    view = {
        "type": "modal",
        "callback_id": "plan",
        "title": {"type": "plain_text", "text": "Plan"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [
            {
                "type": "input",
                "block_id": "b",
                "label": {"type": "plain_text", "text": "L"},
                "element": {"type": "plain_text_input", "action_id": "a"},
            }
        ],
    }
    app.command("/plan")(
        lambda ack, body, client: (
            client.views_open(trigger_id=body["trigger_id"], view=view),
            ack(),
        )
    )
    app.view("plan")(lambda ack: ack(response_action="errors", errors={"b": "No."}))
    with connected(slack, app):
        typed = drive("command", person="maya", channel="sales", text="/plan").json()
        submitted = drive("submit", person="maya", values={"b/a": "x"}).json()
        state = httpx.get(f"{slack.url}/sandbox/state", params={"person": "maya"}).json()
        drive("close", person="maya")
    assert typed["verdict"] == "acknowledged"
    assert (submitted["verdict"], submitted["errors"]) == ("errors", {"b": "No."})
    modal = state["people"][0]["modals"][0]
    assert modal["state"]["values"]["b"]["a"]["value"] == "x"
    assert slack.sandbox.modal_of("maya") is None


def test_the_clock_is_wound_by_hours_or_to_an_instant_but_never_back(
    slack: Slack, drive: Drive
) -> None:
    before = slack.clock.now()
    drive("clock", hours=1)
    assert (slack.clock.now() - before).total_seconds() >= 3600
    drive("clock", instant="2026-03-16T08:00:00+01:00")
    assert slack.clock.now().replace(second=0, microsecond=0) == datetime(
        2026, 3, 16, 7, 0, tzinfo=UTC
    )
    back = drive("clock", instant="2026-03-01T00:00:00+00:00")
    assert (back.status_code, back.json()["ok"]) == (400, False)


def test_faults_are_ordered_and_called_off(slack: Slack, drive: Drive) -> None:
    drive("faults", kind="rate_limited", method="auth.test", times=2, seconds=7)
    first = httpx.post(
        f"{slack.url}/api/auth.test", headers={"Authorization": f"Bearer {slack.client.token}"}
    )
    drive("faults", kind="clear")
    assert (first.status_code, first.headers["retry-after"]) == (429, "7")
    assert slack.client.auth_test()["ok"]


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("say", {"person": "nobody", "channel": "sales", "text": "x"}, "nobody"),
        (
            "say",
            {"person": "maya", "channel": "sales", "text": "x", "files": ["F404"]},
            "no file",
        ),
        ("press", {"person": "maya", "view": "V1", "action_id": "a"}, "no view"),
        ("submit", {"person": "maya"}, "no modal"),
        ("faults", {"kind": "earthquake"}, "earthquake"),
        ("clock", {}, "hours or instant"),
    ],
)
def test_a_wrong_argument_is_explained(drive: Drive, name: str, given: Json, words: str) -> None:
    answer = drive(name, **given)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


def test_the_log_tells_calls_and_deliveries_in_order(slack: Slack, drive: Drive) -> None:
    slack.client.auth_test()
    drive("home", person="tom")
    lines = httpx.get(f"{slack.url}/sandbox/log").json()["lines"]
    assert lines[0]["name"] == "auth.test"
    assert lines[0]["direction"] == "call"
    numbers = [each["number"] for each in lines]
    later = httpx.get(f"{slack.url}/sandbox/log", params={"after": numbers[-1]}).json()["lines"]
    assert numbers == sorted(numbers)
    assert all(each["number"] > numbers[-1] for each in later)


def test_health_tells_the_time_and_who_is_connected(slack: Slack) -> None:
    answer = httpx.get(f"{slack.url}/sandbox/health").json()
    assert (answer["ok"], answer["sockets"]) == (True, 0)
    assert answer["now"].startswith("2026-03-09T07:30")

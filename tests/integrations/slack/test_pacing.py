"""Slack refuses nothing for coming too often, and one who has to wait keeps nobody else waiting."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from slack_bolt import Ack, BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.domain.errors import RateLimited
from bot.domain.ids import DeliveryId
from bot.domain.message import Message
from integrations.sandbox.slack import api
from integrations.sandbox.slack.limits import RateLimits
from integrations.slack.bolt_app import build_app, build_client
from integrations.slack.directory import SlackDirectory
from integrations.slack.messenger import SlackMessenger
from integrations.slack.pacing import (
    OURS,
    PER_MINUTE,
    POST_BURST,
    TIER_2,
    TIER_3,
    TIER_4,
    Allowance,
)
from tests.slack_world import SlackWorld


@dataclass
class Time:
    """Passes only while somebody sleeps."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def limited(slack: SlackWorld, time: Time) -> SlackWorld:
    """Slack counts as Slack does, by the same time."""
    slack.sandbox.installation.limits = RateLimits(1.0, monotonic=time.read)
    return slack


def paced(slack: SlackWorld, time: Time) -> WebClient:
    return build_client(
        slack.credentials, allowance=Allowance(monotonic=time.read, sleep=time.sleep)
    )


def refused(slack: SlackWorld) -> int:
    return sum(line.verdict == "ratelimited" for line in slack.sandbox.installation.log.lines())


def look_up(client: WebClient, times: int) -> None:
    """Each time somebody else, since a directory asks for nobody twice."""
    directory = SlackDirectory(client)
    for number in range(times):
        directory.find_by_email(f"nobody{number}@acme.example")


def test_unpaced_calls_are_refused(limited: SlackWorld) -> None:
    with pytest.raises(RateLimited):
        look_up(build_client(limited.credentials), TIER_3 + 1)
    assert refused(limited) == 1


def test_paced_calls_are_not(limited: SlackWorld, time: Time) -> None:
    look_up(paced(limited, time), TIER_3 + 10)
    assert refused(limited) == 0
    ours = TIER_3 * OURS
    assert sum(time.slept) == pytest.approx((TIER_3 + 10 - ours) * 60 / ours)


def test_a_channel_hears_a_burst_and_then_one_a_second(limited: SlackWorld, time: Time) -> None:
    messenger = SlackMessenger(paced(limited, time), draw=lambda _svg: b"")
    for number in range(POST_BURST + 3):
        messenger.send("C0SALES", Message(text="Hello"), reference=DeliveryId(number))
    assert time.slept == pytest.approx([1.0, 1.0, 1.0])
    messenger.send("U0KIM", Message(text="Hello"), reference=DeliveryId(99))
    assert len(time.slept) == 3
    assert refused(limited) == 0


VIEW = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Why"},
    "blocks": [{"type": "divider"}],
}
PRESS = {
    "type": "block_actions",
    "user": {"id": "U0KIM"},
    "team": {"id": "T1"},
    "actions": [{"action_id": "why", "block_id": "b", "type": "button"}],
}


def test_listeners_open_modals_by_the_same_count(limited: SlackWorld, time: Time) -> None:
    """Bolt would hand them a client of its own, which counts nothing."""
    app = build_app(limited.credentials, paced(limited, time))
    words: list[str] = []

    def listen(ack: Ack, client: WebClient) -> None:
        ack()
        for _ in range(TIER_4 + 3):
            with pytest.raises(SlackApiError) as refusal:
                client.views_open(trigger_id="long.gone", view=VIEW)
            words.append(refusal.value.response["error"])

    app.action("why")(listen)
    app.dispatch(BoltRequest(mode="socket_mode", body=PRESS))
    app.listener_runner.listener_executor.shutdown()
    assert words == ["invalid_trigger_id"] * (TIER_4 + 3)
    assert refused(limited) == 0
    assert time.slept


def test_a_modal_that_would_open_too_late_is_not_waited_for(time: Time) -> None:
    allowance = Allowance(monotonic=time.read, sleep=time.sleep)
    allowance.refused("views.open", "", 2)
    with pytest.raises(RateLimited):
        allowance.take("views.open")
    assert time.slept == []


def test_what_would_wait_for_long_is_refused_here(time: Time) -> None:
    allowance = Allowance(monotonic=time.read, sleep=time.sleep)
    allowance.refused("users.info", "", 30)
    with pytest.raises(RateLimited) as caught:
        allowance.take("users.info")
    assert caught.value.retry_after.total_seconds() == pytest.approx(30)
    allowance.take("users.lookupByEmail")
    assert time.slept == []
    time.now += 30
    allowance.take("users.info")
    assert time.slept == []


def test_a_picture_is_not_waited_for_as_long(time: Time) -> None:
    allowance = Allowance(monotonic=time.read, sleep=time.sleep)
    for _ in range(TIER_4):
        allowance.take("files.getUploadURLExternal")
    allowance.refused("files.getUploadURLExternal", "", 2)
    with pytest.raises(RateLimited):
        allowance.take("files.getUploadURLExternal")


def test_what_slack_refused_is_not_asked_again_before_its_time(
    slack: SlackWorld, time: Time
) -> None:
    """Another instance has used up what there was."""
    limits = RateLimits(1.0, monotonic=time.read)
    slack.sandbox.installation.limits = limits
    for _ in range(TIER_3):
        limits.wait_for("users.lookupByEmail", "t3")
    client = paced(slack, time)
    with pytest.raises(RateLimited):
        look_up(client, 1)
    look_up(client, 5)
    assert refused(slack) == 1
    assert sum(time.slept) > 0


def test_the_tiers_are_slacks_own(methods: Callable[[str], str]) -> None:
    calls_a_minute = {"t2": TIER_2, "t3": TIER_3, "t4": TIER_4}
    assert {name: calls_a_minute[methods(name)] for name in PER_MINUTE} == PER_MINUTE


@pytest.fixture
def methods() -> Callable[[str], str]:
    table = json.loads((Path(api.__file__).parent / "methods.json").read_text(encoding="utf-8"))
    return lambda name: str(table[name]["tier"])

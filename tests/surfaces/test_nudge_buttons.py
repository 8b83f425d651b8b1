"""Buttons under a nudge, pressed in the sandbox and answered over a real socket."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, SQLModel, select

from bot.flows.deliver import deliver
from bot.runtime import Runtime
from bot.storage.decisions import AnswerRow
from bot.storage.people import MuteRow, SnoozeRow
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.state.values import Message, View
from tests.slack_world import CRM_IDS, SlackWorld, given_nudge, given_people, wait_until

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
def nudge(runtime: Runtime, slack: SlackWorld) -> Message:
    """A nudge that Kim has received."""
    given_people(runtime)
    given_nudge(runtime)
    deliver(runtime, slack.messenger)
    [message] = slack.sandbox.direct_messages_to("kim")
    return message


def rows(runtime: Runtime, table: type[SQLModel]) -> list[SQLModel]:
    with Session(runtime.database) as session:
        return list(session.exec(select(table)))


def shown(slack: SlackWorld) -> Message:
    [message] = slack.sandbox.direct_messages_to("kim")
    return message


def words(place: Message | View) -> str:
    return str(place.content if isinstance(place, View) else place.blocks)


def has_buttons(message: Message) -> bool:
    return any(block["type"] == "actions" for block in message.blocks)


def modal(slack: SlackWorld, person: str = "kim") -> View:
    return wait_until(lambda: slack.sandbox.modal_of(person))


def test_done_is_written_down_once_and_the_nudge_shows_it(
    nudge: Message, runtime: Runtime, slack: SlackWorld
) -> None:
    for _ in range(2):
        assert slack.sandbox.press("kim", nudge, "nudge.done").is_acknowledged
    wait_until(lambda: not has_buttons(shown(slack)))
    assert "✓ Done, Tue 24 Nov, 09:12" in words(shown(slack))
    assert [row.answer for row in rows(runtime, AnswerRow)] == ["done"]  # type: ignore[attr-defined]  # an AnswerRow


def test_not_now_asks_until_when_and_why_and_keeps_it(
    nudge: Message, runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    slack.sandbox.press("kim", nudge, "nudge.not_now")
    modal(slack)
    until = clock.now().date() + timedelta(days=3)
    answer = {"until": until.isoformat(), "reason": "waiting"}
    assert slack.sandbox.submit_view("kim", answer).is_acknowledged
    wait_until(lambda: not has_buttons(shown(slack)))
    [row] = rows(runtime, SnoozeRow)
    assert (row.person_id, row.until, row.reason) == (CRM_IDS["kim"], until, "waiting")  # type: ignore[attr-defined]  # a SnoozeRow
    assert "until Fri 27 Nov is over" in words(shown(slack))


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_day_that_cannot_be_meant_is_refused_at_its_field(
    nudge: Message, runtime: Runtime, slack: SlackWorld, clock: SandboxClock, days: int
) -> None:
    slack.sandbox.press("kim", nudge, "nudge.not_now")
    modal(slack)
    until = clock.now().date() + timedelta(days=days)
    outcome = slack.sandbox.submit_view("kim", {"until": until.isoformat(), "reason": "busy"})
    assert list(outcome.errors) == ["until"]
    assert rows(runtime, SnoozeRow) == []
    assert has_buttons(shown(slack))


def test_not_right_keeps_the_persons_own_words(
    nudge: Message, runtime: Runtime, slack: SlackWorld
) -> None:
    slack.sandbox.press("kim", nudge, "nudge.not_right")
    modal(slack)
    slack.sandbox.submit_view("kim", {"reason": "wrong data", "words": "Closed\x00 <b>\nin March"})
    wait_until(lambda: not has_buttons(shown(slack)))
    [row] = rows(runtime, AnswerRow)
    assert row.reason == "wrong data: Closed <b> in March"  # type: ignore[attr-defined]  # an AnswerRow
    assert "Not right" in words(shown(slack))


def test_why_shows_the_rule_the_numbers_and_the_records(nudge: Message, slack: SlackWorld) -> None:
    slack.sandbox.press("kim", nudge, "nudge.why")
    text = words(modal(slack))
    assert "close date in the past" in text
    assert "https://acme.my.example/006" in text
    assert "/nudges mute" in text


def test_muting_a_kind_is_kept(nudge: Message, runtime: Runtime, slack: SlackWorld) -> None:
    slack.sandbox.press("kim", nudge, "nudge.more", chosen=_mute_option(nudge))
    wait_until(lambda: not has_buttons(shown(slack)))
    [row] = rows(runtime, MuteRow)
    assert (row.person_id, row.rule) == (CRM_IDS["kim"], "past_due_close_date")  # type: ignore[attr-defined]  # a MuteRow


def _mute_option(nudge: Message) -> str:
    elements = [each for block in nudge.blocks for each in block.get("elements", [])]
    [menu] = [each for each in elements if each.get("action_id") == "nudge.more"]
    return str(menu["options"][0]["value"])


@pytest.mark.parametrize("action", ["nudge.done", "nudge.not_now", "nudge.not_right", "nudge.why"])
def test_nobody_but_the_addressee_may_press(
    nudge: Message, runtime: Runtime, slack: SlackWorld, action: str
) -> None:
    slack.sandbox.press("sam", nudge, action)
    whispered = wait_until(lambda: slack.sandbox.ephemerals_for("sam"))
    assert "somebody else" in words(whispered[0])
    assert rows(runtime, AnswerRow) == []
    assert slack.sandbox.modal_of("sam") is None


def test_the_latest_answer_stands(nudge: Message, runtime: Runtime, slack: SlackWorld) -> None:
    slack.sandbox.press("kim", nudge, "nudge.not_now")
    modal(slack)
    for day in (date(2026, 12, 1), date(2026, 12, 3)):
        slack.sandbox.press("kim", nudge, "nudge.not_now")
        modal(slack)
        slack.sandbox.submit_view("kim", {"until": day.isoformat(), "reason": "busy"})
    [row] = rows(runtime, SnoozeRow)
    assert row.until == date(2026, 12, 3)  # type: ignore[attr-defined]  # a SnoozeRow

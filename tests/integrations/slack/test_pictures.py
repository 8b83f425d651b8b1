"""Pictures are put up as files; whatever Slack does not take, the words still arrive."""

import pytest

from bot.domain.chart import Picture
from bot.domain.ids import DeliveryId
from bot.domain.message import Message
from integrations.sandbox.slack.faults import Fault, FaultKind
from tests.slack_world import SlackWorld, clock, slack

__all__ = ["clock", "slack"]

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><path d="M0,0 L8,8"/></svg>'
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Words"}}
IMAGE = {"type": "image", "slack_file": {"id": "picture:1"}, "alt_text": "A square"}
MESSAGE = Message(
    text="Words",
    blocks=[SECTION, IMAGE],
    pictures={"picture:1": Picture(svg=SVG, alt="A square")},
)


def send(slack: SlackWorld, message: Message = MESSAGE) -> list[object]:
    slack.messenger.send("U0KIM", message, reference=DeliveryId(1))
    [said] = slack.sandbox.direct_messages_to("kim")
    return [block["type"] for block in said.blocks]


def test_a_picture_is_put_up_and_shown(slack: SlackWorld) -> None:
    assert send(slack) == ["section", "image"]
    [said] = slack.sandbox.direct_messages_to("kim")
    file = said.blocks[1]["slack_file"]["id"]
    stored = slack.sandbox.workspace.files.find(file)
    assert stored is not None
    assert (stored.content or b"").startswith(b"\x89PNG")
    assert stored.alt_text == "A square"


def test_an_answer_carries_files_instead_of_drawings(slack: SlackWorld) -> None:
    shown = slack.messenger.shown(MESSAGE)
    assert shown.pictures == {}
    assert str(shown.blocks[1]["slack_file"]).startswith("{'id': 'F")


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_words_arrive_without_the_picture_that_cannot_be_put_up(
    slack: SlackWorld, method: str
) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.UNAVAILABLE, method=method))
    assert send(slack) == ["section"]


def test_a_drawing_that_is_none_is_left_out(slack: SlackWorld) -> None:
    broken = Picture(svg="no drawing", alt="Nothing")
    message = Message(text="Words", blocks=[SECTION, IMAGE], pictures={"picture:1": broken})
    assert send(slack, message) == ["section"]


def test_the_same_picture_is_drawn_and_put_up_once(slack: SlackWorld) -> None:
    first, again = (slack.messenger.shown(MESSAGE) for _ in range(2))
    assert first.blocks == again.blocks
    other = Picture(svg=SVG, alt="Another square")
    message = Message(text="Words", blocks=[SECTION, IMAGE], pictures={"picture:1": other})
    assert slack.messenger.shown(message).blocks != first.blocks

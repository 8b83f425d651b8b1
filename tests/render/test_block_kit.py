"""What Slack would refuse is refused here first, with a pointer to the place."""

import pytest

from bot.domain.message import Block, Message, View
from bot.render import block_kit
from bot.render.errors import BreaksBlockKit

DIVIDER = {"type": "divider"}
TITLE = {"type": "plain_text", "text": "Title"}


def text(words: str = "Words", kind: str = "mrkdwn") -> dict[str, object]:
    return {"type": kind, "text": words}


def button(action: str = "a", **more: object) -> dict[str, object]:
    return {"type": "button", "text": text("Go", "plain_text"), "action_id": action, **more}


def actions(*elements: object) -> dict[str, object]:
    return {"type": "actions", "elements": list(elements)}


OPTION = {"text": text("One", "plain_text"), "value": "1"}
SELECT = {"type": "static_select", "action_id": "s", "options": [OPTION]}
INPUT = {"type": "input", "label": text("Why", "plain_text"), "element": SELECT}


@pytest.mark.parametrize(
    ("block", "pointer"),
    [
        ({"type": "video"}, "/blocks/0/type"),
        ({"type": "section"}, "/blocks/0"),
        ({"type": "section", "text": text("")}, "/blocks/0/text/text"),
        ({"type": "section", "text": text("x" * 3001)}, "/blocks/0/text/text"),
        ({"type": "section", "text": "words"}, "/blocks/0/text"),
        ({"type": "section", "text": {"type": "html", "text": "x"}}, "/blocks/0/text/type"),
        ({"type": "section", "text": {"type": "mrkdwn"}}, "/blocks/0/text"),
        ({"type": "section", "text": text(), "colour": "red"}, "/blocks/0/colour"),
        ({"type": "section", "fields": [text()] * 11}, "/blocks/0/fields"),
        ({"type": "section", "fields": [text("x" * 2001)]}, "/blocks/0/fields/0/text"),
        ({"type": "section", "text": text(), "accessory": DIVIDER}, "/blocks/0/accessory/type"),
        ({"type": "section", "text": text(), "expand": "yes"}, "/blocks/0/expand"),
        ({"type": "header", "text": text()}, "/blocks/0/text/type"),
        ({"type": "header", "text": text("x" * 151, "plain_text")}, "/blocks/0/text/text"),
        ({"type": "context", "elements": []}, "/blocks/0/elements"),
        (actions(), "/blocks/0/elements"),
        (actions(*[button(str(number)) for number in range(26)]), "/blocks/0/elements"),
        (actions(button(), button()), "/blocks/0/elements"),
        (actions(button(style="pink")), "/blocks/0/elements/0/style"),
        (actions(button(value="x" * 2001)), "/blocks/0/elements/0/value"),
        (actions(button(value=7)), "/blocks/0/elements/0/value"),
        (actions({**SELECT, "options": [OPTION] * 101}), "/blocks/0/elements/0/options"),
        (actions({**SELECT, "options": ["one"]}), "/blocks/0/elements/0/options/0"),
        ({"type": "image", "image_url": "https://x.example/a.png"}, "/blocks/0"),
        ({"type": "image", "alt_text": "A chart"}, "/blocks/0"),
    ],
)
def test_a_block_that_slack_refuses_is_pointed_at(block: Block, pointer: str) -> None:
    with pytest.raises(BreaksBlockKit) as refused:
        block_kit.check(Message(text="x", blocks=[block]))
    assert refused.value.pointer.startswith(pointer)


@pytest.mark.parametrize(
    ("blocks", "pointer"),
    [
        ([DIVIDER] * 51, "/blocks"),
        ([{"type": "section", "text": text("x" * 3000)}] * 5, "/blocks"),
        ([{"type": "divider", "block_id": "same"}] * 2, "/blocks"),
    ],
)
def test_more_than_one_message_holds_is_refused(blocks: list[Block], pointer: str) -> None:
    with pytest.raises(BreaksBlockKit) as refused:
        block_kit.check(Message(text="x", blocks=blocks))
    assert refused.value.pointer == pointer


def test_a_message_needs_words_that_stand_in_and_so_does_each_in_its_thread() -> None:
    with pytest.raises(BreaksBlockKit, match="/text"):
        block_kit.check(Message(text=""))
    with pytest.raises(BreaksBlockKit, match="/thread/0/text"):
        block_kit.check(Message(text="x", thread=[Message(text="x" * 4001)]))


@pytest.mark.parametrize(
    ("view", "pointer"),
    [
        ({"type": "page"}, "/type"),
        ({"type": "modal"}, "/title"),
        ({"type": "modal", "title": text("x" * 25, "plain_text")}, "/title"),
        ({"type": "modal", "title": TITLE, "blocks": [INPUT]}, "/submit"),
        ({"type": "modal", "title": TITLE, "callback_id": "x" * 256}, "/callback_id"),
        ({"type": "home", "blocks": [DIVIDER] * 101}, "/blocks"),
        ({"type": "home", "private_metadata": "x" * 3001}, "/private_metadata"),
        (
            {
                "type": "modal",
                "title": TITLE,
                "submit": TITLE,
                "blocks": [
                    {
                        **INPUT,
                        "element": {
                            "type": "plain_text_input",
                            "action_id": "a",
                            "max_length": 3001,
                        },
                    }
                ],
            },
            "/blocks/0/element/max_length",
        ),
        (
            {"type": "home", "blocks": [{"type": "section", "text": text("ü" * 3000)}] * 50},
            "",
        ),
    ],
)
def test_a_view_that_slack_refuses_is_pointed_at(view: dict[str, object], pointer: str) -> None:
    with pytest.raises(BreaksBlockKit) as refused:
        block_kit.check(View(payload=view))
    assert refused.value.pointer.startswith(pointer)


def test_a_whole_modal_with_everything_in_order_passes() -> None:
    block_kit.check(
        View(payload={"type": "modal", "title": TITLE, "submit": TITLE, "blocks": [INPUT, DIVIDER]})
    )

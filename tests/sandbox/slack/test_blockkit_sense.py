"""Values of one block that must agree with one another, or be what they say they are."""

from typing import Any

import pytest

from integrations.sandbox.slack.blockkit.validate import (
    complaints_about_blocks,
    complaints_about_view,
)
from tests.sandbox.slack.blockkit_cases import actions, button, field, mrkdwn, option, plain

FIRST = "/blocks/0/elements/0"
CHOICES = [option("One", "1"), option("Two", "2")]
STRANGER = option("Three", "3")


def element(kind: str, **more: Any) -> list[Any]:
    return [actions({"type": kind, "action_id": "a", **more})]


def image(address: str) -> list[Any]:
    return [{"type": "image", "alt_text": "a", "image_url": address}]


SENSELESS = {
    "a first choice that is no choice": (
        element("static_select", options=CHOICES, initial_option=STRANGER),
        f"{FIRST}/initial_option",
    ),
    "a first choice outside every group": (
        element(
            "static_select",
            option_groups=[{"label": plain("G"), "options": CHOICES}],
            initial_option=STRANGER,
        ),
        f"{FIRST}/initial_option",
    ),
    "a ticked box that is not there": (
        element("checkboxes", options=CHOICES, initial_options=[CHOICES[0], STRANGER]),
        f"{FIRST}/initial_options/1",
    ),
    "more chosen than may be": (
        element(
            "multi_static_select", options=CHOICES, initial_options=CHOICES, max_selected_items=1
        ),
        f"{FIRST}/initial_options",
    ),
    "a day that no month has": (
        element("datepicker", initial_date="2026-02-30"),
        f"{FIRST}/initial_date",
    ),
    "shortest above longest": (
        [field({"type": "plain_text_input", "action_id": "a", "min_length": 9, "max_length": 5})],
        "/blocks/0/element/min_length",
    ),
    "words of nothing but spaces": (
        [{"type": "section", "fields": [mrkdwn("x"), mrkdwn("  ")]}],
        "/blocks/0/fields/1/text",
    ),
    "an image that is nowhere": (image("chart.png"), "/blocks/0/image_url"),
    "an image that is a script": (image("javascript:alert(1)"), "/blocks/0/image_url"),
    "a button to nowhere": ([actions(button(url="over there"))], f"{FIRST}/url"),
    "a button that is a script": ([actions(button(url="javascript:alert(1)"))], f"{FIRST}/url"),
    "one name twice in a container": (
        [
            {
                "type": "container",
                "title": plain("T"),
                "child_blocks": [{"type": "divider", "block_id": "b"}] * 2,
            }
        ],
        "/blocks/0/child_blocks/1/block_id",
    ),
    "rich text at the head of a table": (
        [
            {
                "type": "data_table",
                "caption": "c",
                "rows": [
                    [{"type": "rich_text", "elements": []}],
                    [{"type": "raw_text", "text": "a"}],
                ],
            }
        ],
        "/blocks/0/rows/0/0/type",
    ),
}
SENSIBLE = (
    element("static_select", options=CHOICES, initial_option=CHOICES[1]),
    element("external_select", initial_option=STRANGER),
    element("multi_static_select", options=CHOICES, initial_options=CHOICES, max_selected_items=2),
    element("datepicker", initial_date="2028-02-29"),
    image("https://x.example/a.png?size=1"),
    [actions(button(url="mailto:maya@acme.example"))],
)


@pytest.mark.parametrize(("blocks", "pointer"), SENSELESS.values(), ids=SENSELESS)
def test_what_makes_no_sense_is_refused_at_the_right_place(blocks: Any, pointer: str) -> None:
    complaints = complaints_about_blocks(blocks, surface="message")
    assert [each.pointer for each in complaints] == [pointer]


@pytest.mark.parametrize("blocks", SENSIBLE)
def test_what_makes_sense_is_taken(blocks: Any) -> None:
    assert complaints_about_blocks(blocks, surface="message") == []


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"min_value": "5", "max_value": "1"}, "min_value"),
        ({"initial_value": "many"}, "initial_value"),
        ({"min_value": "1", "max_value": "5", "initial_value": "3"}, None),
    ],
)
def test_a_number_is_a_number_between_its_bounds(
    given: dict[str, str], pointer: str | None
) -> None:
    number = {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, **given}
    view = {
        "type": "modal",
        "title": plain("T"),
        "submit": plain("S"),
        "blocks": [field(number)],
    }
    expected = [f"/view/blocks/0/element/{pointer}"] if pointer else []
    assert [each.pointer for each in complaints_about_view(view)] == expected

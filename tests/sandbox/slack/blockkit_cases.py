"""Blocks that Slack takes, and blocks that it refuses with the place it points at."""

from typing import Any

from tests.sandbox.slack.stage import Json


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: object) -> Json:
    return {"type": "mrkdwn", "text": words}


def option(words: str = "One", value: str = "1", **more: Any) -> Json:
    return {"text": plain(words), "value": value, **more}


def button(action_id: str = "go", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def section(words: object = "Words", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(words), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def cells(rows: int, columns: int) -> list[list[Json]]:
    return [[{"type": "raw_text", "text": "x"} for _ in range(columns)] for _ in range(rows)]


def chart(**more: Any) -> Json:
    points = [{"label": "W1", "value": 3}, {"label": "W2", "value": 4}]
    drawn = {
        "type": "bar",
        "series": [{"name": "Calls", "data": points}],
        "axis_config": {"categories": ["W1", "W2"]},
        **more,
    }
    return {"type": "data_visualization", "title": "Calls", "chart": drawn}


def pie(*values: object) -> Json:
    segments = [{"label": f"s{place}", "value": value} for place, value in enumerate(values)]
    return {
        "type": "data_visualization",
        "title": "Shares",
        "chart": {"type": "pie", "segments": segments},
    }


IMAGE = {"type": "image", "alt_text": "a", "image_url": "https://x.example/a.png"}
TEXT_INPUT = {"type": "plain_text_input", "action_id": "a"}
CHECKBOXES = {"type": "checkboxes", "action_id": "c"}
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "bold", "style": {"bold": True}},
                {"type": "user", "user_id": "U1"},
                {"type": "link", "url": "https://x.example", "text": "x"},
                {"type": "emoji", "name": "tada"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 1,
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}
            ],
        },
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}]},
    ],
}
CONFIRM = {
    "title": plain("Sure?"),
    "text": mrkdwn("Really"),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}

GOOD = [
    [section()],
    [section("x" * 3000)],
    [{"type": "section", "fields": [mrkdwn("x" * 2000)] * 10}],
    [section(accessory=button(style="danger", value="x" * 2000, confirm=CONFIRM))],
    [section(accessory={"type": "overflow", "action_id": "o", "options": [option()] * 5})],
    [{"type": "header", "text": plain("x" * 150)}],
    [{"type": "divider"}],
    [{"type": "context", "elements": [IMAGE, mrkdwn("x"), plain("x")]}],
    [actions(*(button(f"b{number}") for number in range(25)))],
    [actions({"type": "static_select", "action_id": "s", "options": [option()] * 100})],
    [actions({"type": "datepicker", "action_id": "d", "initial_date": "2026-03-09"})],
    [IMAGE],
    [{"type": "image", "alt_text": "a", "slack_file": {"id": "F1"}, "title": plain("T")}],
    [RICH],
    [{"type": "markdown", "text": "# x" * 4000}],
    [{"type": "table", "rows": cells(100, 20), "column_settings": [None, {"align": "right"}]}],
    [chart(), pie(1, 2)],
    [field(TEXT_INPUT, hint=plain("Hint"), optional=True)],
    [field({**CHECKBOXES, "options": [option(str(n), str(n)) for n in range(10)]})],
    [section(f"{number}") for number in range(50)],
]

BAD = {
    "empty text": ([section("")], "/blocks/0/text/text"),
    "text 3001": ([section("x" * 3001)], "/blocks/0/text/text"),
    "field text 2001": (
        [{"type": "section", "fields": [mrkdwn("x" * 2001)]}],
        "/blocks/0/fields/0/text",
    ),
    "11 fields": ([{"type": "section", "fields": [mrkdwn("x")] * 11}], "/blocks/0/fields"),
    "section of nothing": ([{"type": "section"}], "/blocks/0"),
    "header with mrkdwn": ([{"type": "header", "text": mrkdwn("x")}], "/blocks/0/text/type"),
    "header 151": ([{"type": "header", "text": plain("x" * 151)}], "/blocks/0/text/text"),
    "empty actions": ([actions()], "/blocks/0/elements"),
    "26 actions": ([actions(*(button(f"b{n}") for n in range(26)))], "/blocks/0/elements"),
    "button with mrkdwn": ([actions(button(text=mrkdwn("x")))], "/blocks/0/elements/0/text/type"),
    "button text 76": (
        [actions(button(text=plain("x" * 76)))],
        "/blocks/0/elements/0/text/text",
    ),
    "button value 2001": ([actions(button(value="x" * 2001))], "/blocks/0/elements/0/value"),
    "button of another style": ([actions(button(style="green"))], "/blocks/0/elements/0/style"),
    "duplicate action_id": (
        [actions(button("a"), button("a"))],
        "/blocks/0/elements/1/action_id",
    ),
    "duplicate block_id": (
        [section(block_id="b"), section(block_id="b")],
        "/blocks/1/block_id",
    ),
    "11 checkboxes": (
        [field({**CHECKBOXES, "options": [option(str(n), str(n)) for n in range(11)]})],
        "/blocks/0/element/options",
    ),
    "option text 76": (
        [actions({"type": "static_select", "action_id": "s", "options": [option("x" * 76)]})],
        "/blocks/0/elements/0/options/0/text/text",
    ),
    "option value 151": (
        [actions({"type": "static_select", "action_id": "s", "options": [option("x", "v" * 151)]})],
        "/blocks/0/elements/0/options/0/value",
    ),
    "101 options": (
        [actions({"type": "static_select", "action_id": "s", "options": [option()] * 101})],
        "/blocks/0/elements/0/options",
    ),
    "options and groups": (
        [
            actions(
                {
                    "type": "static_select",
                    "action_id": "s",
                    "options": [option()],
                    "option_groups": [{"label": plain("G"), "options": [option()]}],
                }
            )
        ],
        "/blocks/0/elements/0",
    ),
    "6 in an overflow": (
        [section(accessory={"type": "overflow", "action_id": "o", "options": [option()] * 6})],
        "/blocks/0/accessory/options",
    ),
    "image of both kinds": ([{**IMAGE, "slack_file": {"id": "F1"}}], "/blocks/0"),
    "image without alt_text": (
        [{"type": "image", "image_url": "https://x.example/a.png"}],
        "/blocks/0",
    ),
    "image file with id and url": (
        [{"type": "image", "alt_text": "a", "slack_file": {"id": "F1", "url": "https://x"}}],
        "/blocks/0/slack_file",
    ),
    "21 columns": ([{"type": "table", "rows": cells(1, 21)}], "/blocks/0/rows/0"),
    "101 rows": ([{"type": "table", "rows": cells(101, 1)}], "/blocks/0/rows"),
    "two tables": ([{"type": "table", "rows": cells(1, 1)}] * 2, "/blocks"),
    "unknown keys": ([section(colour="red")], "/blocks/0"),
    "unknown block": ([{"type": "sparkline"}], "/blocks/0/type"),
    "11 in a context": (
        [{"type": "context", "elements": [mrkdwn("x")] * 11}],
        "/blocks/0/elements",
    ),
    "button in a context": (
        [{"type": "context", "elements": [button()]}],
        "/blocks/0/elements/0/type",
    ),
    "51 blocks": ([section(str(number)) for number in range(51)], "/blocks"),
    "alert in a message": ([{"type": "alert", "text": plain("x")}], "/blocks/0/type"),
    "email input in a message": (
        [field({"type": "email_text_input", "action_id": "e"})],
        "/blocks/0/element/type",
    ),
    "label with mrkdwn": (
        [{"type": "input", "label": mrkdwn("x"), "element": TEXT_INPUT}],
        "/blocks/0/label/type",
    ),
    "date of another form": (
        [actions({"type": "datepicker", "action_id": "d", "initial_date": "9.3.2026"})],
        "/blocks/0/elements/0/initial_date",
    ),
    "confirm title 101": (
        [actions(button(confirm={**CONFIRM, "title": plain("x" * 101)}))],
        "/blocks/0/elements/0/confirm/title/text",
    ),
    "markdown 12001 in sum": ([{"type": "markdown", "text": "x" * 6001}] * 2, "/blocks"),
    "leaf of another kind": (
        [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [mrkdwn("x")]}],
            }
        ],
        "/blocks/0/elements/0/elements/0/type",
    ),
    "three charts": ([chart(), chart(), chart()], "/blocks"),
    "pie slice of nothing": ([pie(0)], "/blocks/0/chart/segments/0/value"),
    "labels beside the categories": (
        [chart(axis_config={"categories": ["W1", "W3"]})],
        "/blocks/0/chart/series/0/data",
    ),
    "series of one name": (
        [
            chart(
                series=[
                    {
                        "name": "A",
                        "data": [{"label": "W1", "value": 1}, {"label": "W2", "value": 1}],
                    }
                ]
                * 2
            )
        ],
        "/blocks/0/chart/series/1/name",
    ),
    "value that is no number": ([pie("12")], "/blocks/0/chart/segments/0/value"),
    "a string for a block": (["section"], "/blocks/0"),
    "blocks that are no list": ({"type": "section"}, "/blocks"),
    "a string for a text object": ([{"type": "section", "text": "x"}], "/blocks/0/text"),
    "a number for a text": ([section(5)], "/blocks/0/text/text"),
    "a string for a flag": ([field(TEXT_INPUT, optional="yes")], "/blocks/0/optional"),
}

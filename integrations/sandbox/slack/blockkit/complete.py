"""Fills in what Slack adds to blocks it accepted: ids, and the defaults of text objects."""

import copy
from collections.abc import Callable, Iterable, Iterator

from integrations.sandbox.slack.state.values import Json

#: Elements that a person can work, each of which has an action id.
INTERACTIVE = frozenset(
    {
        "button",
        "channels_select",
        "checkboxes",
        "conversations_select",
        "datepicker",
        "datetimepicker",
        "email_text_input",
        "external_select",
        "feedback_buttons",
        "file_input",
        "icon_button",
        "multi_channels_select",
        "multi_conversations_select",
        "multi_external_select",
        "multi_static_select",
        "multi_users_select",
        "number_input",
        "overflow",
        "plain_text_input",
        "radio_buttons",
        "rich_text_input",
        "static_select",
        "timepicker",
        "url_text_input",
        "users_select",
        "workflow_button",
    }
)


def completed(blocks: Iterable[Json], mint: Callable[[], str]) -> tuple[Json, ...]:
    """Copies of the blocks with every block id and action id in place."""
    finished = []
    for original in blocks:
        block = copy.deepcopy(original)
        if not block.get("block_id"):
            block["block_id"] = mint()
        for element in objects_within(block):
            kind = element.get("type")
            if kind in INTERACTIVE and not element.get("action_id"):
                element["action_id"] = mint()
            elif kind == "plain_text" and "text" in element:
                element.setdefault("emoji", True)
            elif kind == "mrkdwn" and "text" in element:
                element.setdefault("verbatim", False)
        finished.append(block)
    return tuple(finished)


def interactive_elements(block: Json) -> Iterator[Json]:
    return (each for each in objects_within(block) if each.get("type") in INTERACTIVE)


def objects_within(value: object) -> Iterator[Json]:
    """The object itself and every object in it, outermost first."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from objects_within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects_within(inner)

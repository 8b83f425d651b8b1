"""What a person chose in an element: from plain values into Slack's shapes, and its checks."""

import re
from collections.abc import Iterator, Mapping

from integrations.sandbox.slack.blockkit.complete import interactive_elements
from integrations.sandbox.slack.state.values import Json

MOST_FILES = 10
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
WEB_ADDRESS = re.compile(r"^https?://\S+$")
#: For elements that hold one plain value: the key of what is chosen and of what was there first.
SINGLE = {
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "email_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "plain_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "timepicker": ("selected_time", "initial_time"),
    "url_text_input": ("value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
}
MANY = {
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_users_select": ("selected_users", "initial_users"),
}
ONE_OPTION = frozenset({"external_select", "overflow", "radio_buttons", "static_select"})
MANY_OPTIONS = frozenset({"checkboxes", "multi_external_select", "multi_static_select"})
BUTTONS = frozenset({"button", "feedback_buttons", "icon_button", "workflow_button"})


def options_of(element: Json) -> list[Json]:
    groups = element.get("option_groups") or ()
    return [
        *(element.get("options") or ()),
        *(option for group in groups for option in group["options"]),
    ]


def chosen_value(element: Json, raw: object) -> Json:
    """``raw`` (a string, a list of strings, an option's value) as Slack's state holds it.

    Raises KeyError when an option's value is not among the element's options.
    """
    kind = element["type"]
    if kind in SINGLE:
        return {"type": kind, SINGLE[kind][0]: _single(kind, raw)}
    if kind in MANY:
        return {"type": kind, MANY[kind][0]: _several(raw)}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": None if not raw else _option(element, str(raw))}
    if kind in MANY_OPTIONS:
        return {
            "type": kind,
            "selected_options": [_option(element, value) for value in _several(raw)],
        }
    if kind == "file_input":
        return {"type": kind, "files": list(raw) if isinstance(raw, list | tuple) else []}
    return {"type": kind}


def first_value(element: Json) -> Json:
    """What an untouched element holds."""
    kind = element["type"]
    if kind in SINGLE:
        chosen, initial = SINGLE[kind]
        return {"type": kind, chosen: element.get(initial)}
    if kind in MANY:
        chosen, initial = MANY[kind]
        return {"type": kind, chosen: element.get(initial, [])}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    return {"type": kind}


def plain_value(state: Json) -> object:
    """The other way round: what a form field shows for Slack's state."""
    for key, value in state.items():
        if key == "type" or value is None:
            continue
        if key == "selected_option":
            return value["value"]
        if key == "selected_options":
            return [option["value"] for option in value]
        return value
    return ""


def stateful_elements(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Every element that holds a value, with its block's id. Buttons and menus hold none."""
    for block in blocks:
        for element in interactive_elements(block):
            if element["type"] not in BUTTONS and element["type"] != "overflow":
                yield block["block_id"], element


def field_errors(blocks: list[Json], values: Mapping[str, Mapping[str, Json]]) -> dict[str, str]:
    """What Slack's own client says before a form is sent, by block id."""
    errors = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        value = plain_value(values.get(block["block_id"], {}).get(element["action_id"], {}))
        if value in ("", [], None):
            if not block.get("optional"):
                errors[block["block_id"]] = "Please complete this required field."
        elif isinstance(value, list) and element["type"] == "file_input":
            if trouble := _file_trouble(element, value):
                errors[block["block_id"]] = trouble
        elif trouble := _trouble(element, str(value)):
            errors[block["block_id"]] = trouble
    return errors


def _trouble(element: Json, value: str) -> str:
    kind = element["type"]
    if kind == "email_text_input" and not EMAIL.match(value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not WEB_ADDRESS.match(value):
        return "Please enter a valid URL."
    if kind == "number_input":
        return _number_trouble(element, value)
    if kind == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
        if len(value) > element.get("max_length", 3000):
            return f"Please enter no more than {element.get('max_length', 3000)} characters."
    return ""


def _file_trouble(element: Json, files: list[Json]) -> str:
    most = element.get("max_files", MOST_FILES)
    if len(files) > most:
        return f"Please choose no more than {most} files."
    allowed = [kind.lower() for kind in element.get("filetypes") or ()]
    if allowed and any(each.get("filetype") not in allowed for each in files):
        return f"Please choose files of these kinds: {', '.join(allowed)}."
    return ""


def _number_trouble(element: Json, value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and not number.is_integer():
        return "Please enter a whole number."
    if number < float(element.get("min_value", "-inf")):
        return f"Must be at least {element['min_value']}."
    if number > float(element.get("max_value", "inf")):
        return f"Must be at most {element['max_value']}."
    return ""


def _single(kind: str, raw: object) -> object:
    if raw is None or raw == "":
        return None
    if kind == "datetimepicker":
        return int(str(raw))
    if kind == "rich_text_input" and isinstance(raw, str):
        leaf = {"type": "text", "text": raw}
        section = {"type": "rich_text_section", "elements": [leaf]}
        return {"type": "rich_text", "elements": [section]}
    return raw


def _several(raw: object) -> list[str]:
    if isinstance(raw, list | tuple):
        return [str(each) for each in raw]
    return [str(raw)] if raw else []


def _option(element: Json, value: str) -> Json:
    for option in options_of(element):
        if option["value"] == value:
            return option
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": value, "emoji": True}, "value": value}
    known = ", ".join(str(option["value"]) for option in options_of(element))
    raise KeyError(f"{value!r} is not an option; options are {known}")

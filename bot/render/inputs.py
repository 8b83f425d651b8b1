"""The elements a person can choose from or write into, built as data."""

from collections.abc import Iterable

from bot.render.mrkdwn import plain

Built = dict[str, object]
MOST_OPTIONS = 100
MOST_RADIO_BUTTONS = 10
MOST_IN_OVERFLOW = 5


def plain_text(words: object, longest: int) -> Built:
    # emoji false: ":x:" in a name stays what it is.
    return {"type": "plain_text", "text": plain(words, longest), "emoji": False}


def text(name: str, longest: int, initial: object = None, *, is_long: bool = True) -> Built:
    element: Built = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": is_long,
        "max_length": longest,
    }
    if initial:
        element["initial_value"] = str(initial)[:longest]
    return element


def select(
    name: str,
    options: Iterable[tuple[object, object]],
    *,
    placeholder: object = "Choose",
    initial: object = None,
) -> Built:
    element: Built = {
        "type": "static_select",
        "action_id": name,
        "placeholder": plain_text(placeholder, 150),
        "options": (offered := _options(options, MOST_OPTIONS)),
    }
    chosen = [each for each in offered if initial and each["value"] == str(initial)]
    if chosen:
        element["initial_option"] = chosen[0]
    return element


def radio(name: str, options: Iterable[tuple[object, object]]) -> Built:
    return {
        "type": "radio_buttons",
        "action_id": name,
        "options": _options(options, MOST_RADIO_BUTTONS),
    }


def overflow(name: str, options: Iterable[tuple[object, object]]) -> Built:
    return {"type": "overflow", "action_id": name, "options": _options(options, MOST_IN_OVERFLOW)}


def day(name: str, initial: object = None) -> Built:
    """``initial`` is a date or its ISO form."""
    element: Built = {"type": "datepicker", "action_id": name}
    if initial:
        element["initial_date"] = str(initial)
    return element


def _options(options: Iterable[tuple[object, object]], most: int) -> list[Built]:
    return [
        {"text": plain_text(plain(label, 75) or "-", 75), "value": str(value)[:150] or "-"}
        for label, value in list(options)[:most]
    ]

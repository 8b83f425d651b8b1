"""What the grammar cannot say about one element: values that must agree with one another."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from integrations.sandbox.slack.blockkit.complaint import Complaint
from integrations.sandbox.slack.state.values import Json

Complaints = Iterator[Complaint]
DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def sense_complaints(value: object, pointer: str) -> Complaints:
    """Complaints about the value and everything in it, outermost first."""
    if isinstance(value, dict):
        check = CHECKS.get(str(value.get("type")))
        if check is not None:
            yield from check(value, pointer)
        for key, inner in value.items():
            yield from sense_complaints(inner, f"{pointer}/{key}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from sense_complaints(inner, f"{pointer}/{place}")


def _choice(element: Json, pointer: str) -> Complaints:
    known = [_told(each) for each in _options(element)]
    chosen = element.get("initial_option")
    if chosen is not None and known and _told(chosen) not in known:
        yield Complaint(
            pointer=f"{pointer}/initial_option", message="must be one of the provided options"
        )
    several = element.get("initial_options")
    for place, each in enumerate(several if isinstance(several, list) else ()):
        if known and _told(each) not in known:
            yield Complaint(
                pointer=f"{pointer}/initial_options/{place}",
                message="must be one of the provided options",
            )


def _several(element: Json, pointer: str) -> Complaints:
    yield from _choice(element, pointer)
    most = element.get("max_selected_items")
    for key, value in element.items():
        is_initial = key.startswith("initial_") and isinstance(value, list)
        if is_initial and isinstance(most, int) and len(value) > most:
            yield Complaint(
                pointer=f"{pointer}/{key}",
                message=f"no more than {most} items allowed",
                constraint={"type": "max_items", "expected": most},
            )


def _day(element: Json, pointer: str) -> Complaints:
    words = element.get("initial_date")
    if isinstance(words, str) and DAY.match(words):
        try:
            date.fromisoformat(words)
        except ValueError:
            yield Complaint(pointer=f"{pointer}/initial_date", message="must be a valid date")


def _written(element: Json, pointer: str) -> Complaints:
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Complaint(
            pointer=f"{pointer}/min_length", message="must be less than or equal to max_length"
        )


def _number(element: Json, pointer: str) -> Complaints:
    found: dict[str, float] = {}
    for key in ("initial_value", "min_value", "max_value"):
        if isinstance(element.get(key), str):
            try:
                found[key] = float(element[key])
            except ValueError:
                yield Complaint(pointer=f"{pointer}/{key}", message="must be a valid number")
    if found.get("min_value", 0) > found.get("max_value", found.get("min_value", 0)):
        yield Complaint(
            pointer=f"{pointer}/min_value", message="must be less than or equal to max_value"
        )


def _container(block: Json, pointer: str) -> Complaints:
    seen: set[str] = set()
    inside = block.get("child_blocks")
    for place, each in enumerate(inside if isinstance(inside, list) else ()):
        name = each.get("block_id") if isinstance(each, dict) else None
        if name in seen:
            yield Complaint(
                pointer=f"{pointer}/child_blocks/{place}/block_id",
                message=f'`block_id`: "{name}" already exists',
                code="duplicate",
            )
        if name is not None:
            seen.add(str(name))


def _data_table(block: Json, pointer: str) -> Complaints:
    rows = block.get("rows")
    head = rows[0] if isinstance(rows, list) and rows else None
    for place, cell in enumerate(head if isinstance(head, list) else ()):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            yield Complaint(
                pointer=f"{pointer}/rows/0/{place}/type",
                message="rich_text is not supported in a header row",
            )


def _options(element: Json) -> Iterator[Json]:
    groups = element.get("option_groups")
    for listed in (
        element.get("options"),
        *(
            each.get("options")
            for each in (groups if isinstance(groups, list) else ())
            if isinstance(each, dict)
        ),
    ):
        yield from (each for each in listed or () if isinstance(each, dict))


def _told(option: object) -> object:
    """What makes two options the same: the words and the value."""
    if not isinstance(option, dict):
        return option
    text = option.get("text")
    return (option.get("value"), text.get("text") if isinstance(text, dict) else text)


CHECKS: dict[str, Callable[[Json, str], Complaints]] = {
    "checkboxes": _several,
    "container": _container,
    "data_table": _data_table,
    "datepicker": _day,
    "multi_channels_select": _several,
    "multi_conversations_select": _several,
    "multi_external_select": _several,
    "multi_static_select": _several,
    "multi_users_select": _several,
    "number_input": _number,
    "plain_text_input": _written,
    "radio_buttons": _choice,
    "static_select": _choice,
}

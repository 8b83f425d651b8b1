"""The three doors of the validator: a list of blocks, a message, a view."""

import json
from collections import Counter
from collections.abc import Iterator

from integrations.sandbox.slack.blockkit.charts import chart_complaints
from integrations.sandbox.slack.blockkit.complaint import Complaint
from integrations.sandbox.slack.blockkit.grammar import Grammar, grammar
from integrations.sandbox.slack.blockkit.sense import sense_complaints
from integrations.sandbox.slack.blockkit.walk import Walk, unsupported, wrong_type
from integrations.sandbox.slack.state.values import Json


def complaints_about_blocks(
    blocks: object, *, surface: str, pointer: str = "/blocks"
) -> list[Complaint]:
    """Everything wrong with the blocks on a surface: "message", "modal" or "home"."""
    if not isinstance(blocks, list):
        return [wrong_type(pointer, "array")]
    rules = grammar()
    return [
        *_count_complaints(blocks, rules, surface, pointer),
        *_shape_complaints(blocks, rules, surface, pointer),
        *_duplicate_complaints(blocks, pointer),
        *_markdown_complaints(blocks, rules, pointer),
        *_row_complaints(blocks, rules, pointer),
        *chart_complaints(blocks, pointer),
        *sense_complaints(blocks, pointer),
    ]


def complaints_about_view(view: object, *, pointer: str = "/view") -> list[Complaint]:
    rules = grammar()
    if not isinstance(view, dict):
        return [wrong_type(pointer, "object")]
    kind = view.get("type")
    if kind not in rules.views:
        return [unsupported(f"{pointer}/type", kind, list(rules.views))]
    walk = Walk(rules, str(kind))
    complaints = list(walk.check_shape(view, rules.views[kind], pointer))
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        complaints += complaints_about_blocks(
            blocks, surface=str(kind), pointer=f"{pointer}/blocks"
        )
        has_input = any(isinstance(each, dict) and each.get("type") == "input" for each in blocks)
        if kind == "modal" and has_input and not view.get("submit"):
            complaints.append(Complaint(pointer=pointer, message="missing required field: submit"))
        if sum(_focused(blocks)) > 1:
            complaints.append(
                Complaint(pointer=f"{pointer}/blocks", message="only one focus_on_load is allowed")
            )
    return complaints


def is_view_too_large(view: Json) -> bool:
    return len(json.dumps(view).encode()) > int(grammar().totals["view_bytes"])


def is_message_too_long(blocks: list[Json]) -> bool:
    """Whether the blocks' words together pass what Slack takes (``msg_blocks_too_long``)."""
    return sum(_lengths_of_words(blocks)) > int(grammar().totals["message_characters"])


def _lengths_of_words(value: object, key: str = "") -> Iterator[int]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _lengths_of_words(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _lengths_of_words(inner, key)
    elif isinstance(value, str) and key == "text":
        yield len(value)


def _count_complaints(
    blocks: list[object], rules: Grammar, surface: str, pointer: str
) -> Iterator[Complaint]:
    most = rules.surfaces[surface]["max_blocks"]
    if len(blocks) > most:
        yield Complaint(
            pointer=pointer,
            message=f"no more than {most} items allowed",
            constraint={"type": "max_items", "expected": most},
        )
    kinds = Counter(each.get("type") for each in blocks if isinstance(each, dict))
    for kind, times in rules.once_per_payload.items():
        if kinds[kind] > times:
            yield Complaint(pointer=pointer, message=f"no more than {times} {kind} blocks allowed")


def _shape_complaints(
    blocks: list[object], rules: Grammar, surface: str, pointer: str
) -> Iterator[Complaint]:
    walk = Walk(rules, surface)
    allowed = rules.surfaces[surface]["blocks"]
    for place, block in enumerate(blocks):
        here = f"{pointer}/{place}"
        if not isinstance(block, dict):
            yield wrong_type(here, "object")
        elif block.get("type") not in allowed:
            yield unsupported(f"{here}/type", block.get("type"), allowed)
        else:
            yield from walk.check_shape(block, rules.blocks[block["type"]], here)


def _duplicate_complaints(blocks: list[object], pointer: str) -> Iterator[Complaint]:
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        block_id = block.get("block_id")
        if block_id is not None and block_id in seen:
            yield Complaint(
                pointer=f"{pointer}/{place}/block_id",
                message=f'`block_id`: "{block_id}" already exists',
                code="duplicate",
            )
        if block_id is not None:
            seen.add(str(block_id))
        actions: set[str] = set()
        for here, action_id in _action_ids(block, f"{pointer}/{place}"):
            if action_id in actions:
                yield Complaint(
                    pointer=f"{here}/action_id",
                    message=f'`action_id`: "{action_id}" already exists for block_id: "{block_id}"',
                    code="duplicate",
                )
            actions.add(action_id)


def _action_ids(value: object, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if value.get("action_id") is not None:
            yield pointer, str(value["action_id"])
        for key, inner in value.items():
            yield from _action_ids(inner, f"{pointer}/{key}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _action_ids(inner, f"{pointer}/{place}")


def _focused(value: object) -> Iterator[bool]:
    if isinstance(value, dict):
        yield value.get("focus_on_load") is True
        for inner in value.values():
            yield from _focused(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _focused(inner)


def _markdown_complaints(blocks: list[object], rules: Grammar, pointer: str) -> Iterator[Complaint]:
    most = rules.totals["markdown_characters"]
    total = sum(
        len(str(each.get("text", "")))
        for each in blocks
        if isinstance(each, dict) and each.get("type") == "markdown"
    )
    if total > most:
        yield Complaint(
            pointer=pointer, message=f"markdown blocks must be less than {most + 1} characters"
        )


def _row_complaints(blocks: list[object], rules: Grammar, pointer: str) -> Iterator[Complaint]:
    """Rows of one length in a data table, and not more words than it may hold."""
    most = rules.totals["data_table_characters"]
    for place, block in enumerate(blocks):
        if not isinstance(block, dict) or block.get("type") != "data_table":
            continue
        rows = [row for row in block.get("rows") or () if isinstance(row, list)]
        here = f"{pointer}/{place}/rows"
        if len({len(row) for row in rows}) > 1:
            yield Complaint(pointer=here, message="must have the same number of cells in each row")
        if sum(_lengths_of_words(rows)) > most:
            yield Complaint(pointer=here, message=f"must be less than {most + 1} characters")

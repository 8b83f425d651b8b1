"""What was learned about a role, written into the text of its playbook; a person accepts it.

Only the ends of proposed ranges, ``evidence`` and ``learned`` change; comments and layout stay.
"""

import difflib
from collections.abc import Iterator, Mapping
from datetime import date

import yaml

from bot.coaching.evidence.intervals import Interval
from bot.coaching.learning import Learned, LearnedMetric
from bot.domain.ids import MetricKey
from bot.domain.metric import Unit

#: From this number on, counts are written without a fraction.
WHOLE_FROM = 5


def diff_of(text: str, new: str, *, file: str) -> str:
    """A unified diff that `git apply` and `patch -p1` take; empty when nothing changes."""
    lines = difflib.unified_diff(
        text.splitlines(keepends=True),
        new.splitlines(keepends=True),
        fromfile=f"a/{file}",
        tofile=f"b/{file}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def with_learned(text: str, learned: Learned, *, day: date, units: Mapping[MetricKey, Unit]) -> str:
    """The playbook's text with the proposed ranges; ``text`` itself where there are none."""
    if not learned.proposed:
        return text
    changes = list(_changes(text, learned, day, units))
    for begin, end, words in sorted(changes, reverse=True):
        text = text[:begin] + words + text[end:]
    return text


def _changes(
    text: str, learned: Learned, day: date, units: Mapping[MetricKey, Unit]
) -> Iterator[tuple[int, int, str]]:
    """(begin, end, words) of what is to be replaced."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    places = _children(root)
    targets = _children(places["targets"][1])
    for each in learned.proposed:
        ends = _children(targets[each.metric][1])
        for name, value in _ends(each, units):
            node = ends[name][1]
            yield node.start_mark.index, node.end_mark.index, value
    block = _learned_block(learned, day, units)
    if "evidence" in places:
        node = places["evidence"][1]
        yield node.start_mark.index, node.end_mark.index, str(learned.grade)
        after = _end_of_line(text, node.end_mark.index)
    else:
        after = _end_of_line(text, _last_index(places["role"][1]))
        block = f"evidence: {learned.grade}\n{block}"
    if "learned" in places:
        key, old = places["learned"]
        yield key.start_mark.index, _last_index(old), block.removesuffix("\n")
    else:
        yield after, after, block


def _children(node: yaml.Node | None) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): (key, value) for key, value in node.value}


def _last_index(node: yaml.Node) -> int:
    """Where the node's last character is; a block's own end mark lies behind comments after it."""
    inner = [each for pair in node.value for each in pair] if _is_block(node) else []
    return max((_last_index(each) for each in inner), default=node.end_mark.index)


def _is_block(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode) and not node.flow_style


def _end_of_line(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _ends(each: LearnedMetric, units: Mapping[MetricKey, Unit]) -> Iterator[tuple[str, str]]:
    if each.range is not None:
        unit = units[each.metric]
        yield "low", in_words(each.range.low.estimate, unit)
        yield "high", in_words(each.range.high.estimate, unit)


def _learned_block(learned: Learned, day: date, units: Mapping[MetricKey, Unit]) -> str:
    lines = [
        "learned:",
        f"  day: {day.isoformat()}",
        f"  reps: {learned.reps}",
        f"  quarters: {learned.quarters}",
        "  ranges:",
    ]
    for each in learned.proposed:
        if each.range is not None:
            low, high = (
                _span(end, units[each.metric]) for end in (each.range.low, each.range.high)
            )
            lines.append(f"    {each.metric}: {{grade: {each.grade}, low: {low}, high: {high}}}")
    return "\n".join(lines) + "\n"


def _span(interval: Interval, unit: Unit) -> str:
    return f"[{in_words(interval.low, unit)}, {in_words(interval.high, unit)}]"


def in_words(value: float, unit: Unit) -> str:
    """As a person would write it into a playbook."""
    match unit:
        case Unit.SHARE:
            return f"{value:.2f}"
        case Unit.MONEY:
            digits = len(str(int(abs(value))))
            return f"{round(value, min(0, 2 - digits)):.0f}"
        case _:
            return f"{value:.0f}" if abs(value) >= WHOLE_FROM else f"{value:.1f}"

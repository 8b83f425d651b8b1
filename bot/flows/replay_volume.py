"""How much a replay would have said: by person and week, and by kind with what held it back."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.flows.replay import ReplayLine

HELD = "hold"
NUDGES = frozenset({"nudge", "manager_nudge"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonVolume:
    """Nudges to one person; ``weeks`` holds how many were said in each week of the span."""

    person: str
    weeks: Sequence[int]
    held: int

    @property
    def said(self) -> int:
        return sum(self.weeks)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVolume:
    rule: str
    said: int
    people: int
    held: Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayVolume:
    """Whom most was said to comes first, and what was said most.

    ``weeks`` are the Mondays of the calendar weeks that the span touches; the first and the last
    may be cut short by it.
    """

    weeks: Sequence[date]
    people: Sequence[PersonVolume]
    rules: Sequence[RuleVolume]
    digests: int


def measure_volume(lines: Iterable[ReplayLine], *, first: date, last: date) -> ReplayVolume:
    """Of all nudges from ``first`` to ``last``; deferred ones count as said on their day."""
    lines = list(lines)
    weeks = _weeks(first, last)
    by_person: dict[str, list[ReplayLine]] = defaultdict(list)
    by_rule: dict[str, list[ReplayLine]] = defaultdict(list)
    for line in lines:
        if line.kind in NUDGES:
            by_person[line.to].append(line)
            by_rule[line.rule].append(line)
    people = [
        PersonVolume(
            person=person,
            weeks=[_said(own, week) for week in weeks],
            held=sum(line.verdict == HELD for line in own),
        )
        for person, own in by_person.items()
    ]
    rules = [
        RuleVolume(
            rule=rule,
            said=sum(line.verdict != HELD for line in own),
            people=len({line.to for line in own if line.verdict != HELD}),
            held=Counter(str(line.reason) for line in own if line.verdict == HELD),
        )
        for rule, own in by_rule.items()
    ]
    return ReplayVolume(
        weeks=weeks,
        people=sorted(people, key=lambda each: (-each.said, -each.held, each.person)),
        rules=sorted(rules, key=lambda each: (-each.said, -each.held.total(), each.rule)),
        digests=sum(line.kind == "digest" for line in lines),
    )


def _weeks(first: date, last: date) -> list[date]:
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(weeks=n) for n in range((last - monday).days // 7 + 1)]


def _said(lines: Iterable[ReplayLine], week: date) -> int:
    end = week + timedelta(days=6)
    return sum(line.verdict != HELD and week <= line.day <= end for line in lines)

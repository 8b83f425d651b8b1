from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.coaching.evidence.achievers import AchieverRange
from bot.coaching.evidence.intervals import Interval
from bot.coaching.learning import Grade, Learned, LearnedMetric
from bot.documents import parse_document
from bot.domain.ids import MetricKey
from bot.domain.metric import Unit
from bot.learned_playbook import diff_of, in_words, with_learned

DAY = date(2026, 3, 9)
MEETINGS, HYGIENE = MetricKey("meetings_held"), MetricKey("next_step_hygiene")
UNITS = {MEETINGS: Unit.COUNT, HYGIENE: Unit.SHARE}
TEXT = """\
# Ours since 2024.
title: Account executive
because: They meet people.
role: {discipline: AE, segment: all}
evidence: expert   # for now
# What counts:
targets:
  meetings_held: {low: 9, high: 26, weeks: 4, leverage: 0.06}  # first meetings too
  next_step_hygiene:
    low: 0.40   # a floor
    high: 1.0
"""


def around(value: float, by: float) -> Interval:
    return Interval(estimate=value, low=value - by, high=value + by, level=0.9)


def learned_about(metric: MetricKey, low: float, high: float, by: float) -> LearnedMetric:
    return LearnedMetric(
        metric=metric,
        grade=Grade.STRONG,
        adjusted=0.01,
        stability=0.97,
        range=AchieverRange(low=around(low, by), high=around(high, by), stands_out=True),
        remark="",
    )


STRONG = Learned(
    grade=Grade.STRONG,
    refusal="",
    reps=14,
    quarters=6,
    metrics=(
        learned_about(MEETINGS, 12.3, 17.8, 2),
        learned_about(HYGIENE, 0.52, 0.714, 0.05),
        replace(learned_about(MetricKey("calls"), 1, 2, 0.5), remark="worth watching"),
    ),
)


def test_only_ends_and_evidence_change_and_comments_stay() -> None:
    assert (
        with_learned(TEXT, STRONG, day=DAY, units=UNITS)
        == """\
# Ours since 2024.
title: Account executive
because: They meet people.
role: {discipline: AE, segment: all}
evidence: strong   # for now
learned:
  day: 2026-03-09
  reps: 14
  quarters: 6
  ranges:
    meetings_held: {grade: strong, low: [10, 14], high: [16, 20]}
    next_step_hygiene: {grade: strong, low: [0.47, 0.57], high: [0.66, 0.76]}
# What counts:
targets:
  meetings_held: {low: 12, high: 18, weeks: 4, leverage: 0.06}  # first meetings too
  next_step_hygiene:
    low: 0.52   # a floor
    high: 0.71
"""
    )


def test_learning_again_takes_the_place_of_what_was_learned_before() -> None:
    once = with_learned(TEXT, STRONG, day=DAY, units=UNITS)
    later = replace(STRONG, reps=15)
    twice = with_learned(once, later, day=DAY, units=UNITS)
    assert twice == once.replace("reps: 14", "reps: 15")


def test_a_playbook_that_says_nothing_about_evidence_is_given_it() -> None:
    text = TEXT.replace("evidence: expert   # for now\n", "")
    new = with_learned(text, STRONG, day=DAY, units=UNITS)
    assert "segment: all}\nevidence: strong\nlearned:\n" in new
    assert parse_document(new, file="ae.yaml").problems == []


def test_without_a_proposal_the_text_and_the_diff_stay_empty_handed() -> None:
    weak = replace(STRONG, metrics=STRONG.metrics[2:])
    new = with_learned(TEXT, weak, day=DAY, units=UNITS)
    assert new == TEXT
    assert diff_of(TEXT, new, file="playbooks/roles/ae.yaml") == ""


def test_the_diff_names_the_file_as_git_does_and_touches_few_lines() -> None:
    new = with_learned(TEXT, STRONG, day=DAY, units=UNITS)
    lines = diff_of(TEXT, new, file="playbooks/roles/ae.yaml").splitlines()
    assert lines[:2] == ["--- a/playbooks/roles/ae.yaml", "+++ b/playbooks/roles/ae.yaml"]
    assert [line for line in lines[2:] if line.startswith("-")] == [
        "-evidence: expert   # for now",
        "-  meetings_held: {low: 9, high: 26, weeks: 4, leverage: 0.06}  # first meetings too",
        "-    low: 0.40   # a floor",
        "-    high: 1.0",
    ]


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (12.6, Unit.COUNT, "13"),
        (3.26, Unit.COUNT, "3.3"),
        (0.4567, Unit.SHARE, "0.46"),
        (123_456.0, Unit.MONEY, "120000"),
        (86.0, Unit.MONEY, "86"),
        (7.4, Unit.DAYS, "7"),
    ],
)
def test_numbers_are_written_as_a_person_would(value: float, unit: Unit, said: str) -> None:
    assert in_words(value, unit) == said


def test_every_role_we_ship_can_be_written_to() -> None:
    for path in sorted((Path(__file__).parents[1] / "playbooks" / "roles").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        key = MetricKey(text.split("targets:\n  ")[1].split(":")[0])
        one = replace(STRONG, metrics=(learned_about(key, 0.2, 0.4, 0.1),))
        new = with_learned(text, one, day=DAY, units={key: Unit.SHARE})
        assert f"  {key}: {{low: 0.20, high: 0.40," in new
        assert parse_document(new, file=path.name).problems == []

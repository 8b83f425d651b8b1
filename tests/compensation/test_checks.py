"""A sound plan passes every check; each way to spoil it is found by the check that it is for."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.compensation.check import Audited, Finding, audit, load_checks
from bot.compensation.evidence import PayEvidence
from tests.compensation.near_misses import NEARLY
from tests.compensation.sound_plan import PLAN, SOUND, SPOILED, WON, with_plan

CHECKS = load_checks()


def audited(evidence: PayEvidence, **thresholds: str) -> dict[str, Audited]:
    own = {check: Decimal(value) for check, value in thresholds.items()}
    return {each.check.id: each for each in audit(evidence, CHECKS, own)}


def findings(evidence: PayEvidence, **thresholds: str) -> dict[str, tuple[Finding, ...]]:
    found = audited(evidence, **thresholds)
    return {check: each.findings for check, each in found.items() if each.findings}


def test_there_are_twenty_checks_and_each_says_why_and_whence() -> None:
    assert list(CHECKS) == [f"C{n:02d}" for n in range(1, 21)]
    for check in CHECKS.values():
        assert check.because.endswith(".")
        assert check.source
        assert len(check.title) < 40


def test_a_sound_plan_has_no_finding_and_lacks_nothing() -> None:
    outcomes = audited(SOUND)
    assert findings(SOUND) == {}
    assert {
        check: each.not_measurable for check, each in outcomes.items() if not each.is_sound
    } == {}


@pytest.mark.parametrize("wrong", SPOILED)
def test_what_is_wrong_is_found(wrong: str) -> None:
    check, evidence = SPOILED[wrong]
    found = findings(evidence)
    assert check in found, sorted(found)
    for finding in found[check]:
        assert finding.what.endswith(".")
        assert finding.next_step.endswith(".")
        assert finding.numbers


@pytest.mark.parametrize("wrong", SPOILED)
def test_words_hold_no_marks_that_slack_would_show_as_they_are(wrong: str) -> None:
    """They are escaped, since they hold titles that people write."""
    for found in findings(SPOILED[wrong][1]).values():
        for each in found:
            assert "`" not in each.what + each.next_step


@pytest.mark.parametrize("nearly", NEARLY)
def test_what_is_nearly_wrong_is_not_called_wrong(nearly: str) -> None:
    check, evidence = NEARLY[nearly]
    assert check not in findings(evidence)
    # It has been looked at, and is not silent for want of records.
    assert audited(evidence)[check].is_sound


def test_every_check_has_something_nearly_wrong() -> None:
    assert {check for check, _ in NEARLY.values()} == set(CHECKS)


def test_every_check_is_spoiled_by_something() -> None:
    assert {check for check, _ in SPOILED.values()} == set(CHECKS)


@pytest.mark.parametrize("check", ["C01", "C02", "C03", "C05", "C06", "C07", "C14", "C15", "C20"])
def test_what_spoils_one_thing_is_not_called_wrong_elsewhere(check: str) -> None:
    for wrong, (meant, evidence) in SPOILED.items():
        if meant == check and wrong not in {
            "four measures",
            "an objective that nobody is paid for",
        }:
            also = {"C02": {"C01", "C20"}, "C14": {"C16"}, "C06": set()}.get(check, set())
            assert set(findings(evidence)) <= {check} | also, wrong


#: Without people, records or a plan above, these can say nothing.
NEED_MORE = {
    "C06", "C07", "C08", "C09", "C10", "C11", "C12", "C13", "C14", "C15", "C16", "C17", "C18",
    "C20",
}  # fmt: skip


def test_of_too_little_nothing_is_concluded() -> None:
    bare = PayEvidence(plan=PLAN, objectives=SOUND.objectives, day=SOUND.day)
    outcomes = audited(bare)
    assert findings(bare) == {}
    assert {check for check, each in outcomes.items() if each.not_measurable} == NEED_MORE


def test_four_people_are_too_few_to_be_told_about() -> None:
    """What would be found of twelve is not told of four: it would be about single people."""
    for check in ("C08", "C09", "C11", "C12", "C18"):
        _, evidence = next(each for each in SPOILED.values() if each[0] == check)
        few = [each for each in evidence.periods if each.person in {"p0", "p1", "p2", "p3"}]
        outcome = audited(replace(evidence, periods=few))[check]
        assert outcome.findings == ()
        assert outcome.not_measurable


def test_people_in_ramp_are_not_held_to_the_quota() -> None:
    _, evidence = SPOILED["quotas that few reach"]
    ramping = [replace(each, is_ramping=True) for each in evidence.periods]
    assert audited(replace(evidence, periods=ramping))["C08"].findings == ()


def test_without_discounts_the_check_says_why_and_not_zero() -> None:
    unknown = replace(SOUND, no_discount_because="the field is not read")
    outcome = audited(unknown)["C15"]
    assert (outcome.findings, outcome.not_measurable) == ((), ("the field is not read",))


def test_an_objective_that_is_managed_and_not_paid_for_is_none_without_pay() -> None:
    growth, pipeline = SOUND.objectives
    managed = replace(pipeline, managed_because="1:1s look after it")
    alone = with_plan(components=(replace(WON, weight=Decimal(1)),))
    assert "C01" not in findings(replace(alone, objectives=(growth, managed)))


def test_a_team_may_set_its_own_threshold() -> None:
    _, evidence = SPOILED["four measures"]
    assert "C03" in findings(evidence)
    assert "C03" not in findings(evidence, C03="4")


def test_the_gain_of_one_deal_across_a_cliff_is_the_jump_and_the_better_rate() -> None:
    """15,000 of 100,000 at half a share more, and half of the target at once: 57.5%."""
    _, evidence = SPOILED["a cliff at the quota"]
    [finding] = findings(evidence)["C14"]
    gain = finding.numbers[0]
    assert (gain.value, gain.is_pay) == (Decimal("0.575") * Decimal("10500.00"), True)


def test_a_managers_plan_is_not_held_against_itself() -> None:
    _, evidence = SPOILED["managers who are paid for something else"]
    assert findings(replace(evidence, is_managers=True)) == {}

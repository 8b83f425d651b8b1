import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.example import ACME
from bot.coaching.priority import confidence, gain_of_leverage, joint_stake, priority, stake
from bot.coaching.rep_view import OpenOpportunity, RoleNorms

NORMS = RoleNorms(amount_median_cents=30_000_00)
shares = st.floats(0, 1)
deals = st.builds(
    replace,
    st.just(ACME),
    amount_cents=st.none() | st.integers(-(10**12), 10**12),
    stage_progress=shares,
)
norms = st.builds(RoleNorms, amount_median_cents=st.integers(0, 10**10))


@given(likelihood=shares, gain=shares, actionability=shares)
def test_a_priority_lies_between_nothing_and_its_smallest_factor(
    likelihood: float, gain: float, actionability: float
) -> None:
    found = priority(likelihood=likelihood, gain=gain, actionability=actionability)
    assert 0 <= found <= min(likelihood, gain, actionability)


@pytest.mark.parametrize("wrong", [-0.01, 1.01, math.nan, math.inf])
@pytest.mark.parametrize("name", ["likelihood", "gain", "actionability"])
def test_a_factor_outside_of_0_to_1_is_refused_by_name(name: str, wrong: float) -> None:
    factors = {"likelihood": 0.5, "gain": 0.5, "actionability": 0.5, name: wrong}
    with pytest.raises(ValueError, match=name):
        priority(**factors)


def test_a_median_deal_in_its_last_stage_has_half_of_the_scale_at_stake() -> None:
    assert stake(replace(ACME, amount_cents=30_000_00, stage_progress=1.0), NORMS) == 0.5
    assert stake(replace(ACME, amount_cents=90_000_00, stage_progress=1.0), NORMS) == 0.75
    assert stake(replace(ACME, amount_cents=30_000_00, stage_progress=0.0), NORMS) == 0.25


@pytest.mark.parametrize(
    ("amount_cents", "role"),
    [
        pytest.param(None, NORMS, id="amount-not-filled-in"),
        pytest.param(10**9, RoleNorms(), id="nothing-known-about-the-role"),
    ],
)
def test_an_amount_that_cannot_be_judged_weighs_as_the_usual_one(
    amount_cents: int | None, role: RoleNorms
) -> None:
    assert stake(replace(ACME, amount_cents=amount_cents, stage_progress=1.0), role) == 0.5


@given(deal=deals, role=norms)
def test_a_stake_lies_on_the_scale(deal: OpenOpportunity, role: RoleNorms) -> None:
    assert 0 <= stake(deal, role) <= 1


@given(
    role=norms, progress=shares, amounts=st.tuples(st.integers(0, 10**12), st.integers(0, 10**12))
)
def test_more_money_is_never_less_at_stake(
    role: RoleNorms, progress: float, amounts: tuple[int, int]
) -> None:
    smaller, larger = (
        stake(replace(ACME, amount_cents=amount, stage_progress=progress), role)
        for amount in sorted(amounts)
    )
    assert smaller <= larger


@given(deal=deals, role=norms, stages=st.tuples(shares, shares))
def test_a_later_stage_is_never_less_at_stake(
    deal: OpenOpportunity, role: RoleNorms, stages: tuple[float, float]
) -> None:
    earlier, later = (stake(replace(deal, stage_progress=each), role) for each in sorted(stages))
    assert earlier <= later


@given(several=st.lists(deals, max_size=8), role=norms)
def test_several_deals_have_more_at_stake_than_any_one_and_never_more_than_all(
    several: list[OpenOpportunity], role: RoleNorms
) -> None:
    joint = joint_stake(several, role)
    single = max((stake(deal, role) for deal in several), default=0.0)
    assert single - 1e-12 <= joint <= 1


def test_no_deal_has_nothing_at_stake() -> None:
    assert joint_stake([], NORMS) == 0


@given(several=st.permutations([replace(ACME, amount_cents=n * 10**6) for n in range(1, 5)]))
def test_the_order_of_deals_does_not_matter(several: list[OpenOpportunity]) -> None:
    assert joint_stake(several, NORMS) == pytest.approx(joint_stake(several[::-1], NORMS))


@given(leverages=st.tuples(st.floats(0, 10), st.floats(0, 10)))
def test_more_leverage_is_never_less_gain(leverages: tuple[float, float]) -> None:
    smaller, larger = (gain_of_leverage(each) for each in sorted(leverages))
    assert 0 <= smaller <= larger <= 1


def test_a_fiftieth_of_the_amount_won_weighs_as_much_as_a_median_deal() -> None:
    assert gain_of_leverage(0.02) == 0.5
    assert gain_of_leverage(0.0) == 0


@given(facts=st.integers(0, 10**6), min_facts=st.integers(0, 100))
def test_more_facts_never_lower_the_confidence(facts: int, min_facts: int) -> None:
    before = confidence(facts, min_facts=min_facts)
    assert 0 <= before <= confidence(facts + 1, min_facts=min_facts) < 1


def test_the_fewest_facts_that_say_anything_are_believed_by_half() -> None:
    assert confidence(8, min_facts=8) == 0.5


def test_a_plain_count_is_known_even_when_nothing_was_counted() -> None:
    assert confidence(0, min_facts=0) == confidence(50, min_facts=0) == 0.8

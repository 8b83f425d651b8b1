"""/pay as it is read: with and without a span, at the cap, with a draw, in the red, for a team."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from bot.compensation.plan import PayBook, PayPlan, PlanKey
from bot.runtime import Runtime
from tests.coached_team import Team
from tests.mirrored import berlin
from tests.office import asked
from tests.paid_team import KIM, SAM, paid_team, runtime_of, won

AE = PlanKey("mid_market_ae")
WHOLE = Decimal(1)


@pytest.fixture
def team(sqlite: Engine) -> Team:
    return paid_team(sqlite)


def with_versions(runtime: Runtime, *versions: PayPlan) -> Runtime:
    plans: Mapping[PlanKey, tuple[PayPlan, ...]] = {**runtime.pay.plans, AE: versions}  # type: ignore[dict-item]  # sequences, too
    return replace(runtime, pay=PayBook(plans=plans, objectives=runtime.pay.objectives))


def deals_only(runtime: Runtime, **changes: object) -> PayPlan:
    """The plan with deals won as its only component, and its curve changed."""
    [plan] = runtime.pay.plans[AE]
    won_part = plan.components[0]
    curve = replace(won_part.curve, **changes)  # type: ignore[arg-type]  # named as the fields are
    return replace(plan, components=(replace(won_part, weight=WHOLE, curve=curve),))


def read(runtime: Runtime, line: str, *, by: str = "kim") -> str:
    return asked(runtime, line, by=by).replace("US$", "$")


def test_a_pace_is_told_with_what_would_be_no_surprise(team: Team) -> None:
    runtime = runtime_of(team)
    said = read(with_versions(runtime, deals_only(runtime)), "/pay")
    assert "On pace for about $" in said
    assert "would be no surprise" in said


def test_without_a_span_the_pace_stands_alone(team: Team) -> None:
    """At the cap nothing can come of more or fewer deals any more."""
    runtime = runtime_of(team)
    said = read(with_versions(runtime, deals_only(runtime, cap=Decimal("0.5"))), "/pay")
    assert "*On pace for about $9,000* by Tue 31 Mar." in said
    assert "no surprise" not in said
    assert "adds nothing more, since the cap is reached" in said


def test_too_early_there_is_no_pace_and_that_is_said(team: Team) -> None:
    said = read(runtime_of(team, now=berlin(date(2026, 1, 16), 9)), "/pay")
    assert "too few records yet to say what the whole of it will come to" in said
    assert "On pace" not in said


def test_a_guess_is_told_in_whole_money_and_what_is_earned_to_the_cent(team: Team) -> None:
    said = read(runtime_of(team), "/pay")
    assert "Your next deal of about $20,000 is worth about *$2,520*" in said
    assert "$10,080.00 of $12,600.00" in said


def test_a_manager_reads_of_the_teams_next_deal(team: Team) -> None:
    said = read(runtime_of(team), "/pay", by="maria")
    assert "The team's next deal of about $20,000" in said
    assert "Your next deal" not in said


def test_what_comes_next_takes_the_place_of_a_draw_and_that_is_said(team: Team) -> None:
    team.mirror.person(SAM, "Sam", created_at=berlin(date(2026, 2, 1), 9))
    said = read(runtime_of(team), "/pay", by="sam")
    assert "the draw of the first months fills up what is missing; later pay gives it back" in said
    assert "of it takes the place of the draw" in said


def undone_deal(team: Team) -> None:
    """30,000 of a quota of 100,000, won in December and lost again in February."""
    deal = won(team.mirror, KIM, 30_000, date(2025, 12, 20), name="Globex")
    team.mirror.write(
        "quota", id="0J9999999999999AAA", owner_id=KIM, starts_on=date(2025, 10, 1),
        amount_cents=10_000_000,
    )  # fmt: skip
    team.mirror.change(deal, berlin(date(2026, 2, 3)), stage_name="Closed Lost")
    team.mirror.roll_up(berlin(date(2026, 3, 9), 9))


def test_a_deal_is_taken_back_by_the_version_of_the_plan_that_paid_it(team: Team) -> None:
    """The first version paid 18,000 for a quarter at target, the second pays ten times as much."""
    undone_deal(team)
    runtime = runtime_of(team)
    old = deals_only(runtime)
    new = replace(old, begins=date(2026, 1, 1), variable=old.variable * 10, clawback_days=1)
    said = read(with_versions(runtime, old, new), "/pay")
    assert "Globex was undone since it was paid ($30,000): -$5,400.00" in said
    assert "was undone" not in read(with_versions(runtime, replace(new, clawback_days=90)), "/pay")


def test_more_taken_back_than_earned_is_told_as_what_payroll_settles(team: Team) -> None:
    undone_deal(team)
    runtime = runtime_of(team, now=berlin(date(2026, 3, 9), 9))
    old = replace(deals_only(runtime), variable=Decimal(7_200_000))
    new = replace(old, begins=date(2026, 1, 1), variable=Decimal(72_000))
    said = read(with_versions(runtime, old, new), "/pay")
    assert "More is taken back than was earned so far; payroll says how that is settled." in said

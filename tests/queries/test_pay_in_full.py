"""What a plan costs beyond its components: SPIFFs, draws, deals that were undone, and leavers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from bot.compensation.plan import Draw, PayPlan, PlanKey, Spiff
from bot.domain.ids import MetricKey, RoleKey, SlackUserId
from bot.flows.audit_pay import audit_pay
from bot.queries import my_pay, pay_simulation
from bot.queries.pay_simulation import PaySimulation
from bot.runtime import Runtime
from tests.coached_team import Team
from tests.mirrored import berlin
from tests.paid_team import KIM, SAM, paid_team, quota, runtime_of, won

MARIA, KIM_IN_SLACK = SlackUserId("U0MARIA"), SlackUserId("U0KIM")
KEY = PlanKey("mid_market_ae")
SEES = frozenset({"maria@acme.example"})


@pytest.fixture
def team(sqlite: Engine) -> Team:
    """Kim wins 50,000 of 100,000 in each of the last three quarters of 2025."""
    team = paid_team(sqlite)
    for month in (4, 7, 10):
        quota(team.mirror, KIM, 100_000, date(2025, month, 1))
        won(team.mirror, KIM, 50_000, date(2025, month, 20))
    team.mirror.roll_up(berlin(date(2026, 3, 9), 9))
    return team


def with_plan(runtime: Runtime, **changes: object) -> Runtime:
    """Paid for deals alone, by 18,000 a quarter, and one for one."""
    [plan] = runtime.pay.plans[KEY]
    won_part = replace(plan.components[0], weight=Decimal(1))
    bare: PayPlan = replace(
        plan,
        components=(won_part,),
        ramp=(),
        draw=None,
        clawback_days=0,
    )
    tried = replace(bare, key=PlanKey("tried"), **changes)  # type: ignore[arg-type]  # named as the fields are
    plans = {**runtime.pay.plans, KEY: [bare], PlanKey("tried"): [tried]}
    return replace(runtime, pay=replace(runtime.pay, plans=plans))


def tried(runtime: Runtime) -> PaySimulation:
    return pay_simulation.ask(runtime, asker=MARIA, words="tried").simulation


def kims(found: PaySimulation) -> list[Decimal]:
    [kim] = [each for each in found.differences if each.name == "Kim"]
    return [kim.now, kim.then]


def spiff(first: date, last: date, most: int | None = None) -> Spiff:
    return Spiff(
        title="Autumn",
        metric=MetricKey("won_count"),
        each=Decimal(500),
        first_day=first,
        last_day=last,
        most=None if most is None else Decimal(most),
    )


def test_a_spiff_is_paid_in_each_period_for_its_own_days_up_to_the_most(team: Team) -> None:
    """One deal in October, one in November, then four in this quarter; three are paid at most."""
    running = spiff(date(2025, 10, 1), date(2026, 6, 30), most=1500)
    runtime = with_plan(runtime_of(team))
    [plan] = runtime.pay.plans[KEY]
    plans = {**runtime.pay.plans, KEY: [replace(plan, spiffs=(running,))]}
    runtime = replace(runtime, pay=replace(runtime.pay, plans=plans))
    pay = my_pay.ask(runtime, asker=KIM_IN_SLACK)
    [line] = pay.extras
    assert (line.measured, line.amount) == (Decimal(4), Decimal(500))
    assert pay.earned == pay.lines[0].amount + 500


def test_a_plan_is_tried_with_its_spiffs(team: Team) -> None:
    runtime = with_plan(
        runtime_of(team, sees_each_person=SEES),
        spiffs=(spiff(date(2025, 7, 1), date(2025, 10, 31)),),
    )
    found = tried(runtime)
    assert kims(found) == [3 * 9_000 + 1_800, 3 * 9_000 + 1_800 + 1_000]
    assert [(each.title, each.then) for each in found.extras] == [("of it SPIFFs", Decimal(1_000))]


def test_a_draw_is_advanced_and_given_back_by_later_pay(team: Team) -> None:
    """Sam began in April: 12,000 of draw in two months, and 9,000 a quarter from July on."""
    team.mirror.person(SAM, "Sam", created_at=berlin(date(2025, 4, 1), 9))
    for month in (7, 10):
        quota(team.mirror, SAM, 100_000, date(2025, month, 1))
        won(team.mirror, SAM, 50_000, date(2025, month, 20))
    team.mirror.roll_up(berlin(date(2026, 3, 9), 9))
    draw = Draw(each_month=Decimal(6000), months=2, is_recoverable=True)
    recoverable = tried(with_plan(runtime_of(team, sees_each_person=SEES), draw=draw))
    guarantee = tried(
        with_plan(runtime_of(team, sees_each_person=SEES), draw=replace(draw, is_recoverable=False))
    )
    assert guarantee.cost_then - guarantee.cost_now == 12_000
    assert recoverable.cost_then == recoverable.cost_now
    assert not recoverable.extras
    assert [each.then for each in guarantee.extras] == [12_000]


def test_a_deal_that_is_undone_in_time_costs_nothing_and_later_stays_paid(team: Team) -> None:
    """20,000 of October is lost again in December: 3,600 stay paid where nothing is taken back."""
    deal = won(team.mirror, KIM, 20_000, date(2025, 8, 25))
    team.mirror.change(deal, berlin(date(2025, 11, 20)), stage_name="Closed Lost")
    team.mirror.roll_up(berlin(date(2026, 3, 9), 9))
    runtime = runtime_of(team, sees_each_person=SEES)
    in_time, too_late = [tried(with_plan(runtime, clawback_days=days)) for days in (120, 60)]
    assert in_time.cost_now - in_time.cost_then == 3_600
    assert too_late.cost_now == too_late.cost_then
    assert [(each.title, each.now, each.then) for each in in_time.extras] == [
        ("of it for deals that were undone too late", Decimal(3_600), Decimal(0)),
        ("taken back for deals that were undone", Decimal(0), Decimal(3_600)),
    ]


def test_whoever_has_left_is_part_of_an_audit_and_of_a_trial(team: Team) -> None:
    """Zoe won her quota in two quarters and left in October."""
    zoe = "0050000000000010AA"
    team.mirror.person(zoe, "Zoe", is_active=False, stamp=berlin(date(2025, 10, 12)))
    for month in (4, 7):
        quota(team.mirror, zoe, 100_000, date(2025, month, 1))
        won(team.mirror, zoe, 100_000, date(2025, month, 20))
    team.mirror.roll_up(berlin(date(2026, 3, 9), 9))
    runtime = runtime_of(team, leaders=SEES, sees_each_person=SEES)
    [audited] = audit_pay(runtime, asker=MARIA, words="mid_market_ae").plans
    assert (audited.people, audited.left) == (2, 1)
    found = tried(with_plan(runtime))
    [paid] = [each for each in found.differences if each.name == "Zoe"]
    assert paid.now == 2 * 18_000


def test_the_plans_of_leavers_are_no_plans_of_the_team(team: Team) -> None:
    runtime = runtime_of(team, managers_audit=True, plans={RoleKey("smb_ae"): "smb_ae"})
    with pytest.raises(Exception, match="has one yet"):
        audit_pay(runtime, asker=MARIA, words="")

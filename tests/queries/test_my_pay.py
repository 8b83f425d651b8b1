"""/pay: to the cent, in the period under way; for oneself, and whoever the settings name."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from bot.compensation.payout import Kind
from bot.compensation.plan import PayBook, PlanKey
from bot.domain.errors import NotAllowed
from bot.domain.ids import RecordId, RoleKey, SlackUserId
from bot.domain.pay_settings import DealSplit, PersonPay, TasksDone
from bot.queries import my_pay
from bot.queries.my_pay import MyPay
from bot.runtime import Runtime
from tests.coached_team import Team
from tests.mirrored import berlin
from tests.paid_team import KIM, SAM, paid_team, runtime_of, won

KIM_IN_SLACK, SAM_IN_SLACK = SlackUserId("U0KIM"), SlackUserId("U0SAM")
MARIA_IN_SLACK = SlackUserId("U0MARIA")


@pytest.fixture
def team(sqlite: Engine) -> Team:
    return paid_team(sqlite)


def asked(runtime: Runtime, asker: SlackUserId = KIM_IN_SLACK, words: str = "") -> MyPay:
    return my_pay.ask(runtime, asker=asker, words=words)


def test_pay_is_worked_out_from_deals_and_quota(database: Engine) -> None:
    """72,000 a year is 18,000 a quarter, of which deals won have seven tenths: 12,600."""
    pay = asked(runtime_of(paid_team(database)))
    deals, _ = pay.lines
    assert [deals.value, deals.quota, deals.attainment] == [80_000, 100_000, Decimal("0.8")]
    assert [deals.target, deals.amount] == [Decimal(12_600), Decimal(10_080)]
    assert [pay.target, pay.period] == [18_000, "Q1 2026"]
    assert pay.earned == sum(line.amount for line in pay.lines)


def test_the_next_deal_and_how_many_it_takes_to_the_accelerator(team: Team) -> None:
    """The usual deal is 20,000; the one that reaches the quota is not beyond it yet."""
    following = asked(runtime_of(team)).lines[0].next_deal
    assert following is not None
    assert following.bend is not None
    assert [following.size, following.worth] == [20_000, Decimal(2_520)]
    assert [following.deals, following.bend.rate_after] == [2, Decimal("1.25")]


def test_a_pace_is_an_estimate_with_a_span_and_is_not_told_too_early(team: Team) -> None:
    ahead = asked(runtime_of(team)).lines[0].outlook
    assert ahead is not None
    assert ahead.low < Decimal(12_600) < ahead.likely < ahead.high
    whole = asked(runtime_of(team))
    assert whole.outlook is None, "nothing is known yet of the pipeline, so the sum is not either"
    early = asked(runtime_of(team, now=berlin(date(2026, 1, 16), 9)))
    assert early.outlook is None


def test_others_do_not_see_it_and_learn_nothing_from_asking(team: Team) -> None:
    runtime = runtime_of(team)
    told = set()
    for asker in (SAM_IN_SLACK, MARIA_IN_SLACK):
        for words in ("@kim", "nobody of that name"):
            with pytest.raises(NotAllowed) as refused:
                asked(runtime, asker, words)
            told.add(str(refused.value))
    assert len(told) == 1
    assert "nobody else" in told.pop()


def test_a_manager_sees_it_where_the_settings_say_so(team: Team) -> None:
    runtime = runtime_of(team, managers_see_reports=True)
    assert asked(runtime, MARIA_IN_SLACK, "kim").name == "Kim"
    with pytest.raises(NotAllowed):
        asked(runtime, SAM_IN_SLACK, "kim")


def test_whoever_the_settings_name_sees_everybody(team: Team) -> None:
    runtime = runtime_of(team, sees_each_person=frozenset({"sam@acme.example"}))
    pay = asked(runtime, SAM_IN_SLACK, "<@U0KIM|kim>")
    assert [pay.name, pay.is_own] == ["Kim", False]
    with pytest.raises(NotAllowed, match="Nobody goes by"):
        asked(runtime, SAM_IN_SLACK, "lee")


def test_a_manager_is_paid_by_what_the_team_wins(team: Team) -> None:
    pay = asked(runtime_of(team), MARIA_IN_SLACK)
    assert [pay.lines[0].value, pay.lines[0].quota] == [100_000, 200_000]


def test_nobody_has_a_plan_unless_the_settings_give_one(team: Team) -> None:
    with pytest.raises(NotAllowed, match="No pay plan"):
        asked(runtime_of(team, plans={}))


def test_somebodys_own_terms_come_before_the_plans(team: Team) -> None:
    own = PersonPay(variable=Decimal(36_000), quotas={"won": Decimal(160_000)})
    [deals, _] = asked(runtime_of(team, people={KIM.lower(): own})).lines
    assert [deals.quota, deals.attainment, deals.target] == [160_000, Decimal("0.5"), 6_300]


def test_a_newcomer_has_a_part_of_the_quota_and_a_draw(team: Team) -> None:
    """Sam began on the first of February: 59 of 90 days, and is asked for a quarter and a half."""
    team.mirror.person(SAM, "Sam", created_at=berlin(date(2026, 2, 1), 9))
    pay = asked(runtime_of(team), SAM_IN_SLACK)
    [_, pipeline] = pay.lines
    share = Decimal(59) / 90
    assert pipeline.quota == Decimal(300_000) * Decimal("0.5") * share
    assert [line.kind for line in pay.extras] == [Kind.DRAW]
    assert pay.earned >= 2 * 3000 - 1


def test_a_split_deal_is_credited_to_each_by_share(team: Team) -> None:
    runtime = runtime_of(team)
    deal = next(each for each, row in team.mirror.deals.items() if row["owner_id"] == SAM)
    split = DealSplit(
        record=RecordId(deal),
        shares={"kim@acme.example": Decimal("0.25"), SAM.lower(): Decimal("0.75")},
    )
    organisation = runtime.organisation
    shared = replace(
        runtime, organisation=replace(organisation, pay=replace(organisation.pay, splits=(split,)))
    )
    assert asked(shared).lines[0].value == 85_000
    assert asked(shared, SAM_IN_SLACK).lines[0].value == 15_000


def test_the_crms_splits_are_credited_unless_the_settings_say_otherwise(team: Team) -> None:
    deal = next(each for each, row in team.mirror.deals.items() if row["owner_id"] == SAM)
    revenue, overlay = "1JT000000000001AAA", "1JT000000000002AAA"
    for kind, who, share in (
        (revenue, KIM, 25), (revenue, SAM, 75), (overlay, KIM, 100), (overlay, SAM, 100)
    ):  # fmt: skip
        team.mirror.write(
            "opportunity_split",
            id=team.mirror.record_id("1Jx"),
            opportunity_id=deal,
            owner_id=who,
            split_type_id=kind,
            percentage=share,
        )
    runtime = runtime_of(team)
    assert asked(runtime).lines[0].value == 85_000
    assert asked(runtime, SAM_IN_SLACK).lines[0].value == 15_000
    whole = DealSplit(
        record=RecordId(deal), shares={KIM.lower(): Decimal("0.5"), SAM.lower(): Decimal("0.5")}
    )
    pay = replace(runtime.organisation.pay, splits=(whole,))
    said = replace(runtime, organisation=replace(runtime.organisation, pay=pay))
    assert asked(said).lines[0].value == 90_000


def test_a_deal_that_was_undone_since_takes_back_what_it_had_earned(team: Team) -> None:
    """30,000 won in December lifted the last quarter; it is lost again in February."""
    deal = won(team.mirror, KIM, 30_000, date(2025, 12, 20), name="Globex")
    team.mirror.write(
        "quota", id="0J9999999999999AAA", owner_id=KIM, starts_on=date(2025, 10, 1),
        amount_cents=10_000_000,
    )  # fmt: skip
    team.mirror.roll_up(berlin(date(2026, 3, 9), 9))
    assert asked(runtime_of(team)).extras == ()
    team.mirror.change(deal, berlin(date(2026, 2, 3)), stage_name="Closed Lost")
    team.mirror.roll_up(berlin(date(2026, 3, 9), 9))
    [line] = asked(runtime_of(team)).extras
    assert [line.kind, line.words, line.amount] == [Kind.CLAWBACK, "Globex", Decimal(-3_780)]


def test_tasks_are_paid_by_what_the_settings_say_is_done(team: Team) -> None:
    done = TasksDone(begins=date(2026, 1, 1), done={"three_plans": Decimal("0.5")})
    plans = {RoleKey("mid_market_ae"): "enterprise_ae"}
    runtime = runtime_of(team, plans=plans, people={KIM.lower(): PersonPay(tasks=(done,))})
    line = asked(runtime).lines[-1]
    assert [each.kind for each in line.lines] == [Kind.TASK, Kind.NOT_KNOWN]
    assert line.amount == line.target * Decimal("0.3")


def test_deals_of_the_role_before_do_not_count_towards_a_quota_of_fewer_days(team: Team) -> None:
    """Kim's quarter of 80,000 has 20,000 after the first of March; the quota is for 31 of 90."""
    team.mirror.person(KIM, "Kim", created_at=berlin(date(2026, 3, 1), 9))
    own = PersonPay(quotas={"won": Decimal(90_000)})
    [deals, _] = asked(runtime_of(team, people={KIM.lower(): own})).lines
    share = Decimal(31) / 90
    assert deals.value == 20_000
    assert deals.quota is not None
    assert abs(deals.quota - 90_000 * share / 2) < 25_000
    assert deals.target == round(12_600 * share, 2)
    [deals, _] = asked(runtime_of(team)).lines
    assert [deals.value, deals.quota] == [80_000, 100_000], "the CRM's quota is for all of it"


def test_a_version_that_begins_within_the_quarter_holds_from_the_next_one_on(team: Team) -> None:
    runtime = runtime_of(team)
    key = PlanKey("mid_market_ae")
    [old] = runtime.pay.plans[key]
    new = replace(old, begins=date(2026, 2, 10), variable=old.variable * 2)
    both = replace(runtime, pay=PayBook(plans={**runtime.pay.plans, key: (old, new)}))
    assert asked(both).target == 18_000
    later = replace(both, clock=runtime_of(team, now=berlin(date(2026, 4, 2), 9)).clock)
    assert asked(later).target == 36_000
    only = replace(runtime, pay=PayBook(plans={**runtime.pay.plans, key: (new,)}))
    assert asked(only).target == 36_000, "the first version of all has none before it"

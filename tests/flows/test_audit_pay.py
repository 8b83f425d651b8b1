"""/comp-audit and trying a plan: what a leader learns of plans, and nobody of people."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.compensation.plan import PlanKey
from bot.domain.errors import NotAllowed, UnclearWords
from bot.domain.ids import RoleKey, SlackUserId
from bot.domain.pay_settings import PersonPay
from bot.domain.roster import Roster
from bot.flows.audit_pay import PayAudit, audit_pay
from bot.queries import pay_simulation
from bot.queries.pay import plans_of, read_pay_standing
from bot.queries.pay_simulation import PaySimulation
from bot.runtime import Runtime
from bot.storage.database import open_database
from bot.storage.pay_audits import PayAuditRow
from bot.storage.roster import read_roster
from bot.surfaces.command import Question, load_commands
from tests.coached_team import Team
from tests.mirrored import KIM, ORGANISATION, berlin
from tests.office import texts_in
from tests.paid_team import NOW, paid_team, quota, runtime_of, won

MARIA, KIM_IN_SLACK = SlackUserId("U0MARIA"), SlackUserId("U0KIM")
LEGACY = {RoleKey("mid_market_ae"): "legacy_mid_market"}
LEADER = frozenset({"maria@acme.example"})
QUARTERS = tuple(date(2025, month, 1) for month in (4, 7, 10))


@pytest.fixture(scope="module")
def team(sqlite_of_module: Engine) -> Team:
    """Kim, Sam and four more, who have sold for three quarters."""
    team = paid_team(sqlite_of_module)
    mirror = team.mirror
    for n in range(4):
        person = f"0050000000000{n + 10}AAA"
        mirror.person(person, f"Zoe{n}")
        for begins in QUARTERS:
            quota(mirror, person, 100_000, begins)
            won(mirror, person, 40_000 + 20_000 * n, begins.replace(day=20), name="Initech")
    for begins in QUARTERS:
        quota(mirror, KIM, 100_000, begins)
    for n in range(3):
        mirror.task(berlin(date(2025, 8, 4 + n)), subtype="Email")
    mirror.roll_up(berlin(date(2026, 3, 9), 9))
    return team


@pytest.fixture(scope="module")
def sqlite_of_module(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("paid") / "paid.sqlite3")
    engine = open_database(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def leading(team: Team, **pay: object) -> Runtime:
    return runtime_of(team, NOW, **{"plans": LEGACY, "leaders": LEADER, **pay})


def audited(runtime: Runtime, words: str = "") -> PayAudit:
    return audit_pay(runtime, asker=MARIA, words=words)


def test_a_plan_that_pays_for_what_nobody_wants_is_told_so(team: Team) -> None:
    [plan] = audited(leading(team)).plans
    found = {(check.id, finding.subject) for check, finding in plan.findings}
    assert {("C01", "pipeline"), ("C02", "emails"), ("C02", "calls"), ("C03", "measures")} <= found
    [why] = [why for check, why in plan.not_measurable if check.id == "C15"]
    assert "`opportunity.discount: Discount__c`" in why
    assert plan.people == 6


def test_an_audit_is_written_down_and_the_next_one_tells_what_is_new(team: Team) -> None:
    runtime = leading(team)
    audited(runtime)
    [plan] = audited(runtime).plans
    assert (plan.new, plan.gone) == (frozenset(), 0)
    with team.session() as session:
        standing = read_pay_standing(session, runtime)
    assert (standing.plans, standing.audited) == (1, 1)
    assert standing.last_audited_on == date(2026, 3, 9)
    assert standing.open_findings == len(plan.findings)
    assert standing.findings["act on it"] >= 3
    assert standing.wanted_to_paid is not None
    assert standing.wanted_to_paid > 0.25


def test_a_version_that_was_rewritten_is_told_so(team: Team) -> None:
    runtime = leading(team)
    audited(runtime)
    key = PlanKey("legacy_mid_market")
    [plan] = runtime.pay.plans[key]
    plans = {**runtime.pay.plans, key: [replace(plan, fingerprint="another")]}
    rewritten = replace(runtime, pay=replace(runtime.pay, plans=plans))
    assert [each.is_rewritten for each in audited(rewritten).plans] == [True]
    assert [each.is_rewritten for each in audited(rewritten).plans] == [False]
    audited(runtime)


def test_a_plan_that_was_never_audited_has_no_day(team: Team) -> None:
    runtime = leading(team, plans={RoleKey("mid_market_ae"): "mid_market_ae"})
    with team.session() as session:
        standing = read_pay_standing(session, runtime)
    assert (standing.audited, standing.last_audited_on) == (0, None)
    assert standing.wanted_to_paid is None


def test_who_is_not_named_may_not_and_leaves_no_trace(team: Team) -> None:
    runtime = leading(team)
    with team.session() as session:
        before = len(session.exec(select(PayAuditRow)).all())
    with pytest.raises(NotAllowed, match="responsible for pay plans"):
        audit_pay(runtime, asker=KIM_IN_SLACK, words="")
    with pytest.raises(NotAllowed, match="responsible for pay plans") as refused:
        audit_pay(leading(team, leaders=frozenset()), asker=MARIA, words="")
    assert "`managers_audit: true`" in str(refused.value.hint)
    with team.session() as session:
        assert len(session.exec(select(PayAuditRow)).all()) == before


def test_an_audit_names_nobody(team: Team) -> None:
    command = load_commands()["/comp-audit"]
    for words in ((), ("try", "mid_market_ae")):
        question = Question(asker=MARIA, words=words, channel="C0SALES")
        reply = command.answer(question, leading(team))
        said = " ".join(texts_in([*reply.message.blocks, *reply.message.thread]))
        assert not reply.is_shared
        assert len(said) > 200
        for name in ("Kim", "Sam", "Zoe", "Maria", "Initech", "005"):
            assert name not in said


def test_a_plan_that_nobody_knows_is_answered_with_those_there_are(team: Team) -> None:
    with pytest.raises(UnclearWords, match="legacy_mid_market"):
        audited(leading(team), "legacy market")
    with pytest.raises(UnclearWords, match="has one yet"):
        audited(leading(team, plans={}))


def test_a_manager_audits_the_plans_of_their_own_people_and_tries_none(team: Team) -> None:
    plans = {**LEGACY, RoleKey("smb_ae"): "smb_ae"}
    runtime = leading(team, plans=plans, leaders=frozenset(), managers_audit=True)
    found = audited(runtime)
    assert [plan.plan.key for plan in found.plans] == ["legacy_mid_market"]
    assert found.others == ()
    with pytest.raises(UnclearWords):
        audited(runtime, "smb_ae")
    with pytest.raises(NotAllowed, match="responsible for pay plans"):
        tried(runtime, "smb_ae")


def tried(runtime: Runtime, plan: str) -> PaySimulation:
    return pay_simulation.ask(runtime, asker=MARIA, words=plan).simulation


def test_a_plan_tried_on_those_who_have_it_changes_nothing(team: Team) -> None:
    found = tried(leading(team), "legacy_mid_market")
    assert (found.people, found.gaining, found.losing) == (6, 0, 0)
    assert found.cost_now == found.cost_then
    assert (found.first, found.last) == (date(2025, 4, 1), date(2025, 12, 31))


def test_what_another_plan_would_have_cost_is_the_sum_of_what_each_would_have_had(
    team: Team,
) -> None:
    """Zoe0 to Zoe3 bring 40 to 100 % a quarter: legacy pays nothing under 60 %, the other all."""
    runtime = leading(team, sees_each_person=LEADER)
    [plan] = runtime.pay.plans[PlanKey("mid_market_ae")]
    alone = replace(plan, components=(replace(plan.components[0], weight=Decimal(1)),))
    plans = {**runtime.pay.plans, PlanKey("alone"): [alone]}
    found = tried(replace(runtime, pay=replace(runtime.pay, plans=plans)), "alone")
    changes = {each.name: [each.now, each.then] for each in found.differences}
    assert changes["Zoe0"] == [0, 3 * Decimal("7200.00")]
    assert changes["Zoe3"] == [3 * Decimal("9900.00"), 3 * Decimal("18000.00")]
    assert found.cost_then == sum(each.then for each in found.differences)
    assert found.sold == 3 * (40_000 + 60_000 + 80_000 + 100_000) + 10_000
    assert found.gaining == 5


def test_names_are_for_whoever_may_see_them(team: Team) -> None:
    assert tried(leading(team), "mid_market_ae").differences == ()
    assert len(tried(leading(team, sees_each_person=LEADER), "mid_market_ae").differences) == 6


def test_a_sum_of_few_is_not_told(team: Team) -> None:
    """Two have a plan of their own; what it costs would be their pay."""
    own = PersonPay(plan="legacy_mid_market")
    few = leading(team, plans={}, people={KIM.lower(): own, "sam@acme.example": own})
    with pytest.raises(NotAllowed, match="fewer than 5"):
        tried(few, "mid_market_ae")


def test_people_paid_in_another_currency_are_not_compared(team: Team) -> None:
    runtime = leading(team)
    [plan] = runtime.pay.plans[PlanKey("mid_market_ae")]
    plans = {**runtime.pay.plans, PlanKey("euro"): [replace(plan, currency="EUR")]}
    with pytest.raises(NotAllowed, match="another currency"):
        tried(replace(runtime, pay=replace(runtime.pay, plans=plans)), "euro")


def test_what_was_sold_in_another_currency_is_no_share_of_the_pay(team: Team) -> None:
    runtime = leading(team)
    plans = {key: [replace(each, currency="EUR") for each in versions]
             for key, versions in runtime.pay.plans.items()}  # fmt: skip
    euro = replace(runtime, pay=replace(runtime.pay, plans=plans))
    assert tried(runtime, "mid_market_ae").rate_now is not None
    found = tried(euro, "mid_market_ae")
    assert (found.rate_now, found.rate_then) == (None, None)
    assert found.cost_now > 0


def test_checks_that_lack_the_same_are_told_in_one_line(database: Engine) -> None:
    runtime = leading(paid_team(database), sees_each_person=LEADER)
    [plan] = audited(runtime).plans
    reasons = [because for _, because in plan.not_measured]
    assert len(reasons) == len(set(reasons)) < len(plan.not_measurable)
    told = ", ".join(checks for checks, _ in plan.not_measured)
    assert all(f"{check.id} {check.title}" in told for check, _ in plan.not_measurable)


def test_either_database_tells_the_same(database: Engine) -> None:
    """Two people, so that outcomes stay unsaid; what the plan itself says is found all the same."""
    team = paid_team(database)
    for begins in QUARTERS:
        quota(team.mirror, KIM, 100_000, begins)
        won(team.mirror, KIM, 70_000, begins.replace(day=20), type="New Business")
    team.mirror.task(berlin(date(2025, 8, 4)), subtype="Email")
    team.mirror.roll_up(NOW)
    runtime = leading(team, sees_each_person=LEADER)
    [plan] = audited(runtime).plans
    assert {"C01", "C02"} <= {check.id for check, _ in plan.findings}
    assert {"C08", "C09", "C12", "C14", "C17"} <= {check.id for check, _ in plan.not_measurable}
    assert plan.settled == 3
    found = tried(runtime, "legacy_mid_market")
    assert found.sold == 3 * 70_000 + 10_000
    with team.session() as session:
        assert read_pay_standing(session, runtime).open_findings == len(plan.findings)
    kim = next(each for each in roster_of(team).reps.values() if each.name == "Kim")
    assert plans_of(runtime, [kim]) == {"legacy_mid_market"}


def roster_of(team: Team) -> Roster:
    with team.session() as session:
        return read_roster(session, ORGANISATION)


def test_an_audit_begins_with_what_is_gravest_and_has_the_rest_on_request(team: Team) -> None:
    command = load_commands()["/comp-audit"]
    told = {}
    for words in ((), ("legacy_mid_market", "all")):
        question = Question(asker=MARIA, words=words, channel="C0SALES")
        reply = command.answer(question, leading(team))
        told[len(words)] = texts_in([*reply.message.blocks])
    short, whole = (["\n".join(each) for each in texts] for texts in ([told[0]], [told[2]]))
    assert short[0].count("*Next step:*") == 3
    assert "*Also found*" in short[0]
    assert "/comp-audit legacy_mid_market all" in short[0].replace("\u200b", "")
    [plan] = audited(leading(team)).plans
    assert whole[0].count("*Next step:*") == len(plan.findings) > 3
    assert len({check.id for check, _ in plan.first}) == 3

"""Plan files as sales leaders write them: every mistake is said, with file, line and hint."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.compensation.plan import Objective, ObjectiveKey, PayBook, PlanKey
from bot.compensation.plan_file import load_pay_book
from bot.documents import parse_document
from bot.domain.errors import Problem
from bot.metrics.catalog import load_metrics
from bot.pay_settings import check_pay
from bot.playbook_files import load_playbooks
from tests.compensation.sound_plan import PLAN

ROOT = Path(__file__).parents[2]
METRICS = {key: each.metric for key, each in load_metrics(ROOT / "playbooks" / "metrics").items()}
OBJECTIVES = """\
objectives:
  growth: {title: Grow, weight: 0.75}
  pipeline: {title: Pipeline, weight: 0.25}
"""
SPOTLESS = """\
title: Account executive
because: Deals are what it is about.
plan: ae
begins: 2026-01-01
roles: [smb_ae]
currency: EUR
ote: 90000
variable: 45000
period: quarter
components:
  won:
    title: Deals won
    measures: won_amount
    weight: 0.8
    quota: crm
    serves: [growth]
    tiers:
      - {from: 0, rate: 0.65}
      - {from: 0.5, rate: 1.35}
      - {from: 1, rate: 1.5}
    cap: 3
  plans:
    title: Account plans
    weight: 0.2
    serves: [pipeline]
    tasks:
      written: {title: Three plans written, share: 1}
spiffs:
  - {title: Spring, measures: meetings_held, each: 50, first_day: 2026-03-01, last_day: 2026-03-31}
draw: {each_month: 1500, months: 3, recoverable: true}
ramp: [0.5, 1]
clawback_days: 60
"""


def loaded(folder: Path, **files: str) -> tuple[PayBook, list[Problem]]:
    place = folder / "playbooks" / "compensation"
    place.mkdir(parents=True, exist_ok=True)
    for name, text in {"objectives": OBJECTIVES, **files}.items():
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    book = load_pay_book(place, METRICS, roles={"smb_ae", "manager"}, problems=problems)
    return book, problems


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    book, problems = loaded(tmp_path, ae=SPOTLESS)
    assert problems == []
    [plan] = book.plans[PlanKey("ae")]
    assert (plan.currency, str(plan.base)) == ("EUR", "45000")
    won, plans = plan.components
    assert [str(tier.rate) for tier in won.curve.tiers] == ["0.65", "1.35", "1.5"]
    assert won.line == 11
    assert plans.tasks[0].title == "Three plans written"


def test_the_plans_that_ship_are_in_order_and_each_role_has_one() -> None:
    book = load_playbooks(ROOT / "playbooks").pay
    roles = {role for versions in book.plans.values() for plan in versions for role in plan.roles}
    assert {"smb_ae", "mid_market_ae", "enterprise_ae", "sdr_outbound", "manager"} <= roles
    assert sum(each.weight for each in book.objectives) == 1


@pytest.mark.parametrize(
    ("before", "after", "line", "message", "hint"),
    [
        ("won_amount", "won_amuont", 13, "no metric called 'won_amuont'", "'won_amount'"),
        ("won_amount", "sales_cycle_days", 13, "better lower", "won_amount"),
        ("won_amount", "win_rate_count", 13, "does not add up", "won_amount"),
        ("won_amount", "open_pipeline_amount", 13, "does not add up", "won_amount"),
        ("rate: 1.35", "rate: 1.2", 17, "pay 92.5% of the target", "needs the rate 1.35"),
        ("from: 0, rate", "from: 0.1, rate", 17, "tiers rise from 0", "from: 0"),
        ("weight: 0.8", "weight: 0.7", 10, "add up to 0.9", "add up to 1"),
        ("quota: crm", "quota: lots", 15, "quota", ""),
        ("    quota: crm\n", "", 11, "'quota' is missing", "quota: crm"),
        ("cap: 3", "cap: 0.5", 21, "cap", ""),
        ("[growth]", "[growht]", 16, "no objective called 'growht'", "'growth'"),
        ("[smb_ae]", "[smb]", 5, "no role playbook called 'smb'", "smb_ae"),
        ("meetings_held", "won_amount", 29, "is no count", "so much for each"),
        ("last_day: 2026-03-31", "last_day: 2026-02-28", 29, "ends before it begins", ""),
        ("variable: 45000", "variable: 95000", 8, "a part of `ote`", ""),
        ("ramp: [0.5, 1]", "ramp: [1, 0.5]", 31, "does not fall", ""),
        ("ramp: [0.5, 1]", "ramp: [0, 1]", 31, "cannot be attained", "draw"),
        ("share: 1}", "share: 0.5}", 26, "add up to 0.5", ""),
        ("    weight: 0.2\n", "    weight: 0.2\n    cap: 2\n", 25, "tasks have no cap", ""),
        ("currency: EUR", "currency: euro", 6, "currency", ""),
        ("begins: 2026-01-01", "begins: soon", 4, "begins", ""),
        ("title: Account executive", "title: ' '", 1, "should not be empty", "what people are"),
        ("plan: ae", "plan: My plan", 3, "should be a plain key", "small letters"),
        ("  plans:\n", "  '<!here>':\n", 22, "'<!here>' is no key for a component", "such as won"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_a_way_out(
    tmp_path: Path, before: str, after: str, line: int, message: str, hint: str
) -> None:
    assert before in SPOTLESS
    _, problems = loaded(tmp_path, ae=SPOTLESS.replace(before, after, 1))
    assert [problem.line for problem in problems] == [line], problems
    assert problems[0].file == "playbooks/compensation/ae.yaml"
    assert message in problems[0].message
    assert hint in problems[0].hint


def test_beyond_a_retroactive_tier_nobody_is_paid_less(tmp_path: Path) -> None:
    wrong = SPOTLESS.replace("{from: 1, rate: 1.5}", "{from: 1, rate: 0.9, retroactive: true}")
    _, [problem] = loaded(tmp_path, ae=wrong)
    assert "less than at it" in problem.message
    assert problem.hint == "a rate of 1 or more"


def test_a_version_in_another_currency_is_another_plan(tmp_path: Path) -> None:
    other = SPOTLESS.replace("2026-01-01", "2027-01-01").replace("EUR", "USD")
    _, [problem] = loaded(tmp_path, ae_2027=other, ae=SPOTLESS)
    assert problem.line == 6
    assert "has 'ae' in" in problem.message
    assert "a key of its own" in problem.hint


def test_a_later_version_takes_its_place_on_its_day(tmp_path: Path) -> None:
    newer = SPOTLESS.replace("2026-01-01", "2027-01-01").replace("cap: 3", "cap: 4")
    book, problems = loaded(tmp_path, ae_2027=newer, ae=SPOTLESS)
    assert problems == []
    caps = {}
    for year in (2025, 2026, 2027):
        plan = book.in_force(PlanKey("ae"), date(year, 6, 1))
        caps[year] = plan and str(plan.components[0].curve.cap)
    assert caps == {2025: None, 2026: "3", 2027: "4"}


def test_two_versions_of_one_day_are_one_too_many(tmp_path: Path) -> None:
    _, [problem] = loaded(tmp_path, ae=SPOTLESS, copied=SPOTLESS)
    assert problem.file.endswith("copied.yaml")
    assert "ae.yaml is the version" in problem.message


def test_objectives_add_up_and_name_roles_that_there_are(tmp_path: Path) -> None:
    wrong = OBJECTIVES.replace("0.25}", "0.5, roles: [sbm_ae]}")
    _, problems = loaded(tmp_path, objectives=wrong)
    assert sorted(problem.message for problem in problems) == [
        "no role playbook called 'sbm_ae'",
        "the weights of all objectives add up to 1.25",
    ]


def test_a_plan_answers_for_the_objectives_of_its_roles() -> None:
    def objective(key: str, weight: str, *roles: str) -> Objective:
        return Objective(
            key=ObjectiveKey(key), title=key, weight=Decimal(weight), roles=frozenset(roles)
        )

    book = PayBook(
        objectives=(
            objective("a", "0.5"),
            objective("b", "0.3", "ae"),
            objective("c", "0.2", "sdr"),
        )
    )
    assert {each.key: each.weight for each in book.objectives_for(PLAN)} == {
        "a": Decimal("0.625"),
        "b": Decimal("0.375"),
    }


SETTINGS = """\
pay:
  plans: {smb_ae: ea}
  thresholds: {C99: 1}
  splits:
    - {record: 006000000000001AAA, shares: {kim: 0.5, sam: 0.6}}
people:
  kim@acme.example:
    pay:
      {plan: nope, ote: 10, variable: 20, quotas: {wno: 3},
       tasks: [{begins: 2026-01-01, done: {writen: 1}}]}
"""


def test_settings_about_pay_name_what_there_is(tmp_path: Path) -> None:
    book, _ = loaded(tmp_path, ae=SPOTLESS)
    document = parse_document(SETTINGS, file="app.yaml")
    check_pay(document, book, {"C01"})
    told = {(problem.line, problem.message) for problem in document.problems}
    assert told == {
        (2, "no pay plan called 'ea'"),
        (3, "no pay check called 'C99'"),
        (5, "the shares of a deal do not add up to 1"),
        (9, "no pay plan called 'nope'"),
        (9, "the variable pay is a part of `ote`"),
        (9, "no plan has a component 'wno'"),
        (10, "no plan has a task 'writen'"),
    }

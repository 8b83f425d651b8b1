"""A manager is reminded of a thin bench and of missing scorecards, by the usual judge."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, col, select

from bot.coaching.rule import load_manager_rules
from bot.domain.ids import RuleKey
from bot.flows.coach_managers import coach_managers
from bot.runtime import Runtime
from bot.storage.decisions import DecisionRow
from integrations.sandbox.clock import SandboxClock
from tests.hired import TODAY, given_interview, given_prospect, given_scores
from tests.slack_world import CRM_IDS

HIRING = {RuleKey("bench_thin"), RuleKey("scorecard_missing")}


def reminded(runtime: Runtime, **changes: object) -> list[tuple[str, str, str | None]]:
    """(rule, verdict, reason) of today's decisions for Maria."""
    rules = {key: rule for key, rule in load_manager_rules().items() if key in HIRING}
    coach_managers(replace(runtime, manager_rules=rules, **changes))  # type: ignore[arg-type]  # fields
    row = DecisionRow
    today = runtime.clock.now().date()
    wanted = select(row).where(col(row.to_id) == CRM_IDS["maria"], col(row.day) == today)
    with Session(runtime.database) as session:
        return [
            (each.rule, each.verdict, each.reason)
            for each in session.exec(wanted.order_by(col(row.id)))
        ]


def test_nobody_is_reminded_before_anybody_was_put_on_a_bench(office: Runtime) -> None:
    assert reminded(office) == []


def test_a_thin_bench_is_said_once_and_then_rests(office: Runtime, clock: SandboxClock) -> None:
    given_prospect(office)
    assert reminded(office) == [("bench_thin", "send", None)]
    clock.wind(timedelta(days=7))
    assert reminded(office) == [("bench_thin", "hold", "this was said not long ago")]


def test_a_full_bench_with_a_recent_interview_says_nothing_until_a_month_is_over(
    office: Runtime, clock: SandboxClock
) -> None:
    dana = given_prospect(office)
    given_prospect(office, "Lee Wong")
    given_scores(office, given_interview(office, dana), curiosity=3)
    assert reminded(office) == []
    clock.wind(timedelta(days=29))
    assert reminded(office) == []
    clock.wind(timedelta(days=6))
    assert reminded(office) == [("bench_thin", "send", None)]


def test_a_missing_scorecard_is_said_after_two_working_days(
    office: Runtime, clock: SandboxClock
) -> None:
    dana = given_prospect(office)
    given_prospect(office, "Lee Wong")
    given_interview(office, dana, by="sam", on=TODAY - timedelta(days=1))
    assert reminded(office) == []
    clock.wind(timedelta(days=1))
    assert reminded(office) == [("scorecard_missing", "send", None)]


def test_what_is_stored_of_a_reminder_names_no_prospect(office: Runtime) -> None:
    dana = given_prospect(office)
    given_prospect(office, "Lee Wong")
    given_interview(office, dana, on=TODAY - timedelta(days=4))
    assert reminded(office) == [("scorecard_missing", "send", None)]
    with Session(office.database) as session:
        [row] = session.exec(select(DecisionRow))
    assert "Kim Berg" in str(row.view)
    assert "Dana" not in f"{row.view} {row.text} {row.because}"

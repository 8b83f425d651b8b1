"""What managers are reminded of from pay and onboarding: audits due, and cohorts that ended."""

from dataclasses import replace
from datetime import date, timedelta

from bot.coaching.manager_view import PayFacts
from bot.coaching.rule import load_manager_rules
from bot.domain.ids import RuleKey, SlackUserId, TeamId
from bot.domain.pay_settings import PaySettings
from bot.domain.people import Team
from bot.flows.audit_pay import audit_pay
from bot.flows.coach_managers import coach_managers
from bot.flows.replay import FixedClock
from bot.queries.duty_facts import read_ended_cohorts, read_pay_facts
from bot.queries.programmes import read_progress
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.roster import read_roster
from tests.hired import ROLE
from tests.office import PAY, PLAYBOOKS
from tests.programmes import BEGAN, given_programme
from tests.slack_world import CRM_IDS, TUESDAY_MORNING

TODAY = TUESDAY_MORNING.date()


def team_of(runtime: Runtime) -> Team:
    with reading(runtime.database) as session:
        return read_roster(session, runtime.organisation).team(TeamId(CRM_IDS["maria"]))


def with_pay(runtime: Runtime, pay: PaySettings) -> Runtime:
    return replace(runtime, organisation=replace(runtime.organisation, pay=pay))


def pay_facts(runtime: Runtime) -> PayFacts | None:
    with reading(runtime.database) as session:
        return read_pay_facts(session, runtime, team_of(runtime), today=TODAY)


def hires_of_ended_cohorts(runtime: Runtime, today: date) -> list[int]:
    with reading(runtime.database) as session:
        found = read_ended_cohorts(session, runtime, team_of(runtime), today=today)
    return [each.hires for each in found]


def test_a_plan_is_known_with_the_days_since_its_audit_and_none_without_a_plan(
    office: Runtime,
) -> None:
    assert pay_facts(office) is None
    office = replace(office, organisation=replace(office.organisation, pay=PAY))
    before = pay_facts(office)
    assert before is not None
    assert before.days_since_audit is None
    closed = replace(PAY, leaders=frozenset(), sees_each_person=frozenset())
    assert pay_facts(with_pay(office, closed)) is None
    assert pay_facts(with_pay(office, replace(closed, managers_audit=True))) == before
    audit_pay(office, asker=SlackUserId("U0MARIA"), words="")
    assert pay_facts(office) == replace(before, days_since_audit=0)


def test_a_plan_that_was_never_audited_is_said_to_the_manager(office: Runtime) -> None:
    rules = {key: rule for key, rule in load_manager_rules().items() if key == "pay_audit_due"}
    office = replace(
        office,
        organisation=replace(office.organisation, pay=PAY),
        manager_rules=rules,
    )
    [decided] = coach_managers(office).decided
    assert decided.judgement.proposal.rule == RuleKey("pay_audit_due")
    assert decided.message is not None
    assert "has not been audited yet" in decided.message.text


def test_a_cohort_is_news_for_two_weeks_after_its_last_milestone_was_due(office: Runtime) -> None:
    [programme] = [each for each in PLAYBOOKS.programmes if each.role == ROLE]
    office = replace(office, programmes=PLAYBOOKS.programmes)
    given_programme(office, programme, reached={})
    with reading(office.database) as session:
        [progress] = read_progress(session, office, team_of(office).reps, TODAY).values()
    last = max(line.due_on for line in progress.lines)
    assert hires_of_ended_cohorts(office, last - timedelta(days=1)) == []
    assert hires_of_ended_cohorts(office, last) == [1]
    assert hires_of_ended_cohorts(office, last + timedelta(days=13)) == [1]
    assert hires_of_ended_cohorts(office, last + timedelta(days=14)) == []


def test_a_new_hire_past_due_is_said_to_their_manager_and_to_nobody_else(office: Runtime) -> None:
    """Kim began on the second of November; the first week's milestones are still open."""
    [programme] = [each for each in PLAYBOOKS.programmes if each.role == ROLE]
    rules = {key: rule for key, rule in load_manager_rules().items() if key == "hire_behind"}
    office = replace(office, programmes=PLAYBOOKS.programmes, manager_rules=rules)
    given_programme(office, programme, reached={})
    [decided] = coach_managers(office).decided
    proposal = decided.judgement.proposal
    assert (proposal.rule, proposal.to) == (RuleKey("hire_behind"), CRM_IDS["maria"])
    assert [each["name"] for each in proposal.view["hires"]] == ["Kim"]  # type: ignore[attr-defined]  # a list of dictionaries
    assert decided.message is not None
    assert "working days past due" in decided.message.text
    given_programme(office, programme, reached={each.key: BEGAN for each in programme.milestones})
    assert (
        coach_managers(
            replace(office, clock=FixedClock(TUESDAY_MORNING + timedelta(days=1)))
        ).decided
        == ()
    )

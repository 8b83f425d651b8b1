"""A replay says what would have been said, and changes nothing."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, text

from bot.coaching.rule import load_manager_rules
from bot.domain.ids import RoleKey
from bot.domain.pay_settings import PaySettings
from bot.domain.programme import Programme
from bot.flows.coach import coach
from bot.flows.replay import ReplayLine, replay
from bot.runtime import Runtime
from bot.storage.decisions import words_for
from bot.storage.hiring import ProspectRow
from bot.storage.pay_audits import PayAuditRow
from bot.storage.programmes import SAID_IN_SLACK, MilestoneRow, ProgrammeStartRow, keep_version
from tests.coached_team import KIM, LATE, MARIA, MONDAY, MORNING, Team, books, coached_team
from tests.mirrored import ORGANISATION, berlin

NINE = time(9, 0)


@pytest.fixture
def team(sqlite: Engine) -> Team:
    return coached_team(sqlite)


def replayed(team: Team, days: int = 0) -> list[ReplayLine]:
    last = MONDAY + timedelta(days=days)
    return list(replay(team.with_one_rule(), first=MONDAY, last=last, coach_at=NINE))


def counts(team: Team) -> list[int]:
    tables = ("decision", "coached", "delivery", "daily_reading", "dirty_day")
    with team.database.connect() as connection:
        return [
            int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608 - ours
            for table in tables
        ]


def test_a_replay_sends_and_writes_nothing(team: Team) -> None:
    before = counts(team)
    assert replayed(team, days=7)
    assert counts(team) == before


def test_a_replay_of_a_day_is_what_coaching_decides_on_it(team: Team) -> None:
    told = {
        (line.to, line.rule, line.verdict, line.reason, line.text)
        for line in replay(team.at(), first=MONDAY, last=MONDAY, coach_at=NINE)
        if line.kind == "nudge"
    }
    decided = {
        (
            each.judgement.proposal.to,
            each.judgement.proposal.rule,
            *words_for(each.judgement.verdict),
            each.message.text if each.message else None,
        )
        for each in coach(team.at(MORNING)).decided
    }
    assert told == decided
    assert decided


def test_a_replay_remembers_what_it_has_said(team: Team) -> None:
    late = [line for line in replayed(team, days=2) if line.rule == LATE and line.to == KIM]
    assert [line.verdict for line in late] == ["send", "hold", "hold"]


def test_nobody_is_nudged_on_a_weekend_and_the_digest_is_on_monday(team: Team) -> None:
    lines = replayed(team, days=7)
    assert {line.day.weekday() for line in lines if line.kind == "nudge"} <= set(range(5))
    assert {line.day.weekday() for line in lines if line.kind == "digest"} == {0}


def test_a_day_is_seen_as_it_was_known_then(team: Team) -> None:
    before = [line.text for line in replayed(team) if line.to == KIM and line.rule == LATE]
    for deal in list(team.mirror.deals):
        team.mirror.change(deal, berlin(MONDAY + timedelta(days=3)), stage_name="Closed Lost")
    team.mirror.roll_up(MORNING + timedelta(days=4))
    after = [line.text for line in replayed(team) if line.to == KIM and line.rule == LATE]
    assert before == after != []


def test_what_managers_would_have_heard_is_told_as_such_and_not_every_day(team: Team) -> None:
    runtime = team.at(manager_rules=load_manager_rules())
    last = MONDAY + timedelta(days=8)
    lines = [
        line
        for line in replay(runtime, first=MONDAY, last=last, coach_at=NINE)
        if line.kind == "manager_nudge"
    ]
    assert {line.to for line in lines} == {MARIA}
    sent = [line.day for line in lines if line.verdict == "send"]
    assert sent == [MONDAY, MONDAY + timedelta(days=7)]
    left_out = [line for line in lines if str(line.reason).startswith("left out: ")]
    assert [(line.rule, line.day) for line in left_out] == [
        ("bench_thin", MONDAY),
        ("scorecard_missing", MONDAY),
    ]
    assert {line.reason for line in lines if line.verdict == "hold" and line not in left_out} == {
        "this was said not long ago"
    }


def test_reminders_of_other_duties_are_seen_as_they_stood_on_the_day(team: Team) -> None:
    """An audit, a bench and a sign-off of a week later change nothing of what was said before."""
    pay = PaySettings(
        plans={RoleKey("mid_market_ae"): "mid_market_ae"}, leaders=frozenset({"maria@acme.example"})
    )
    runtime = team.at(
        manager_rules=load_manager_rules(),
        organisation=replace(ORGANISATION, pay=pay),
        pay=books().pay,
        scorecards=books().scorecards,
        programmes=books().programmes,
    )
    began = MONDAY - timedelta(days=20)
    programme = next(each for each in books().programmes if each.role == "mid_market_ae")
    start = follow(team, programme, began)
    before = managers_lines(runtime)
    assert {"pay_audit_due", "hire_behind"} <= {line.rule for line in before}
    after = MORNING + timedelta(days=9)
    with team.session() as session:
        session.add(audit_on(MONDAY + timedelta(days=9), after))
        for milestone in programme.milestones:
            session.add(
                MilestoneRow(
                    start_id=start,
                    milestone=milestone.key,
                    reached_on=began,
                    source=SAID_IN_SLACK,
                    noted_at=after,
                )
            )
        session.add(dana_since(began))
        session.commit()
    assert managers_lines(runtime) == before


def managers_lines(runtime: Runtime) -> list[ReplayLine]:
    last = MONDAY + timedelta(days=3)
    lines = replay(runtime, first=MONDAY, last=last, coach_at=NINE)
    return [line for line in lines if line.kind == "manager_nudge"]


def follow(team: Team, programme: Programme, began: date) -> int:
    with team.session() as session:
        keep_version(session, programme, at=MORNING)
        row = ProgrammeStartRow(
            rep_id=KIM,
            started_on=began,
            role=programme.role,
            programme=programme.key,
            version=programme.version,
            asked_from=began,
            assigned_at=MORNING,
        )
        session.add(row)
        session.commit()
        return row.id or 0


def dana_since(day: date) -> ProspectRow:
    return ProspectRow(
        role="mid_market_ae", name="Dana", source="referral", added_on=day, last_touch_on=day
    )


def audit_on(day: date, at: datetime) -> PayAuditRow:
    return PayAuditRow(
        plan="mid_market_ae",
        version=date(2025, 1, 1),
        fingerprint="",
        day=day,
        at=at,
        by_slack_id="U0MARIA",
        people=2,
        not_measurable=0,
    )

"""Managers are coached through the same judge: within caps, written down, and in private."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.coaching.policy import Policy
from bot.coaching.rule import ManagerRule, load_manager_rules
from bot.domain.ids import RuleKey, SlackUserId
from bot.domain.nudge import Send
from bot.flows.coach_managers import coach_managers
from bot.queries import framework, nudges, one_on_one_brief, one_on_one_queue, strategic
from bot.runtime import Runtime
from bot.storage.decisions import DecisionRow
from bot.storage.one_on_ones import CommitmentRow, OneOnOneRow
from bot.storage.people import LeaveRow, MuteRow
from tests.coached_team import KIM, MARIA, MONDAY, MORNING, SAM, Team, coached_team
from tests.mirrored import berlin

NO_TALK = "no_one_on_one"
RULES = load_manager_rules()


@pytest.fixture
def team(sqlite: Engine) -> Team:
    return coached_team(sqlite)


def at(team: Team, *, days: int = 0, **changes: Any) -> Runtime:
    return team.at(MORNING + timedelta(days=days), **{"manager_rules": RULES, **changes})


def only(key: str) -> Mapping[RuleKey, ManagerRule]:
    return {RuleKey(key): RULES[RuleKey(key)]}


def talked(team: Team, rep: str, days_ago: int, *, due_in: int | None = None) -> None:
    held_on = MONDAY - timedelta(days=days_ago)
    with team.session() as session:
        row = OneOnOneRow(
            manager_id=MARIA, rep_id=rep, held_on=held_on, notes="", written_at=berlin(held_on)
        )
        session.add(row)
        session.flush()
        if due_in is not None:
            session.add(
                CommitmentRow(
                    one_on_one_id=row.id or 0,
                    manager_id=MARIA,
                    rep_id=rep,
                    words="Two new deals",
                    due_on=held_on + timedelta(days=due_in),
                    made_at=berlin(held_on),
                )
            )
        session.commit()


def test_a_manager_without_one_on_ones_is_told_in_private_and_it_is_written_down(
    database: Engine,
) -> None:
    team = coached_team(database)
    report = coach_managers(at(team))
    assert [each.rep.id for each in report.decided] == [MARIA]
    assert team.decisions(MARIA, NO_TALK) == [("send", None)]
    [delivery] = team.outbox()
    assert delivery.recipient == "U0MARIA"
    assert "2 of 2 reps have had no 1:1" in delivery.text


def test_the_calendar_counts_as_a_talk_on_either_database(database: Engine) -> None:
    team = coached_team(database)
    for name in ("Kim", "Sam"):
        team.mirror.meeting(
            berlin(MONDAY - timedelta(days=5), 10), owner_id=MARIA, subject=f"1:1 {name}"
        )
    team.mirror.roll_up(MORNING)
    assert coach_managers(at(team)).decided == ()
    queue = one_on_one_queue.ask(at(team), asker=SlackUserId("U0MARIA"))
    assert {line.last_held_on for line in queue.lines} == {MONDAY - timedelta(days=5)}
    brief = one_on_one_brief.ask(at(team), asker=SlackUserId("U0MARIA"), words="Kim")
    assert brief.last_held_on == brief.since == MONDAY - timedelta(days=5)
    # What is asked of the same tables runs on both databases as well.
    assert strategic.ask(at(team), asker=SlackUserId("U0MARIA")).bars
    assert framework.ask(at(team), asker=SlackUserId("U0MARIA"), words=()).sections


def test_nobody_is_coached_twice_a_day_or_told_the_same_within_its_cooldown(team: Team) -> None:
    coach_managers(at(team))
    assert coach_managers(at(team)).decided == ()
    coach_managers(at(team, days=1))
    assert team.decisions(MARIA, NO_TALK)[-1] == ("hold", "this was said not long ago")
    coach_managers(at(team, days=7))
    assert team.decisions(MARIA, NO_TALK)[-1] == ("send", None)


def test_a_manager_hears_one_thing_a_day_and_two_a_week(team: Team) -> None:
    rules = {rule.key: rule for rule in map(_renamed, range(3))}
    sent = [
        sum(
            isinstance(each.judgement.verdict, Send)
            for each in coach_managers(at(team, days=day, manager_rules=rules)).decided
        )
        for day in range(4)
    ]
    assert sent == [1, 1, 0, 0]


def _renamed(number: int) -> ManagerRule:
    rule, key = RULES[RuleKey(NO_TALK)], RuleKey(f"n{number}")
    return replace(
        rule,
        key=key,
        notice=lambda view: (replace(each, rule=key) for each in rule.notice(view)),
    )


@pytest.mark.parametrize(
    ("changes", "row", "reason"),
    [
        ({"policy": Policy(is_stopped=True)}, None, "an admin has stopped all nudges"),
        ({"policy": Policy(rules_off=frozenset({NO_TALK}))}, None, "an admin has switched"),
        ({"policy": Policy(holdout_share=0.999999)}, None, "withheld on purpose"),
        ({}, MuteRow(person_id=MARIA, rule=NO_TALK, muted_at=MORNING), "you muted"),
    ],
    ids=["stopped", "off", "by lot", "muted"],
)
def test_every_silence_has_its_reason(
    team: Team, changes: Mapping[str, Any], row: object, reason: str
) -> None:
    if row is not None:
        team.add(row)
    coach_managers(at(team, **changes))
    [(verdict, why)] = team.decisions(MARIA, NO_TALK)
    assert (verdict, reason in str(why)) == ("hold", True)


def test_a_manager_on_leave_is_left_alone(team: Team) -> None:
    team.add(LeaveRow(person_id=MARIA, first_day=MONDAY, last_day=MONDAY, source="command"))
    assert coach_managers(at(team)).decided == ()


def test_a_rep_on_leave_is_nobody_to_talk_to(team: Team) -> None:
    talked(team, SAM, 3)
    team.add(
        LeaveRow(
            person_id=KIM, first_day=MONDAY, last_day=MONDAY + timedelta(days=9), source="command"
        )
    )
    assert coach_managers(at(team, manager_rules=only(NO_TALK))).decided == ()


def test_a_commitment_is_asked_after_on_the_day_it_is_due(team: Team) -> None:
    for rep in (KIM, SAM):
        talked(team, rep, 7)
    talked(team, KIM, 8, due_in=8)
    report = coach_managers(at(team, manager_rules=only("commitment_due")))
    assert [each.message and each.message.text for each in report.decided] == [
        "Maria, 1 commitment from your 1:1s is due."
    ]


def test_only_warnings_for_three_weeks_are_worth_a_word_of_praise(team: Team) -> None:
    for days, tone in ((2, "warning"), (9, "warning"), (16, "warning"), (30, "positive")):
        team.add(_said(days, tone))
    report = coach_managers(at(team, manager_rules=only("praise_missing")))
    [decided] = report.decided
    assert decided.judgement.proposal.view["warnings"] == 3
    team.add(_said(1, "positive"))
    assert coach_managers(at(team, days=1, manager_rules=only("praise_missing"))).decided == ()


def _said(days_ago: int, tone: str) -> DecisionRow:
    return DecisionRow(
        decided_at=MORNING - timedelta(days=days_ago),
        day=MONDAY - timedelta(days=days_ago),
        rule="quiet_week",
        to_id=KIM,
        about_id=KIM,
        subject="x",
        tone=tone,
        verdict="send",
        priority=0.5,
        is_eligible=True,
        send_probability=1.0,
        draw=0.5,
        records=[],
        view={},
        because={},
    )


def test_the_manager_may_ask_why_and_mute_the_kind(team: Team) -> None:
    runtime = at(team)
    coach_managers(runtime)
    asker = SlackUserId("U0MARIA")
    found = nudges.ask(runtime, asker=asker)
    assert NO_TALK in {kind.key for kind in found.kinds}
    why = nudges.ask_why(runtime, asker=asker, nudge=found.said[0].id)
    assert ("Reps without a 1:1", "2 of 2") in why.numbers
    assert NO_TALK not in {
        kind.key for kind in nudges.ask(runtime, asker=SlackUserId("U0KIM")).kinds
    }

"""What nudges do: sent by lot, withheld by lot, and whether their deals were in order a week on."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.coaching.policy import Policy
from bot.domain.nudge import HoldReason
from bot.flows.coach import coach
from bot.flows.digest import digest
from bot.queries.nudge_effect import NudgeEffect, read_nudge_effect, words_of_effect
from bot.storage.database import reading, transaction
from bot.storage.decisions import AnswerRow, CoachedRow, DecisionRow
from tests.coached_team import KIM, MONDAY, MORNING, SAM, coached_team

WEEK = timedelta(days=7)
DEAL = "006000000000001AAA"


def decided(day: date, person: str, **fields: object) -> DecisionRow:
    given: dict[str, Any] = {
        "decided_at": MORNING,
        "day": day,
        "rule": "past_due_close_date",
        "to_id": person,
        "about_id": person,
        "subject": "pipeline",
        "tone": "neutral",
        "verdict": "send",
        "priority": 0.5,
        "is_eligible": True,
        "send_probability": 0.5,
        "draw": 0.7,
        "records": [DEAL],
        "view": {},
        "because": {},
    }
    return DecisionRow(**{**given, **fields})


def withheld(day: date, person: str, **fields: object) -> DecisionRow:
    return decided(day, person, verdict="hold", reason=HoldReason.HOLDOUT, **fields)


def still_so(day: date, person: str, **fields: object) -> DecisionRow:
    """Named again, though nothing is said for it was said not long ago."""
    held = {"verdict": "hold", "reason": HoldReason.COOLING_DOWN, "is_eligible": False}
    return decided(day, person, **{**held, **fields})


def coached(day: date, *people: str) -> list[CoachedRow]:
    return [CoachedRow(person_id=person, day=day, at=MORNING) for person in people]


def kept(database: Engine, *rows: object) -> NudgeEffect:
    with transaction(database) as session:
        for row in rows:
            session.add(row)
    with reading(database) as session:
        return read_nudge_effect(session, MONDAY)


def experiment(*, sent_settles: bool, withheld_settles: bool) -> Iterator[object]:
    """Eight people and twelve weeks, sent and withheld in turn."""
    for number in range(8):
        person = f"00590000000000{number}AAA"
        for week in range(2, 14):
            day = MONDAY - week * WEEK
            # Each pair of people starts with the other arm.
            is_sent = (week + number) % 2 == 0
            deals = [f"0069000000000{week:02}AAA"]
            draw = decided if is_sent else withheld
            yield draw(day, person, records=deals)
            yield from coached(day + WEEK, person)
            if not (sent_settles if is_sent else withheld_settles):
                yield still_so(day + WEEK, person, records=deals)


def test_a_nudge_that_gets_deals_in_order_is_found_to_help(database: Engine) -> None:
    found = kept(database, *experiment(sent_settles=True, withheld_settles=False))
    told = words_of_effect(found)
    assert told is not None
    assert (found.sent, found.withheld, told["verdict"], told["without"]) == (48, 48, "helpful", 0)
    assert told["low"] <= told["points"] <= told["high"]  # type: ignore[operator]  # numbers


def test_where_both_arms_fare_alike_nothing_is_claimed(database: Engine) -> None:
    told = words_of_effect(kept(database, *experiment(sent_settles=True, withheld_settles=True)))
    assert told is not None
    assert told["verdict"] == "unknown"


@pytest.mark.parametrize(
    "left_out",
    [
        {"send_probability": 1.0},
        {"is_eligible": False},
        {"metric": "meetings_held"},
        {"records": []},
        {"day": MONDAY - timedelta(days=3)},
    ],
    ids=["no-lot", "held", "about-a-number", "about-nothing", "too-young"],
)
def test_what_chance_had_no_part_in_or_has_no_outcome_yet_is_left_out(
    database: Engine, left_out: dict[str, object]
) -> None:
    row = decided(MONDAY - 2 * WEEK, KIM)
    for name, value in left_out.items():
        setattr(row, name, value)
    found = kept(database, row, *coached(MONDAY - WEEK, KIM))
    assert (found.sent, found.withheld, found.effect) == (0, 0, None)
    assert words_of_effect(found) is None


def test_what_was_put_off_is_not_in_order(database: Engine) -> None:
    rows = list(experiment(sent_settles=True, withheld_settles=True))
    with transaction(database) as session:
        for row in rows:
            session.add(row)
        session.flush()
        for row in rows:
            if isinstance(row, DecisionRow) and row.verdict == "send":
                assert row.id is not None
                session.add(
                    AnswerRow(
                        decision_id=row.id, answered_at=MORNING, by_slack_id="U1", answer="snooze"
                    )
                )
    with reading(database) as session:
        told = words_of_effect(read_nudge_effect(session, MONDAY))
    assert told is not None
    assert told["verdict"] == "harmful"


def test_what_was_withheld_is_not_said_a_day_later(sqlite: Engine) -> None:
    team = coached_team(sqlite)
    policy = Policy(holdout_share=0.999)
    coach(team.with_one_rule(policy=policy))
    coach(team.with_one_rule(MORNING + timedelta(days=1), policy=Policy()))
    assert team.decisions() == [("hold", HoldReason.HOLDOUT), ("hold", HoldReason.COOLING_DOWN)]


def test_the_managers_digest_says_how_much_is_known(sqlite: Engine) -> None:
    team = coached_team(sqlite)
    assert "nudges help" not in str(digest(team.at(), None, is_dry=True).lines)
    day = MONDAY - 2 * WEEK
    team.add(decided(day, KIM), withheld(day, SAM), *coached(day + WEEK, KIM, SAM))
    said = {line.audience: str(line.message) for line in digest(team.at(), None, is_dry=True).lines}
    assert "Too little to tell yet: a week has passed since 1 nudge" in said["manager"]
    assert "nudges help" not in said["channel"]
    team.add(*experiment(sent_settles=True, withheld_settles=False))
    said = {line.audience: str(line.message) for line in digest(team.at(), None, is_dry=True).lines}
    assert "*Did the nudges help?* Yes. A week after a nudge" in said["manager"]
    assert "points more often" in said["manager"]

"""What a rep promised is said to the rep before it is due, and to nobody else."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.coaching.rule import load_rules
from bot.domain.commitment import CommitmentState
from bot.domain.ids import RuleKey
from bot.flows.coach import coach
from bot.queries.promises import read_promises
from bot.queries.team_views import moment_on
from bot.storage.database import reading
from bot.storage.one_on_ones import CommitmentRow, OneOnOneRow
from bot.storage.roster import read_roster
from tests.coached_team import KIM, MARIA, MONDAY, SAM, Team, coached_team
from tests.mirrored import berlin

RULE = RuleKey("promise_due")


def promise(
    team: Team, *, due_on: date, to: str = MARIA, state: str = "open", made_on: date | None = None
) -> None:
    """By Kim, in a 1:1 of last week."""
    held_on = made_on or MONDAY - timedelta(days=6)
    with team.session() as session:
        talk = OneOnOneRow(
            manager_id=to, rep_id=KIM, held_on=held_on, notes="", written_at=berlin(held_on)
        )
        session.add(talk)
        session.flush()
        session.add(
            CommitmentRow(
                one_on_one_id=talk.id or 0,
                manager_id=to,
                rep_id=KIM,
                words="Five meetings",
                due_on=due_on,
                state=state,
                made_at=berlin(held_on),
                closed_at=None if state == "open" else berlin(held_on),
            )
        )
        session.commit()


def due(team: Team) -> dict[str, list[str]]:
    """Rep → words."""
    runtime = team.at()
    with reading(team.database) as session:
        reps = read_roster(session, runtime.organisation).reps.values()
        found = read_promises(session, reps, moment_on(session, runtime, MONDAY))
    return {str(rep): [each.words for each in promises] for rep, promises in found.items()}


def test_it_is_said_to_whoever_promised_it(database: Engine) -> None:
    team = coached_team(database)
    promise(team, due_on=MONDAY + timedelta(days=1))
    assert due(team) == {KIM: ["Five meetings"]}
    coach(team.at(rules={RULE: load_rules()[RULE]}))
    assert team.decisions(SAM, RULE) == []
    assert team.decisions(KIM, RULE) == [("send", None)]
    [delivery] = team.outbox()
    assert delivery.recipient == "U0KIM"
    assert "is due tomorrow" in delivery.text


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"due_on": MONDAY + timedelta(days=3)}, id="not yet"),
        pytest.param({"due_on": MONDAY - timedelta(days=1)}, id="the manager asks by now"),
        pytest.param({"due_on": MONDAY, "state": CommitmentState.KEPT}, id="kept"),
        pytest.param({"due_on": MONDAY, "to": SAM}, id="to a manager of before"),
        pytest.param(
            {"due_on": MONDAY, "made_on": MONDAY + timedelta(days=1)}, id="promised later"
        ),
    ],
)
def test_nothing_else_is_said(sqlite: Engine, how: dict[str, object]) -> None:
    team = coached_team(sqlite)
    promise(team, **how)  # type: ignore[arg-type]  # named as the arguments are
    assert due(team) == {}

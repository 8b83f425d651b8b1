"""1:1s from a file: what was promised counts from its day, and every bad line is named."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.domain.errors import ConfigError
from bot.domain.ids import SlackUserId
from bot.flows.import_one_on_ones import import_one_on_ones
from bot.queries import one_on_one_brief
from bot.queries.strategic import ask
from bot.storage.database import reading
from bot.storage.one_on_ones import CommitmentRow, OneOnOneRow
from bot.storage.outbox import DeliveryRow
from tests.coached_team import MONDAY, Team, coached_team

HEADER = "manager,rep,held_on,notes,commitment,metric,due_on,outcome\n"
MARIA = "maria@acme.example"


@pytest.fixture
def team(database: object) -> Team:
    return coached_team(database)  # type: ignore[arg-type]  # the fixture of either database


def read(team: Team, folder: Path, lines: str) -> tuple[int, int]:
    path = folder / "one_on_ones.csv"
    path.write_text(HEADER + lines, encoding="utf-8")
    return import_one_on_ones(team.at(), path)


def weeks_ago(weeks: int) -> date:
    return MONDAY - timedelta(weeks=weeks)


def test_what_was_noted_elsewhere_counts_and_tells_nobody_anything(
    team: Team, tmp_path: Path
) -> None:
    lines = "".join(
        f"{MARIA},kim@acme.example,{weeks_ago(n)},Talked,Five meetings,meetings_held,"
        f"{weeks_ago(n - 1)},{'not_kept' if n == 2 else 'kept'}\n"
        for n in range(2, 7)
    )
    assert read(team, tmp_path, lines) == (5, 5)
    assert read(team, tmp_path, lines) == (0, 5)
    found = ask(team.at(), asker=SlackUserId("U0MARIA"))
    signs = {line.indicator.key: line.now for bar in found.bars for line in bar.lines}
    assert signs["promises_kept"].told == "4 of 5"
    assert signs["promises_on_leading_metrics"].told == "5 of 5"
    brief = one_on_one_brief.ask(team.at(), asker=SlackUserId("U0MARIA"), words="Kim")
    assert brief.last_held_on == weeks_ago(2)
    with reading(team.database) as session:
        assert session.exec(select(DeliveryRow)).all() == []
        first = session.exec(select(CommitmentRow)).first()
        assert first is not None
        assert first.made_at.date() < first.due_on


def test_what_is_on_record_stays_as_it_is(team: Team, tmp_path: Path) -> None:
    held = weeks_ago(1)
    read(team, tmp_path, f"{MARIA},kim@acme.example,{held},In her words,,,,\n")
    assert read(team, tmp_path, f"{MARIA},kim@acme.example,{held},Other words,,,,\n") == (0, 1)
    with reading(team.database) as session:
        assert [row.notes for row in session.exec(select(OneOnOneRow))] == ["In her words"]


def test_every_bad_line_is_named_and_nothing_is_written(team: Team, tmp_path: Path) -> None:
    lines = (
        f"{MARIA},nobody@acme.example,2026-03-02,,,,,\n"
        f"{MARIA},{MARIA},2026-03-02,,,,,\n"
        f"{MARIA},kim@acme.example,2031-03-02,,,,,\n"
        f"{MARIA},kim@acme.example,2026-03-02,,Five,meetings_hold,soon,keptt\n"
        f"{MARIA},kim@acme.example,2026-03-02,,,,2026-03-09,\n"
    )
    with pytest.raises(ConfigError) as refused:
        read(team, tmp_path, lines)
    told = [f"{each.line} {each.message}" for each in refused.value.problems]
    assert told == [
        "2 rep: nobody in the CRM is called 'nobody@acme.example'",
        "3 rep: is the manager",
        "4 held_on: 2031-03-02 is yet to come",
        "5 metric: 'meetings_hold' is no metric",
        "5 outcome: 'keptt' is no outcome",
        "5 due_on: 'soon' is no day",
        "6 commitment: is empty",
    ]
    assert all(each.hint for each in refused.value.problems)
    with reading(team.database) as session:
        assert session.exec(select(OneOnOneRow)).all() == []

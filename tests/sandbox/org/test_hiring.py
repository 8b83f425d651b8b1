"""What an applicant system and the managers' own notes hold, and what is planted in it."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from statistics import correlation, fmean, median
from typing import Any

import pytest

from integrations.sandbox.org import Org
from integrations.sandbox.org.hiring import PROSPECTS, SCORES, export, write_hiring
from integrations.sandbox.org.one_on_ones import noted

Row = dict[str, str]


@pytest.fixture(scope="module")
def hires(world: Org) -> dict[str, Row]:
    """By number, those whose first deal the applicant system knows."""
    rows = export(world.truth.scene).prospects
    return {row["id"]: dict(row) for row in rows if row["first_deal_on"]}


@pytest.fixture(scope="module")
def scores(world: Org) -> list[Row]:
    return [dict(row) for row in export(world.truth.scene).scores if row["score"]]


def days_of(row: Row) -> int:
    return (date.fromisoformat(row["first_deal_on"]) - date.fromisoformat(row["hired_on"])).days


def test_the_same_day_and_seed_give_the_same_files(world: Org, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_hiring(world.truth.scene, tmp_path / name)
    for file in (PROSPECTS, SCORES):
        one, two = ((tmp_path / name / file).read_bytes() for name in ("one", "two"))
        assert one == two
        assert len(list(csv.DictReader(one.decode().splitlines()))) > 50


def test_everybody_who_sells_was_hired_once(world: Org, hires: dict[str, Row]) -> None:
    cast = world.truth.scene.cast
    people = sorted(person.email for person in (*cast.reps, *cast.associates))
    rows = export(world.truth.scene).prospects
    assert sorted(row["hired_as"] for row in rows if row["state"] == "hired") == people
    assert all(days_of(row) > 0 for row in hires.values())


def test_those_who_were_referred_have_their_first_deal_sooner(
    truth: dict[str, Any], hires: dict[str, Row]
) -> None:
    fast = truth["hiring"]["fast_source"]
    sooner = median(days_of(row) for row in hires.values() if row["source"] == fast)
    later = median(days_of(row) for row in hires.values() if row["source"] != fast)
    assert sooner < 0.75 * later


def test_one_interviewer_sees_it_coming_and_one_gives_less(
    world: Org, truth: dict[str, Any], hires: dict[str, Row], scores: list[Row]
) -> None:
    cast = world.truth.scene.cast
    sharp, severe = (cast[truth["hiring"][key]].email for key in ("sees_it", "severe"))
    seen: dict[str, list[int]] = {}
    for row in scores:
        if row["interviewer"] == sharp and row["prospect"] in hires:
            seen.setdefault(row["prospect"], []).append(int(row["score"]))
    marks = [fmean(seen[number]) for number in hires]
    assert correlation(marks, [days_of(row) for row in hires.values()]) < -0.4
    given = {
        who: fmean(int(row["score"]) for row in scores if row["interviewer"] == who)
        for who in {row["interviewer"] for row in scores}
    }
    assert min(given, key=given.__getitem__) == severe


def test_somebody_waits_for_a_scorecard_and_somebody_for_a_talk(world: Org) -> None:
    made = export(world.truth.scene)
    missing = [row for row in made.scores if not row["score"]]
    assert {row["interviewer"] for row in missing} >= {world.truth.scene.cast["Kim Larsen"].email}
    assert {row["state"] for row in made.prospects} >= {"bench", "active", "rejected", "declined"}


def test_nobody_is_met_on_a_weekend(world: Org) -> None:
    days = [date.fromisoformat(row["held_on"]) for row in export(world.truth.scene).scores]
    assert days
    assert max(day.weekday() for day in days) == 4


def test_maria_notes_most_and_victor_none_and_nothing_is_overdue(world: Org, today: date) -> None:
    lines = list(noted(world))
    people = {person.email: person.name for person in world.truth.scene.cast.everyone.values()}
    by_manager = Counter(people[line["manager"]] for line in lines)
    assert by_manager.most_common(1)[0][0] == "Maria Santos"
    assert "Victor Lindqvist" not in by_manager
    for line in lines:
        assert date.fromisoformat(line["held_on"]) < today
        assert line["notes"] or line["commitment"]
        if line["outcome"] == "open":
            assert date.fromisoformat(line["due_on"]) >= today

"""Every planted story is looked for in the records themselves, as a coach would have to."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from statistics import mean
from typing import Any

import pytest

from integrations.sandbox.org import Kind

Row = dict[str, Any]
Rows = dict[str, dict[str, Row]]
OpenDeals = Callable[[Rows, str], list[Row]]


@pytest.fixture(scope="session")
def monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def done(records: Rows, owner: str, first: date, last: date) -> Iterator[Row]:
    """The tasks that somebody closed for days of this span, both ends included."""
    for task in records["Task"].values():
        if task["OwnerId"] == owner and task["IsClosed"] and first <= task["ActivityDate"] <= last:
            yield task


def held(records: Rows, owner: str, first: date, last: date) -> int:
    """Customer meetings of this span."""
    return sum(
        event["OwnerId"] == owner
        and event["WhoId"] is not None
        and first <= event["ActivityDate"] <= last
        for event in records["Event"].values()
    )


def prospecting(records: Rows, owner: str, first: date, last: date) -> int:
    deals = records["Opportunity"]
    return sum(task["WhatId"] not in deals for task in done(records, owner, first, last))


def calls(records: Rows, owner: str, first: date, last: date) -> list[Row]:
    found = done(records, owner, first, last)
    return [task for task in found if task["TaskSubtype"] == "Call"]


def weeks(monday: date, first: int, last: int) -> tuple[date, date]:
    """Whole weeks, counted from this one; -1 is the week before this."""
    return monday + timedelta(weeks=first), monday + timedelta(weeks=last, days=6)


def test_kim_stopped_prospecting_three_weeks_ago_and_nothing_else(
    records: Rows, ids: dict[str, str], monday: date, open_deals: OpenDeals
) -> None:
    kim = ids["Kim Larsen"]
    before, since = weeks(monday, -11, -4), weeks(monday, -3, -1)
    assert prospecting(records, kim, *before) / 8 > 5
    assert prospecting(records, kim, *since) / 3 <= 1
    assert held(records, kim, *since) / 3 > 0.8 * held(records, kim, *before) / 8
    assert open_deals(records, kim)


def test_kim_recovers_from_the_third_week_ahead(
    records_on: Callable[[int], Rows], ids: dict[str, str], monday: date
) -> None:
    later = records_on(56)
    assert prospecting(later, ids["Kim Larsen"], *weeks(monday, 0, 2)) <= 3
    assert prospecting(later, ids["Kim Larsen"], *weeks(monday, 4, 7)) > 10


def test_one_new_hire_ramps_and_the_other_does_not(
    records: Rows, ids: dict[str, str], today: date, monday: date
) -> None:
    yuki, diego = ids["Yuki Tanaka"], ids["Diego Fuentes"]
    tenure = {
        rep: (today - records["User"][rep]["CreatedDate"].date()).days for rep in (yuki, diego)
    }
    assert 115 <= tenure[yuki] <= 125
    assert 100 <= tenure[diego] <= 110
    last = weeks(monday, -6, -1)
    assert held(records, yuki, *last) / 6 > 1.8
    assert held(records, diego, *last) / 6 < 1.7
    assert held(records, yuki, *last) > 2 * held(records, diego, *last)
    created = Counter(deal["OwnerId"] for deal in records["Opportunity"].values())
    assert created[yuki] > 2 * created[diego]
    won = Counter(row["OwnerId"] for row in records["Opportunity"].values() if row["IsWon"])
    assert won[yuki] >= 2
    assert won[diego] <= 1
    early = weeks(monday, -16, -13)
    assert held(records, yuki, *early) < held(records, yuki, *weeks(monday, -4, -1))


def test_the_quiet_star_does_little_and_wins_most(
    records: Rows, truth: dict[str, Any], ids: dict[str, str], today: date
) -> None:
    year = (today - timedelta(days=365), today)
    peers = [
        person["id"]
        for person in truth["people"]
        if person["role"] == "mid_market_ae" and not person["left"]
    ]
    tasks = {rep: sum(1 for _ in done(records, rep, *year)) for rep in peers}
    wins = {rep: win_rate(records, rep) for rep in peers}
    elena = ids["Elena Popescu"]
    others = [rep for rep in peers if rep != elena]
    assert tasks[elena] < 0.75 * mean(tasks[rep] for rep in others)
    assert wins[elena] > 1.25 * mean(wins[rep] for rep in others)
    assert wins[elena] == max(wins.values())


def win_rate(records: Rows, rep: str) -> float:
    closed = [
        deal
        for deal in records["Opportunity"].values()
        if deal["OwnerId"] == rep and deal["IsClosed"]
    ]
    return len([deal for deal in closed if deal["IsWon"]]) / len(closed)


def one_on_ones(records: Rows, manager: str, first: date, last: date) -> int:
    return sum(
        event["OwnerId"] == manager
        and event["Subject"].startswith("1:1 with ")
        and first <= event["ActivityDate"] <= last
        for event in records["Event"].values()
    )


def test_victor_holds_no_one_on_ones_and_the_others_do(
    records: Rows, ids: dict[str, str], today: date
) -> None:
    quarter = (today - timedelta(days=91), today)
    assert one_on_ones(records, ids["Victor Lindqvist"], date.min, date.max) == 0
    assert one_on_ones(records, ids["Maria Santos"], *quarter) > 60
    assert one_on_ones(records, ids["Daniel O'Brien"], *quarter) > 45
    assert one_on_ones(records, ids["Priya Raman"], *quarter) > 25


def test_victor_begins_later(
    records_on: Callable[[int], Rows], ids: dict[str, str], today: date
) -> None:
    ahead = (today, today + timedelta(days=56))
    assert one_on_ones(records_on(56), ids["Victor Lindqvist"], *ahead) > 10


def test_the_rep_of_a_one_on_one_is_its_invitee(records: Rows) -> None:
    invited = {row["EventId"]: row["RelationId"] for row in records["EventRelation"].values()}
    for event in records["Event"].values():
        if event["Subject"].startswith("1:1 with "):
            rep = records["User"][invited[event["Id"]]]
            assert event["Subject"] == f"1:1 with {rep['Name']}"


def test_junk_calls_double_the_count_within_minutes_and_lead_nowhere(
    records: Rows, ids: dict[str, str], monday: date
) -> None:
    connor = ids["Connor Walsh"]
    before = calls(records, connor, *weeks(monday, -11, -4))
    since = calls(records, connor, *weeks(monday, -3, -1))
    assert len(since) / 3 > 2 * len(before) / 8
    assert max(in_ten_minutes(since)) >= 15
    assert max(in_ten_minutes(before)) < 8
    long = sum(call["CallDurationInSeconds"] >= 60 for call in since)
    assert long / 3 < 1.3 * sum(call["CallDurationInSeconds"] >= 60 for call in before) / 8 + 1
    meetings = held(records, connor, *weeks(monday, -3, -1)) / 3
    assert meetings <= held(records, connor, *weeks(monday, -11, -4)) / 8 + 1


def in_ten_minutes(tasks: list[Row]) -> list[int]:
    """For each task, how many were written down in the ten minutes from it on."""
    stamps = sorted(task["CreatedDate"] for task in tasks)
    span = timedelta(minutes=10)
    return [sum(start <= stamp < start + span for stamp in stamps) for start in stamps]


@pytest.mark.parametrize("kind", [Kind.ON_LEAVE, Kind.BACK_FROM_LEAVE])
def test_leave_stands_in_the_calendar_and_is_kept(
    records: Rows, story: Callable[[str], Row], today: date, kind: Kind
) -> None:
    told = story(kind)
    first, last = date.fromisoformat(told["first_day"]), date.fromisoformat(told["last_day"])
    assert (first <= today <= last) is (kind is Kind.ON_LEAVE)
    [event] = [
        event
        for event in records["Event"].values()
        if event["OwnerId"] == told["person_id"]
        and event["Subject"] == "Out of office"
        and event["ActivityDate"] == first
    ]
    assert event["IsAllDayEvent"]
    assert event["ShowAs"] == "OutOfOffice"
    assert event["EndDateTime"] == datetime.combine(last, time(), tzinfo=UTC)
    assert not list(done(records, told["person_id"], first, min(last, today)))
    assert list(done(records, told["person_id"], first - timedelta(days=14), first))


def test_whoever_is_on_leave_comes_back(
    records_on: Callable[[int], Rows], ids: dict[str, str], today: date
) -> None:
    soon = (today + timedelta(days=6), today + timedelta(days=20))
    assert list(done(records_on(20), ids["Olivia Hart"], *soon))


def test_the_whole_team_was_at_a_conference_last_week(
    records: Rows, truth: dict[str, Any], monday: date
) -> None:
    team = {person["id"] for person in truth["people"] if person["team"] == "mid-market"}
    team = {rep for rep in team if records["User"][rep]["IsActive"]}
    others = {person["id"] for person in truth["people"] if person["team"] in ("smb", "enterprise")}

    def fall(reps: set[str]) -> float:
        last = sum(len(list(done(records, rep, *weeks(monday, -1, -1)))) for rep in reps)
        usual = sum(len(list(done(records, rep, *weeks(monday, -9, -2)))) for rep in reps) / 8
        return last / usual

    assert fall(team) < 0.6
    assert fall(others) > 0.7
    away = [
        event
        for event in records["Event"].values()
        if event["Subject"] == "SaaS Summit (conference)"
    ]
    assert {event["OwnerId"] for event in away} == team


def test_aisha_has_meetings_and_next_steps_up_for_six_weeks(
    records: Rows,
    records_on: Callable[[int], Rows],
    ids: dict[str, str],
    monday: date,
    open_deals: OpenDeals,
) -> None:
    aisha = ids["Aisha Rahman"]
    before, since = weeks(monday, -14, -7), weeks(monday, -6, -1)
    assert held(records, aisha, *since) / 6 > 1.5 * held(records, aisha, *before) / 8

    def share(*days: int) -> float:
        deals = [deal for day in days for deal in open_deals(records_on(day), aisha)]
        return len([deal for deal in deals if deal["NextStep"] is not None]) / len(deals)

    assert share(-28, -14, 0) > 0.85
    assert share(-91, -77, -63) < 0.75


def test_every_kind_of_story_is_told_once(truth: dict[str, Any]) -> None:
    assert Counter(told["kind"] for told in truth["stories"]) == Counter(list(Kind))

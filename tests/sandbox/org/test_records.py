import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest

from integrations.sandbox.org import Org
from integrations.sandbox.org.ids import KEY_PREFIXES

PREFIXES = tuple(KEY_PREFIXES.values())
STAGE_FIELDS = ("IsClosed", "IsWon", "ForecastCategory", "ForecastCategoryName")


def looks_like_an_id(text: str) -> bool:
    return bool(re.fullmatch(r"\w{15}[A-Z0-5]{3}", text)) and text.startswith(PREFIXES)


def test_changes_come_in_order_and_in_aware_utc(world: Org) -> None:
    assert all(earlier.at <= later.at for earlier, later in pairwise(world.changes))
    for change in world.changes:
        assert change.at.tzinfo is UTC
        for value in change.fields.values():
            assert not isinstance(value, datetime) or value.tzinfo is UTC


def test_a_record_is_named_only_after_it_was_created(world: Org) -> None:
    known: set[str] = set()
    for change in world.changes:
        known.add(change.id)
        for name, value in change.fields.items():
            if isinstance(value, str) and looks_like_an_id(value):
                assert value in known, (change, name)


def test_a_deleted_record_is_left_alone(world: Org) -> None:
    gone: set[str] = set()
    for change in world.changes:
        assert change.id not in gone
        if change.is_deletion:
            gone.add(change.id)
    assert gone


def test_no_stamp_is_exactly_midnight_but_those_of_all_day_events(
    all_records: dict[str, Any],
) -> None:
    for sobject, rows in all_records.items():
        for row in rows.values():
            for name, value in row.items():
                if not isinstance(value, datetime) or value.time() != time():
                    continue
                assert sobject == "Event"
                assert row["IsAllDayEvent"]
                assert name in ("StartDateTime", "EndDateTime")


@pytest.fixture(scope="session")
def free_days(truth: dict[str, Any]) -> Mapping[str, Callable[[date], bool]]:
    """Whether somebody was off on a day, worked out apart from the generator's calendars."""
    years = range(2019, 2029)
    leave: dict[str, list[tuple[str, str]]] = {}
    for absence in truth["absences"]:
        span = (absence["first_day"], absence["last_day"])
        leave.setdefault(absence["person_id"], []).append(span)

    def make(person: dict[str, Any]) -> Callable[[date], bool]:
        public = holidays.country_holidays(
            person["country"], subdiv=person["subdivision"], years=years
        )
        spans = leave.get(person["id"], [])

        def is_free(day: date) -> bool:
            off = any(first <= f"{day}" <= last for first, last in spans)
            return off or day.weekday() >= 5 or day in public

        return is_free

    return {person["id"]: make(person) for person in truth["people"]}


@pytest.fixture(scope="session")
def zones(truth: dict[str, Any]) -> dict[str, ZoneInfo]:
    return {person["id"]: ZoneInfo(person["time_zone"]) for person in truth["people"]}


def test_nobody_works_on_weekends_holidays_or_leave(
    all_records: dict[str, Any], free_days: Mapping[str, Callable[[date], bool]]
) -> None:
    for task in all_records["Task"].values():
        if task["IsClosed"]:
            assert not free_days[task["OwnerId"]](task["ActivityDate"]), task
    for event in all_records["Event"].values():
        if not event["IsAllDayEvent"]:
            assert not free_days[event["OwnerId"]](event["ActivityDate"]), event


def test_everything_is_written_in_the_local_working_hours_of_its_writer(
    world: Org,
    free_days: Mapping[str, Callable[[date], bool]],
    zones: Mapping[str, ZoneInfo],
) -> None:
    seen: set[str] = set()
    for change in world.changes:
        writer = change.fields.get("LastModifiedById")
        if change.id not in seen:
            seen.add(change.id)
            writer = change.fields.get("CreatedById")
        if isinstance(writer, str):
            local = change.at.astimezone(zones[writer])
            assert time(8) <= local.time() <= time(18, 30), change
            assert not free_days[writer](local.date()), change


def test_meetings_lie_in_local_working_hours(
    all_records: dict[str, Any], zones: Mapping[str, ZoneInfo]
) -> None:
    for event in all_records["Event"].values():
        if event["IsAllDayEvent"]:
            continue
        start = event["StartDateTime"].astimezone(zones[event["OwnerId"]])
        assert start.date() == event["ActivityDate"]
        assert time(9) <= start.time() <= time(17)
        length = event["EndDateTime"] - event["StartDateTime"]
        assert length == timedelta(minutes=event["DurationInMinutes"])
        assert event["CreatedDate"] < event["StartDateTime"]


def test_activity_follows_the_hire_and_ends_with_the_departure(
    all_records: dict[str, Any], truth: dict[str, Any]
) -> None:
    spans = {person["id"]: (person["hired"], person["left"]) for person in truth["people"]}
    for sobject in ("Task", "Event", "Lead", "Opportunity"):
        for row in all_records[sobject].values():
            hired, left = spans[row["CreatedById"]]
            day = f"{row['CreatedDate'].date()}"
            assert hired <= day
            assert left is None or day <= left


def test_a_deal_agrees_with_its_stage(all_records: dict[str, Any]) -> None:
    stages = {row["MasterLabel"]: row for row in all_records["OpportunityStage"].values()}
    for deal in all_records["Opportunity"].values():
        stage = stages[deal["StageName"]]
        if deal["StageName"] == "Proposal" and deal["ForecastCategory"] == "Forecast":
            # A rep counts on it before the stage does.
            stage = {**stage, "ForecastCategory": "Forecast", "ForecastCategoryName": "Commit"}
        assert {name: deal[name] for name in STAGE_FIELDS} == {
            name: stage[name] for name in STAGE_FIELDS
        }
        assert deal["Probability"] == stage["DefaultProbability"]
        assert isinstance(deal["Amount"], Decimal)
        assert deal["Amount"].as_tuple().exponent == -2
        assert deal["Amount"] > 0


def test_history_ends_where_the_deal_stands_and_remembers_what_was(
    all_records: dict[str, Any],
) -> None:
    histories: dict[str, list[dict[str, Any]]] = {}
    for row in all_records["OpportunityHistory"].values():
        histories.setdefault(row["OpportunityId"], []).append(row)
    assert set(histories) == set(all_records["Opportunity"])
    for key, rows in histories.items():
        deal = all_records["Opportunity"][key]
        assert rows[0]["CreatedDate"] == deal["CreatedDate"]
        assert rows[0]["PrevAmount"] is None
        for name in ("StageName", "Amount", "CloseDate", "Probability"):
            assert rows[-1][name] == deal[name]
        for before, after in pairwise(rows):
            assert before["CreatedDate"] < after["CreatedDate"]
            assert after["PrevAmount"] == before["Amount"]
            assert after["PrevCloseDate"] == before["CloseDate"]
            tracked = ("StageName", "Amount", "CloseDate")
            assert any(before[name] != after[name] for name in tracked)
            assert not before["StageName"].startswith("Closed")


def test_the_last_activity_of_a_deal_is_the_latest_that_was_held(
    records: dict[str, Any], today: date
) -> None:
    evening = datetime.combine(today, time(23, 59), tzinfo=UTC)
    latest: dict[str, date] = {}
    for task in records["Task"].values():
        if task["IsClosed"] and task["WhatId"] in records["Opportunity"]:
            latest[task["WhatId"]] = max(latest.get(task["WhatId"], date.min), task["ActivityDate"])
    for event in records["Event"].values():
        if event["EndDateTime"] <= evening and event["WhatId"] in records["Opportunity"]:
            latest[event["WhatId"]] = max(
                latest.get(event["WhatId"], date.min), event["ActivityDate"]
            )
    stated = {
        key: deal["LastActivityDate"]
        for key, deal in records["Opportunity"].items()
        if deal["LastActivityDate"]
    }
    assert stated == latest


def test_a_converted_lead_leads_to_its_deal_and_takes_its_activities_along(
    all_records: dict[str, Any],
) -> None:
    converted = [row for row in all_records["Lead"].values() if row["IsConverted"]]
    assert len(converted) > 200
    for lead in converted:
        deal = all_records["Opportunity"][lead["ConvertedOpportunityId"]]
        assert deal["AccountId"] == lead["ConvertedAccountId"]
        contact = all_records["Contact"][lead["ConvertedContactId"]]
        assert contact["AccountId"] == lead["ConvertedAccountId"]
        assert contact["Name"] == lead["Name"]
        assert lead["CreatedDate"] < deal["CreatedDate"]
    gone = {lead["Id"] for lead in converted}
    assert not any(task["WhoId"] in gone for task in all_records["Task"].values())


def test_every_deal_has_one_primary_contact_of_its_account(all_records: dict[str, Any]) -> None:
    primary: dict[str, str] = {}
    for role in all_records["OpportunityContactRole"].values():
        deal = all_records["Opportunity"][role["OpportunityId"]]
        assert all_records["Contact"][role["ContactId"]]["AccountId"] == deal["AccountId"]
        if role["IsPrimary"]:
            assert primary.setdefault(deal["Id"], role["ContactId"]) == role["ContactId"]
    assert set(primary) == set(all_records["Opportunity"])


def test_some_activities_are_logged_a_day_late(records: dict[str, Any]) -> None:
    tasks = [row for row in records["Task"].values() if row["TaskSubtype"] != "Task"]
    late = sum(row["CreatedDate"].date() > row["ActivityDate"] for row in tasks)
    assert 0.02 < late / len(tasks) < 0.15


def test_there_are_to_dos_and_meetings_ahead(records: dict[str, Any], today: date) -> None:
    ahead = [row for row in records["Task"].values() if row["ActivityDate"] > today]
    assert len(ahead) > 10
    assert not any(row["IsClosed"] for row in ahead)
    meetings = [row for row in records["Event"].values() if row["ActivityDate"] > today]
    assert sum(row["WhoId"] is not None for row in meetings) > 20


def test_every_executive_has_a_quota_for_this_quarter(
    records: dict[str, Any], truth: dict[str, Any], today: date
) -> None:
    start = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    owners = {
        row["QuotaOwnerId"]
        for row in records["ForecastingQuota"].values()
        if row["StartDate"] == start
    }
    executives = {
        person["id"]
        for person in truth["people"]
        if person["role"].endswith("_ae") and not person["left"]
    }
    assert owners >= executives


def test_hostile_and_awkward_names_are_among_the_accounts(records: dict[str, Any]) -> None:
    names = {row["Name"] for row in records["Account"].values()}
    assert "Acme <!channel> & Söhne *bold*" in names
    assert {"O'Malley & Daughters", "Müller & Söhne GmbH"} <= names
    assert len(names) == len(records["Account"])

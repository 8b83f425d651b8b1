"""The planted stories that stand in deals and in who owns them."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from integrations.sandbox.org import Kind, Org
from integrations.sandbox.org.approvals import LIMIT

Row = dict[str, Any]
Rows = dict[str, dict[str, Row]]
OpenDeals = Callable[[Rows, str], list[Row]]


def test_the_single_threaded_deal_is_large_late_and_known_to_one_person(
    records: Rows, story: Callable[[str], Row], today: date
) -> None:
    [key] = story(Kind.SINGLE_THREADED)["records"]
    deal = records["Opportunity"][key]
    amounts = [row["Amount"] for row in records["Opportunity"].values() if not row["IsClosed"]]
    assert deal["Amount"] == max(amounts)
    assert deal["StageName"] == "Negotiation"
    assert deal["CloseDate"] > today
    roles = records["OpportunityContactRole"].values()
    assert [role["Role"] for role in roles if role["OpportunityId"] == key] == ["Evaluator"]
    activities = (*records["Task"].values(), *records["Event"].values())
    touched = [row for row in activities if row["WhatId"] == key]
    assert len(touched) > 10
    assert len({row["WhoId"] for row in touched}) == 1


def test_the_single_threaded_deal_is_joined_by_others_later(
    records_on: Callable[[int], Rows], story: Callable[[str], Row]
) -> None:
    [key] = story(Kind.SINGLE_THREADED)["records"]
    roles = records_on(20)["OpportunityContactRole"].values()
    assert sum(role["OpportunityId"] == key for role in roles) == 3


def test_past_due_deals_pile_up_with_one_rep_only(
    records: Rows, ids: dict[str, str], story: Callable[[str], Row], today: date
) -> None:
    late = Counter(
        deal["OwnerId"]
        for deal in records["Opportunity"].values()
        if not deal["IsClosed"] and deal["CloseDate"] < today
    )
    patrick = ids["Patrick Sullivan"]
    assert late.pop(patrick) >= 7
    assert max(late.values(), default=0) <= 3
    assert len(story(Kind.PAST_DUE_PILE)["records"]) == 7


def test_the_pile_is_cleared_in_the_weeks_ahead(
    records_on: Callable[[int], Rows], ids: dict[str, str], today: date, open_deals: OpenDeals
) -> None:
    later, then = records_on(45), today + timedelta(days=45)
    late = [deal for deal in open_deals(later, ids["Patrick Sullivan"]) if deal["CloseDate"] < then]
    assert len(late) <= 2


def test_the_quiet_deal_rests_for_weeks_with_nothing_planned(
    records: Rows, story: Callable[[str], Row], today: date
) -> None:
    [key] = story(Kind.QUIET_DEAL)["records"]
    deal = records["Opportunity"][key]
    assert deal["Name"].startswith("Acme <!channel> & Söhne *bold*")
    assert deal["StageName"] == "Proposal"
    assert deal["CloseDate"] > today
    assert 28 <= (today - deal["LastActivityDate"]).days <= 75
    activities = (*records["Task"].values(), *records["Event"].values())
    days = [row["ActivityDate"] for row in activities if row["WhatId"] == key]
    assert max(days) == deal["LastActivityDate"]


def test_the_quiet_deal_stirs_later(
    records_on: Callable[[int], Rows], story: Callable[[str], Row], today: date
) -> None:
    [key] = story(Kind.QUIET_DEAL)["records"]
    assert records_on(40)["Opportunity"][key]["LastActivityDate"] > today


def test_whoever_left_has_no_open_deals_and_two_heirs(
    world: Org, records: Rows, ids: dict[str, str], today: date, open_deals: OpenDeals
) -> None:
    lukas = ids["Lukas Brandt"]
    left = [
        change.at.date()
        for change in world.changes
        if change.id == lukas and change.fields.get("IsActive") is False
    ]
    assert 55 <= (today - left[0]).days <= 65
    assert not records["User"][lukas]["IsActive"]
    assert not open_deals(records, lukas)
    assert not [row for row in records["Account"].values() if row["OwnerId"] == lukas]
    moved = [
        row
        for row in records["OpportunityFieldHistory"].values()
        if row["Field"] == "Owner" and row["OldValue"] == lukas
    ]
    assert moved
    assert {row["NewValue"] for row in moved} <= {ids["Amara Nwosu"], ids["Jonas Bergström"]}


def test_noah_was_moved_to_another_team_in_the_past(
    records: Rows, records_on: Callable[[int], Rows], ids: dict[str, str]
) -> None:
    then, now = records_on(-200)["User"][ids["Noah Feldman"]], records["User"][ids["Noah Feldman"]]
    assert then["ManagerId"] == ids["Maria Santos"]
    assert then["Title"] == "Account Executive, SMB"
    assert now["ManagerId"] == ids["Priya Raman"]
    assert now["Title"] == "Account Executive, Mid-Market"
    assert now["UserRoleId"] != then["UserRoleId"]


def test_every_deep_discount_was_asked_for_and_approved_before_the_deal_was_won(
    all_records: Rows, truth: dict[str, Any]
) -> None:
    deals = all_records["Opportunity"]
    approvals = list(all_records["ProcessInstance"].values())
    assert len(approvals) > 20
    for approval in approvals:
        deal = deals[approval["TargetObjectId"]]
        assert approval["CreatedDate"] > deal["CreatedDate"]
        if deal["IsWon"]:
            assert deal["Discount__c"] >= LIMIT
            assert approval["Status"] == "Approved"
            assert approval["CompletedDate"] > approval["CreatedDate"]
    people = {each["id"] for each in truth["people"]}
    assert {each["LastActorId"] for each in approvals} - {None} <= people
    deep = [key for key, deal in deals.items() if (deal.get("Discount__c") or 0) > LIMIT]
    assert len({each["TargetObjectId"] for each in approvals}) > 0.9 * len(deep)


def test_each_waits_until_the_next_working_day(all_records: Rows) -> None:
    for approval in all_records["ProcessInstance"].values():
        if approval["Status"] != "Pending":
            waited = approval["CompletedDate"] - approval["CreatedDate"]
            assert timedelta(hours=12) < waited < timedelta(days=40)

"""Approvals of discounts are in the records, whatever the seed and the day."""

from datetime import timedelta
from typing import Any

from integrations.sandbox.org.approvals import LIMIT

Rows = dict[str, dict[str, Any]]


def test_every_deep_discount_was_asked_for_and_approved_before_the_deal_was_won(
    all_records: dict[str, Rows], truth: dict[str, Any]
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


def test_each_waits_until_the_next_working_day(all_records: dict[str, Rows]) -> None:
    for approval in all_records["ProcessInstance"].values():
        if approval["Status"] != "Pending":
            waited = approval["CompletedDate"] - approval["CreatedDate"]
            assert timedelta(hours=12) < waited < timedelta(days=40)

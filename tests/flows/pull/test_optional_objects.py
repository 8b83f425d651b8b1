"""What only some orgs have: splits, approvals, record types, currencies, person accounts."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.storage.cursors import read_cursors
from bot.storage.database import reading
from integrations.sandbox.changes import Change

Rows = Callable[[Engine, str], dict[str, Mapping[str, Any]]]
KIM, SAM = "005000000000001AAA", "005000000000002AAA"
DEAL_1, DEAL_2 = f"006{1:012d}AAA", f"006{2:012d}AAA"
RENEWALS, PERSON, CONTACT = "012000000000001AAA", "001000000000009AAA", "003000000000009AAA"
OPTIONAL = {
    "approval",
    "email_message",
    "opportunity_split",
    "opportunity_field_history",
    "record_type",
    "currency_type",
    "dated_conversion_rate",
}


def wide(first_changes: list[Change]) -> list[Change]:
    at = first_changes[0].at
    person = {"LastName": "Ito", "FirstName": "Aya", "AccountId": PERSON, "OwnerId": KIM}
    records: list[tuple[str, str, dict[str, Any]]] = [
        ("RecordType", RENEWALS, {"Name": "Renewals", "DeveloperName": "Renewal",
                                  "SobjectType": "Opportunity"}),
        ("RecordType", "012000000000002AAA", {"Name": "Household", "DeveloperName": "Household",
                                              "SobjectType": "Account"}),
        ("CurrencyType", "01L000000000001AAA", {"IsoCode": "USD", "ConversionRate": 1,
                                                "IsCorporate": True}),
        ("CurrencyType", "01L000000000002AAA", {"IsoCode": "EUR", "ConversionRate": 0.9}),
        ("DatedConversionRate", "04w000000000001AAA",
         {"IsoCode": "EUR", "StartDate": date(2026, 2, 1), "ConversionRate": 0.8}),
        ("Account", PERSON, {"Name": "Aya Ito", "OwnerId": KIM, "IsPersonAccount": True,
                             "PersonContactId": CONTACT}),
        ("Contact", CONTACT, person),
        ("OpportunitySplit", "1Jx000000000001AAA",
         {"OpportunityId": DEAL_1, "SplitOwnerId": SAM, "SplitPercentage": 40}),
        ("OpportunitySplit", "1Jx000000000002AAA",
         {"OpportunityId": DEAL_1, "SplitOwnerId": KIM, "SplitPercentage": 60}),
        ("ProcessInstance", "04g000000000001AAA",
         {"TargetObjectId": DEAL_1, "Status": "Pending", "SubmittedById": KIM}),
        ("EmailMessage", "02s000000000001AAA",
         {"Subject": "Offer", "Incoming": False, "RelatedToId": DEAL_1, "CreatedById": KIM,
          "ThreadIdentifier": "one", "ReplyToEmailMessageId": "02s000000000009AAA"}),
        ("OpportunityFieldHistory", "017000000000001AAA",
         {"OpportunityId": DEAL_1, "Field": "Owner", "OldValue": SAM, "NewValue": KIM}),
        ("OpportunityFieldHistory", "017000000000002AAA",
         {"OpportunityId": DEAL_1, "Field": "NextStep", "OldValue": "Call", "NewValue": "Meet"}),
    ]  # fmt: skip
    told = [Change(at=at, sobject=kind, id=key, fields=fields) for kind, key, fields in records]
    fields = {"RecordTypeId": RENEWALS, "CurrencyIsoCode": "EUR"}
    deal = Change(at=at + timedelta(minutes=2), sobject="Opportunity", id=DEAL_2, fields=fields)
    return sorted([*first_changes, *told, deal], key=lambda each: each.at)


@pytest.mark.parametrize("bulk_from", [1, 1_000])
def test_what_an_org_has_set_up_is_mirrored(
    database: Engine, make_org: Any, first_changes: list[Change], rows_of: Rows, bulk_from: int
) -> None:
    org = make_org(wide(first_changes))
    org.needs_all = True
    report = org.pull(database, bulk_from=bulk_from)
    assert report.problems == {}
    assert report.rows.keys() >= OPTIONAL
    shares = rows_of(database, "opportunity_split").values()
    assert {row["owner_id"]: row["percentage"] for row in shares} == {KIM: 60, SAM: 40}
    [approval] = rows_of(database, "approval").values()
    assert (approval["target_id"], approval["status"], approval["completed_at"]) == (
        DEAL_1, "Pending", None,
    )  # fmt: skip
    [email] = rows_of(database, "email_message").values()
    assert (email["subject"], email["related_to_id"]) == ("Offer", DEAL_1)
    assert (email["thread_id"], email["reply_to_id"]) == ("one", "02s000000000009AAA")
    [owned] = rows_of(database, "opportunity_field_history").values()
    assert (owned["old_value"], owned["new_value"]) == (SAM, KIM)
    assert [row["name"] for row in rows_of(database, "record_type").values()] == ["Renewals"]
    deal = rows_of(database, "opportunity")[DEAL_2]
    assert (deal["record_type_id"], deal["currency"]) == (RENEWALS, "EUR")
    units = {row["currency"]: row["units"] for row in rows_of(database, "currency_type").values()}
    assert units == {"USD": 1, "EUR": 0.9}
    [dated] = rows_of(database, "dated_conversion_rate").values()
    assert (str(dated["begins"]), dated["units"]) == ("2026-02-01", 0.8)
    person = rows_of(database, "account")[PERSON]
    assert (person["is_person"], person["person_contact_id"]) == (True, CONTACT)
    assert rows_of(database, "contact")[CONTACT]["name"] == "Aya Ito"


def test_an_approval_that_is_given_is_seen_with_its_day_though_no_log_tells_of_it(
    sqlite: Engine, make_org: Any, first_changes: list[Change], rows_of: Rows
) -> None:
    """ProcessInstance knows neither getUpdated nor getDeleted."""
    org = make_org(wide(first_changes))
    org.needs_all = True
    org.pull(sqlite)
    org.later(minutes=5)
    at = org.clock.now()
    told = {"Status": "Approved", "CompletedDate": at}
    org.set("ProcessInstance", "04g000000000001AAA", **told)
    org.later(minutes=20)
    assert org.pull(sqlite).problems == {}
    [approval] = rows_of(sqlite, "approval").values()
    assert (approval["status"], approval["completed_at"]) == ("Approved", at)


def test_what_goes_from_them_goes_from_the_mirror(
    database: Engine, make_org: Any, first_changes: list[Change], rows_of: Rows
) -> None:
    org = make_org(wide(first_changes))
    org.needs_all = True
    org.pull(database)
    org.later(minutes=5)
    org.delete("OpportunitySplit", "1Jx000000000001AAA", hard=True)
    org.later(days=1)
    assert org.pull(database).problems == {}
    left = rows_of(database, "opportunity_split").values()
    assert {row["owner_id"] for row in left if not row["is_deleted"]} == {KIM}


def test_an_org_without_them_is_complete_without(sqlite: Engine, org: Any) -> None:
    report = org.pull(sqlite)
    assert report.problems == {}
    assert report.as_of is not None
    assert not report.rows.keys() & OPTIONAL
    with reading(sqlite) as session:
        assert not {each.table_name for each in read_cursors(session)} & OPTIONAL

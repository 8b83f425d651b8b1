"""The unmodified simple-salesforce does its daily work against the sandbox."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from simple_salesforce.exceptions import (
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
)

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.store import Store


def test_it_reads_all_pages_one_after_the_other(sf: Any) -> None:
    # The server's pages hold two records.
    first = sf.query("SELECT Name FROM Opportunity ORDER BY Name")
    assert (first["totalSize"], first["done"], len(first["records"])) == (4, False, 2)
    names = [r["Name"] for r in sf.query_all_iter("SELECT Name FROM Opportunity ORDER BY Name")]
    assert names == ["Alpha", "Beta", "Delta", "Gamma"]


def test_it_reads_deleted_records_when_asked_to(sf: Any) -> None:
    shown = sf.query_all("SELECT Subject FROM Task")["records"]
    everything = sf.query_all("SELECT Subject FROM Task", include_deleted=True)["records"]
    assert (len(shown), len(everything)) == (2, 4)


def test_it_describes_the_organisation_and_its_objects(sf: Any) -> None:
    summary = sf.describe()
    prefixes = {entry["name"]: entry["keyPrefix"] for entry in summary["sobjects"]}
    assert prefixes["Opportunity"] == "006"
    assert "ForecastingQuota" not in prefixes
    fields = {field["name"]: field for field in sf.Opportunity.describe()["fields"]}
    assert fields["OwnerId"]["referenceTo"] == ["User"]
    assert fields["Amount"]["type"] == "currency"
    assert "Closed Won" in [choice["value"] for choice in fields["StageName"]["picklistValues"]]


def test_it_creates_reads_changes_and_deletes_a_record(sf: Any, clock: SandboxClock) -> None:
    account = sf.Account.create({"Name": "New & Co", "NumberOfEmployees": 5})["id"]
    assert (len(account), account[:3]) == (18, "001")
    clock.wind(timedelta(minutes=5))
    assert sf.Account.update(account, {"NumberOfEmployees": 6}) == 204
    record = sf.Account.get(account)
    assert (record["Name"], record["NumberOfEmployees"]) == ("New & Co", 6)
    assert record["CreatedDate"] == "2026-03-11T10:00:00.000+0000"
    assert record["SystemModstamp"] == "2026-03-11T10:05:00.000+0000"
    assert sf.Account.delete(account) == 204
    with pytest.raises(SalesforceResourceNotFound):
        sf.Account.get(account)


def test_it_upserts_by_external_id(sf: Any) -> None:
    assert sf.Account.upsert("External_Key__c/key-Z", {"Name": "Zed"}) == 201
    assert sf.Account.upsert("External_Key__c/key-Z", {"Name": "Zed 2"}) == 200
    assert sf.Account.get_by_custom_id("External_Key__c", "key-Z")["Name"] == "Zed 2"
    sf.Account.create({"Name": "Twin", "External_Key__c": "key-Z"})
    with pytest.raises(SalesforceMoreThanOneRecord):
        sf.Account.get_by_custom_id("External_Key__c", "key-Z")


def test_it_learns_what_was_updated_and_deleted(
    sf: Any, ids: dict[str, str], later: Callable[..., datetime]
) -> None:
    now = later(minutes=1)
    updated = sf.Opportunity.updated(now - timedelta(days=10), now)
    assert updated["ids"] == [ids["Alpha"]]
    assert updated["latestDateCovered"] == "2026-03-11T10:01:00.000+0000"
    deleted = sf.Task.deleted(now - timedelta(days=10), now)
    assert [entry["id"] for entry in deleted["deletedRecords"]] == [ids["Task 4"]]
    assert deleted["earliestDateAvailable"] == "2026-02-24T10:01:00.000+0000"


def test_it_sees_its_limits_and_usage(sf: Any) -> None:
    limit = sf.limits()["DailyApiRequests"]
    assert (limit["Max"], limit["Remaining"]) == (100_000, 99_999)
    assert (sf.api_usage["api-usage"].used, sf.api_usage["api-usage"].total) == (1, 100_000)


def test_it_reads_in_bulk(sf: Any, ids: dict[str, str]) -> None:
    pages = list(
        sf.bulk2.Opportunity.query_all(
            "SELECT Id, Name, Owner.Name, Amount, IsWon, CreatedDate FROM Opportunity",
            max_records=3,
            wait=0.01,
        )
    )
    assert [page.count("\n") for page in pages] == [4, 2]
    rows = [row for page in pages for row in csv.DictReader(io.StringIO(page))]
    assert rows[1] == {
        "Id": ids["Beta"],
        "Name": "Beta",
        "Owner.Name": "Zoë Ångström",
        "Amount": "250.5",
        "IsWon": "true",
        "CreatedDate": "2026-01-05T12:00:00.000Z",
    }
    assert rows[2]["Amount"] == ""


def test_it_reports_a_wrong_statement(sf: Any) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.query("SELECT Nope FROM Account")
    content: Any = refused.value.content
    assert content[0]["errorCode"] == "INVALID_FIELD"


def test_it_learns_of_changes_made_behind_its_back(
    sf: Any, store: Store, ids: dict[str, str], clock: SandboxClock
) -> None:
    store.delete(store.schema.objects["Opportunity"], ids["Alpha"], at=clock.now(), hard=True)
    assert sf.query("SELECT COUNT() FROM Opportunity", include_deleted=True)["totalSize"] == 3
    clock.wind(timedelta(minutes=1))
    deleted = sf.Opportunity.deleted(clock.now() - timedelta(hours=1), clock.now())
    assert [entry["id"] for entry in deleted["deletedRecords"]] == [ids["Alpha"]]

"""The unmodified simple-salesforce writes in bulk, asks several things at once, and searches."""

# ruff: noqa: S608 -- the statements are SOQL for a simulated Salesforce

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from simple_salesforce.exceptions import SalesforceGeneralError, SalesforceMalformedRequest

Row = dict[str, str]


def _names(sf: Any, condition: str) -> list[str]:
    found = sf.query_all(f"SELECT Name FROM Account WHERE {condition} ORDER BY Name")
    return [record["Name"] for record in found["records"]]


def _rows(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def bulk(sf: Any) -> Callable[..., dict[str, Any]]:
    """Runs an ingest job; what it told, with the results of each kind."""

    def bulk(operation: str, records: list[Row], **how: Any) -> dict[str, Any]:
        handler = sf.bulk2.Account
        [job] = getattr(handler, operation)(records=records, wait=0.01, **how)
        results = {
            "done": _rows(handler.get_successful_records(job["job_id"])),
            "failed": _rows(handler.get_failed_records(job["job_id"])),
        }
        return {**job, **results}

    return bulk


def test_it_inserts_in_bulk_and_is_told_what_failed(sf: Any, bulk: Any) -> None:
    told = bulk("insert", [
        {"Name": 'One, "the" first', "NumberOfEmployees": "5"},
        {"Name": "Two", "NumberOfEmployees": "many"},
    ])  # fmt: skip
    assert (told["numberRecordsTotal"], told["numberRecordsFailed"]) == (2, 1)
    [done], [failed] = told["done"], told["failed"]
    assert (done["sf__Created"], done["Name"], done["sf__Id"][:3]) == (
        "true", 'One, "the" first', "001",
    )  # fmt: skip
    assert failed["sf__Error"].startswith(
        "INVALID_TYPE_ON_FIELD_IN_RECORD:NumberOfEmployees: value not"
    )
    assert failed["Name"] == "Two"
    assert sf.Account.get(done["sf__Id"])["NumberOfEmployees"] == 5


def test_it_updates_upserts_and_deletes_in_bulk(sf: Any, bulk: Any, ids: dict[str, str]) -> None:
    bulk("update", [{"Id": ids["Acme"], "Name": "Acme 2", "Industry": "#N/A"}])
    assert (sf.Account.get(ids["Acme"])["Name"], sf.Account.get(ids["Acme"])["Industry"]) == (
        "Acme 2", None,
    )  # fmt: skip
    told = bulk("upsert", [
        {"External_Key__c": "key-A", "Name": "Acme 3"},
        {"External_Key__c": "key-N", "Name": "New"},
    ], external_id_field="External_Key__c")  # fmt: skip
    assert [row["sf__Created"] for row in told["done"]] == ["false", "true"]
    assert _names(sf, "External_Key__c IN ('key-A', 'key-N')") == ["Acme 3", "New"]
    bulk("delete", [{"Id": ids["Acme"]}])
    assert _names(sf, "External_Key__c = 'key-A'") == []
    found = sf.query_all(f"SELECT IsDeleted FROM Account WHERE Id = '{ids['Acme']}'",
                         include_deleted=True)  # fmt: skip
    assert found["records"][0]["IsDeleted"] is True


def test_parents_are_named_by_their_external_ids(sf: Any, ids: dict[str, str]) -> None:
    records = [{"LastName": "Cy", "Account.External_Key__c": "key-A"}]
    [job] = sf.bulk2.Contact.insert(records=records, wait=0.01)
    assert job["numberRecordsFailed"] == 0
    found = sf.query("SELECT AccountId FROM Contact WHERE LastName = 'Cy'")
    assert found["records"][0]["AccountId"] == ids["Acme"]


@pytest.mark.parametrize(("delimiter", "ending"), [("SEMICOLON", "CRLF"), ("TAB", "LF")])
def test_bulk_results_come_in_the_dialect_asked_for(sf: Any, delimiter: str, ending: str) -> None:
    # Its own convenience knows no dialects; what is below it does.
    bulk2 = sf.bulk2.Opportunity
    job = sf.restful("jobs/query", method="POST", json={
        "operation": "query", "query": "SELECT Name, Amount FROM Opportunity WHERE Name = 'Beta'",
        "columnDelimiter": delimiter, "lineEnding": ending,
    })  # fmt: skip
    sf.restful(f"jobs/query/{job['id']}")
    [page] = [bulk2._client.get_query_results(job["id"])]
    cut, end = {"SEMICOLON": ";", "TAB": "\t"}[delimiter], {"CRLF": "\r\n", "LF": "\n"}[ending]
    assert page["records"] == f'"Name"{cut}"Amount"{end}"Beta"{cut}"250.5"{end}'


def test_it_is_told_where_the_pages_of_a_job_are(sf: Any) -> None:
    job = sf.restful("jobs/query", method="POST",
                     json={"operation": "query", "query": "SELECT Id FROM Account"})  # fmt: skip
    with pytest.raises(SalesforceMalformedRequest, match="INVALIDJOBSTATE"):
        sf.restful(f"jobs/query/{job['id']}/resultPages")
    sf.restful(f"jobs/query/{job['id']}")
    told = sf.restful(f"jobs/query/{job['id']}/resultPages")
    results = f"/services/data/v61.0/jobs/query/{job['id']}/results"
    assert told == {"resultPages": [{"resultUrl": results}], "done": True}


def test_it_creates_a_tree_or_nothing_of_it(sf: Any) -> None:
    def tree(last_name: str) -> Any:
        child = {"attributes": {"type": "Contact", "referenceId": "c"}, "LastName": last_name}
        parent = {
            "attributes": {"type": "Account", "referenceId": "a"},
            "Name": "Root",
            "Contacts": {"records": [child]},
        }
        body = {"records": [parent]}
        return sf.restful("composite/tree/Account", method="POST", json=body)

    with pytest.raises(SalesforceMalformedRequest, match="REQUIRED_FIELD_MISSING"):
        tree("")
    assert _names(sf, "Name = 'Root'") == []
    told = tree("Leaf")
    assert [each["referenceId"] for each in told["results"]] == ["a", "c"]
    found = sf.query("SELECT Account.Name FROM Contact WHERE LastName = 'Leaf'")
    assert found["records"][0]["Account"]["Name"] == "Root"


def test_each_graph_succeeds_or_fails_by_itself(sf: Any) -> None:
    def graph(name: str, second: dict[str, object]) -> dict[str, object]:
        url = "/services/data/v61.0/sobjects/Account"
        bodies = [{"Name": name}, second]
        return {
            "graphId": name,
            "compositeRequest": [
                {"method": "POST", "url": url, "referenceId": f"r{n}", "body": body}
                for n, body in enumerate(bodies)
            ],
        }

    graphs = [graph("Good", {"Name": "Good 2"}), graph("Bad", {"Nope": 1})]
    told = sf.restful("composite/graph", method="POST", json={"graphs": graphs})
    assert [each["isSuccessful"] for each in told["graphs"]] == [True, False]
    assert _names(sf, "Name LIKE 'Good%' OR Name = 'Bad'") == ["Good", "Good 2"]


def test_a_collection_is_upserted_by_external_id(sf: Any) -> None:
    records = [
        {"attributes": {"type": "Account"}, "External_Key__c": key, "Name": name}
        for key, name in (("key-B", "Renamed"), ("key-Q", "Made"))
    ]
    told = sf.restful("composite/sobjects/Account/External_Key__c", method="PATCH",
                      json={"allOrNone": False, "records": records})  # fmt: skip
    assert [each["created"] for each in told] == [False, True]
    assert _names(sf, "External_Key__c IN ('key-B', 'key-Q')") == ["Made", "Renamed"]


def test_it_searches(sf: Any, ids: dict[str, str]) -> None:
    returning = "Account(Id, Name WHERE Industry != null), Contact(LastName)"
    found = sf.search(f"FIND {{Acme}} IN NAME FIELDS RETURNING {returning}")
    assert [(each["Id"], each["Name"]) for each in found["searchRecords"]] == [
        (ids["Acme"], "Acme")
    ]
    quick = sf.quick_search("ann@exam*")["searchRecords"]
    assert [each["attributes"]["type"] for each in quick] == ["Contact"]
    with pytest.raises(SalesforceMalformedRequest, match="MALFORMED_SEARCH"):
        sf.search("FIND Acme")


def test_what_no_ingest_job_can_be_is_refused(sf: Any) -> None:
    for body in ({"object": "Account", "operation": "merge"},
                 {"object": "Account", "operation": "upsert"}):  # fmt: skip
        with pytest.raises(SalesforceMalformedRequest, match="INVALIDJOB"):
            sf.restful("jobs/ingest", method="POST", json=body)
    with pytest.raises(SalesforceGeneralError):
        sf.restful("jobs/ingest", method="PUT")

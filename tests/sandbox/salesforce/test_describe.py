"""What the sandbox says about its objects."""

from typing import Any

import httpx
import pytest

from integrations.sandbox.salesforce.faults import Fault, FaultKind, Faults


def _fields(http: httpx.Client, sobject: str) -> dict[str, Any]:
    fields = http.get(f"/sobjects/{sobject}/describe").json()["fields"]
    return {field["name"]: field for field in fields}


@pytest.mark.parametrize(
    ("sobject", "field", "expected"),
    [
        ("Opportunity", "Amount",
         {"type": "currency", "soapType": "xsd:double", "nillable": True, "calculated": False}),
        ("Opportunity", "Name", {"type": "string", "length": 120, "nillable": False}),
        ("Opportunity", "IsWon", {"type": "boolean", "updateable": False, "nillable": False}),
        ("Opportunity", "Description", {"filterable": False, "sortable": False}),
        ("Opportunity", "Id", {"type": "id", "soapType": "tns:ID", "createable": False}),
        ("Task", "WhoId",
         {"referenceTo": ["Contact", "Lead"], "relationshipName": "Who", "namePointing": True}),
        ("User", "ManagerId", {"referenceTo": ["User"], "relationshipName": "Manager"}),
        ("Account", "External_Key__c", {"custom": True, "externalId": True}),
    ],
)  # fmt: skip
def test_a_field_is_described(
    reading: httpx.Client, sobject: str, field: str, expected: dict[str, Any]
) -> None:
    described = _fields(reading, sobject)[field]
    assert {name: described[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("sobject", "plural"), [("Opportunity", "Opportunities"), ("Task", "Tasks")]
)
def test_many_are_named_in_english(reading: httpx.Client, sobject: str, plural: str) -> None:
    assert reading.get(f"/sobjects/{sobject}/describe").json()["labelPlural"] == plural


def test_children_are_listed(reading: httpx.Client) -> None:
    relationships = reading.get("/sobjects/Account/describe").json()["childRelationships"]
    assert ("Opportunity", "AccountId", "Opportunities") in [
        (child["childSObject"], child["field"], child["relationshipName"])
        for child in relationships
    ]


def test_an_unchanged_description_is_not_sent_again(reading: httpx.Client) -> None:
    path = "/sobjects/Account/describe"
    first = reading.get(path)
    seen = {"If-Modified-Since": first.headers["Last-Modified"]}
    again = reading.get(path, headers=seen)
    assert (again.status_code, again.content) == (304, b"")
    older = {"If-Modified-Since": "Wed, 11 Mar 2026 09:59:59 GMT"}
    assert reading.get(path, headers=older).status_code == 200
    assert reading.get(path, headers={"If-Modified-Since": "nonsense"}).status_code == 200


def test_a_hidden_field_is_absent_everywhere(http: httpx.Client, faults: Faults) -> None:
    number = faults.add(Fault(kind=FaultKind.HIDDEN_FIELD, sobject="Opportunity", field="NextStep"))
    statement = {"q": "SELECT NextStep FROM Opportunity"}
    assert "NextStep" not in _fields(http, "Opportunity")
    assert http.get("/query", params=statement).json()[0]["errorCode"] == "INVALID_FIELD"
    faults.clear(number)
    assert "NextStep" in _fields(http, "Opportunity")
    assert http.get("/query", params=statement).status_code == 200


def test_an_object_is_summarised(reading: httpx.Client) -> None:
    summary = reading.get("/sobjects/task").json()["objectDescribe"]
    assert (summary["name"], summary["keyPrefix"], summary["deletable"]) == ("Task", "00T", True)
    assert summary["urls"]["rowTemplate"] == "/services/data/v61.0/sobjects/Task/{ID}"


def _types(http: httpx.Client) -> set[str]:
    return {choice["value"] for choice in _fields(http, "Task")["Type"]["picklistValues"]}


def test_a_list_grows_with_what_is_written_and_keeps_it(http: httpx.Client) -> None:
    before = _types(http)
    made = http.post("/sobjects/Task", json={"Subject": "A walk", "Type": "Walk"}).json()
    assert _types(http) == before | {"Walk"}
    http.delete(f"/sobjects/Task/{made['id']}")
    assert _types(http) == before | {"Walk"}


def test_what_was_taken_back_is_not_in_the_list(http: httpx.Client) -> None:
    before, kind = _types(http), {"attributes": {"type": "Task"}}
    records = [{**kind, "Type": "Swim"}, {**kind, "OwnerId": "none"}]
    told = http.post("/composite/sobjects", json={"allOrNone": True, "records": records}).json()
    assert [each["success"] for each in told] == [False, False]
    assert _types(http) == before

"""Writing records: what is refused, and what Salesforce works out itself."""

# ruff: noqa: S608 -- the statements are SOQL for a simulated Salesforce

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest

from integrations.sandbox.salesforce.ids import checksum

Ask = Callable[..., httpx.Response]


@pytest.mark.parametrize(
    ("sobject", "body", "code", "message", "fields"),
    [
        ("Account", {}, "REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]", ["Name"]),
        ("Account", {"Name": "x", "Nope": 1}, "INVALID_FIELD",
         "No such column 'Nope' on sobject of type Account", None),
        ("Opportunity", {"Name": "x", "IsWon": True}, "INVALID_FIELD_FOR_INSERT_UPDATE",
         ("Unable to create/update fields: IsWon. Please check the security settings of this field "
         "and verify that it is read/write for your profile or permission set."), ["IsWon"]),
        ("Opportunity", {"CloseDate": "31.12.2026"}, "JSON_PARSER_ERROR",
         ("Cannot deserialize instance of date from VALUE_STRING value 31.12.2026 or request may "
         "be missing a required field at [line:1, column:2]"), None),
        ("Opportunity", {"Amount": "much"}, "JSON_PARSER_ERROR",
         ("Cannot deserialize instance of currency from VALUE_STRING value much or request may be "
         "missing a required field at [line:1, column:2]"), None),
        ("Opportunity", {"StageName": "Nearly"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
         "StageName: bad value for restricted picklist field: Nearly", ["StageName"]),
        ("Opportunity", {"OwnerId": "005xx"}, "MALFORMED_ID",
         "OwnerId: id value of incorrect type: 005xx", ["OwnerId"]),
        ("Opportunity", {"AccountId": "001000000000999"}, "INVALID_CROSS_REFERENCE_KEY",
         "invalid cross reference id: 001000000000999AAA", ["AccountId"]),
        ("Contact", {"LastName": "x" * 81}, "STRING_TOO_LONG",
         f"Contact LastName: data value too large: {'x' * 81} (max length=80)", ["LastName"]),
        ("OpportunityHistory", {}, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
         "entity type OpportunityHistory does not support create", []),
    ],
)  # fmt: skip
def test_a_bad_record_is_refused(
    http: httpx.Client,
    sobject: str,
    body: dict[str, Any],
    code: str,
    message: str,
    fields: list[str] | None,
) -> None:
    reply = http.post(f"/sobjects/{sobject}", json=body)
    expected: dict[str, Any] = {"message": message, "errorCode": code}
    if fields is not None:
        expected["fields"] = fields
    assert (reply.status_code, reply.json()) == (400, [expected])


def test_a_created_record_gets_a_valid_id_and_a_location(http: httpx.Client) -> None:
    reply = http.post("/sobjects/Contact/", json={"LastName": "Poe", "FirstName": "Ed"})
    body = reply.json()
    assert (reply.status_code, body["success"], body["errors"]) == (201, True, [])
    assert body["id"].startswith("003")
    assert body["id"][15:] == checksum(body["id"][:15])
    assert reply.headers["Location"].endswith(f"/sobjects/Contact/{body['id']}")
    assert http.get(f"/sobjects/Contact/{body['id'][:15]}").json()["Name"] == "Ed Poe"


def test_only_the_wished_fields_are_read(http: httpx.Client, ids: dict[str, str]) -> None:
    reply = http.get(f"/sobjects/Account/{ids['Acme']}", params={"fields": "name,Industry"})
    url = f"/services/data/v61.0/sobjects/Account/{ids['Acme']}"
    assert reply.json() == {
        "attributes": {"type": "Account", "url": url},
        "Name": "Acme",
        "Industry": "Tech",
        "Id": ids["Acme"],
    }
    wrong = http.get(f"/sobjects/Account/{ids['Acme']}", params={"fields": "Nope"})
    assert (wrong.status_code, wrong.json()[0]["errorCode"]) == (400, "INVALID_FIELD")


def test_a_record_that_is_not_there_or_deleted_is_not_found(
    http: httpx.Client, ids: dict[str, str]
) -> None:
    missing = http.get("/sobjects/Account/001000000000999AAA")
    assert missing.status_code == 404
    assert missing.json() == [
        {
            "message": "Provided external ID field does not exist or is not accessible: "
            "001000000000999AAA",
            "errorCode": "NOT_FOUND",
        }
    ]
    deleted = http.get(f"/sobjects/Task/{ids['Task 4']}")
    assert (deleted.status_code, deleted.json()[0]["errorCode"]) == (404, "ENTITY_IS_DELETED")
    assert http.get("/sobjects/Nope/001000000000999AAA").json() == [
        {"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}
    ]


def test_a_stage_change_writes_history_and_what_follows_from_the_stage(
    http: httpx.Client, ask: Ask, ids: dict[str, str], later: Callable[..., datetime]
) -> None:
    later(minutes=7)
    change = {"StageName": "closed won", "Amount": 120}
    assert http.patch(f"/sobjects/Opportunity/{ids['Alpha']}", json=change).status_code == 204
    deal = http.get(f"/sobjects/Opportunity/{ids['Alpha']}").json()
    followed = ("StageName", "IsClosed", "IsWon", "Probability", "ForecastCategory")
    assert [deal[name] for name in followed] == ["Closed Won", True, True, 100.0, "Closed"]
    assert deal["ExpectedRevenue"] == 120.0
    statement = (
        "SELECT StageName, Amount, PrevAmount, Probability, CreatedDate FROM OpportunityHistory "
        f"WHERE OpportunityId = '{ids['Alpha']}'"
    )
    [row] = ask(statement).json()["records"]
    del row["attributes"]
    assert row == {
        "StageName": "Closed Won",
        "Amount": 120.0,
        "PrevAmount": 100.0,
        "Probability": 100.0,
        "CreatedDate": "2026-03-11T10:07:00.000+0000",
    }


def test_a_change_of_nothing_tracked_writes_no_history(
    http: httpx.Client, ask: Ask, ids: dict[str, str]
) -> None:
    http.patch(f"/sobjects/Opportunity/{ids['Alpha']}", json={"NextStep": "Wait", "Amount": 100})
    assert ask("SELECT COUNT() FROM OpportunityHistory").json()["totalSize"] == 2


def test_a_completed_task_is_closed_now(http: httpx.Client, ids: dict[str, str]) -> None:
    http.patch(f"/sobjects/Task/{ids['Task 2']}", json={"Status": "Completed"})
    task = http.get(f"/sobjects/Task/{ids['Task 2']}").json()
    assert (task["IsClosed"], task["CompletedDateTime"]) == (True, "2026-03-11T10:00:00.000+0000")


def test_users_are_never_deleted(http: httpx.Client, ids: dict[str, str]) -> None:
    reply = http.delete(f"/sobjects/User/{ids['Kim']}")
    assert reply.status_code == 400
    assert reply.json()[0]["errorCode"] == "INSUFFICIENT_ACCESS_OR_READONLY"


def test_a_required_field_cannot_be_emptied(http: httpx.Client, ids: dict[str, str]) -> None:
    reply = http.patch(f"/sobjects/Account/{ids['Acme']}", json={"Name": None})
    assert reply.json()[0]["errorCode"] == "REQUIRED_FIELD_MISSING"


def test_post_can_stand_for_patch(http: httpx.Client, ids: dict[str, str]) -> None:
    path = f"/sobjects/Account/{ids['Acme']}"
    reply = http.post(path, params={"_HttpMethod": "PATCH"}, json={"Industry": "Toys"})
    assert reply.status_code == 204
    assert http.get(path).json()["Industry"] == "Toys"


def test_the_external_id_may_not_be_in_the_body_of_an_upsert(http: httpx.Client) -> None:
    path = "/sobjects/Account/External_Key__c/key-A"
    reply = http.patch(path, json={"External_Key__c": "key-A"})
    assert reply.json()[0]["errorCode"] == "INVALID_FIELD"
    assert http.patch("/sobjects/Account/Industry/Tech", json={}).status_code == 404
    assert http.delete(path).status_code == 204
    assert http.get(path).status_code == 404


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[]", b""])
def test_a_body_that_is_no_object_is_refused(http: httpx.Client, body: bytes) -> None:
    reply = http.post("/sobjects/Account", content=body)
    assert (reply.status_code, reply.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")


@pytest.mark.parametrize(
    "body",
    [
        b'{"Name": "half \\ud800"}',
        b'{"Name": "x", "NumberOfEmployees": 99999999999999999999}',
        b'{"Name": "x", "AnnualRevenue": NaN}',
        b'{"Name": ["x"]}',
    ],
)
def test_hostile_values_are_refused(http: httpx.Client, body: bytes) -> None:
    reply = http.post("/sobjects/Account", content=body)
    assert (reply.status_code, reply.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")

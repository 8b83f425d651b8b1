"""Several requests in one."""

from typing import Any

import httpx

BASE = "/services/data/v61.0"


def _part(method: str, url: str, reference: str, body: object = None) -> dict[str, Any]:
    part = {"method": method, "url": BASE + url, "referenceId": reference}
    return part | ({"body": body} if body is not None else {})


def _composite(http: httpx.Client, *parts: dict[str, Any], **settings: object) -> Any:
    reply = http.post("/composite", json={"compositeRequest": parts, **settings})
    assert reply.status_code == 200
    return reply.json()["compositeResponse"]


def test_a_subrequest_may_refer_to_an_earlier_one(http: httpx.Client) -> None:
    results = _composite(
        http,
        _part("POST", "/sobjects/Account", "new", {"Name": "Parent"}),
        _part("POST", "/sobjects/Contact", "person", {"LastName": "X", "AccountId": "@{new.id}"}),
        _part("GET", "/query?q=SELECT+Account.Name+FROM+Contact+WHERE+LastName='X'", "ask"),
        _part("GET", "/sobjects/Account/@{ask.records[0].Account.Name}", "wrong"),
    )
    assert [result["httpStatusCode"] for result in results] == [201, 201, 200, 404]
    assert results[2]["body"]["records"][0]["Account"]["Name"] == "Parent"
    assert results[1]["referenceId"] == "person"


def test_all_or_none_undoes_everything_when_one_part_fails(http: httpx.Client) -> None:
    results = _composite(
        http,
        _part("POST", "/sobjects/Account", "one", {"Name": "Undone"}),
        _part("POST", "/sobjects/Account", "two", {}),
        _part("POST", "/sobjects/Account", "three", {"Name": "Never"}),
        allOrNone=True,
    )
    assert [result["body"][0]["errorCode"] for result in results] == [
        "PROCESSING_HALTED",
        "REQUIRED_FIELD_MISSING",
        "PROCESSING_HALTED",
    ]
    count = http.get("/query", params={"q": "SELECT COUNT() FROM Account"}).json()["totalSize"]
    assert count == 3


def test_without_all_or_none_the_good_parts_stay(http: httpx.Client) -> None:
    results = _composite(
        http,
        _part("POST", "/sobjects/Account", "one", {}),
        _part("POST", "/sobjects/Account", "two", {"Name": "Kept"}),
        _part("GET", "/sobjects/Account/@{one.id}", "three"),
    )
    assert [result["httpStatusCode"] for result in results] == [400, 201, 400]
    assert results[2]["body"][0]["errorCode"] == "PROCESSING_HALTED"


def test_more_than_25_subrequests_are_refused(http: httpx.Client) -> None:
    parts = [_part("GET", "/limits", f"r{n}") for n in range(26)]
    reply = http.post("/composite", json={"compositeRequest": parts})
    assert (reply.status_code, reply.json()[0]["errorCode"]) == (400, "LIMIT_EXCEEDED")


def test_a_batch_answers_each_and_counts_each(http: httpx.Client) -> None:
    parts = [
        {"method": "GET", "url": "v61.0/limits/recordCount?sObjects=User"},
        {"method": "POST", "url": "v61.0/sobjects/Account", "richInput": {"Name": "Batched"}},
        {"method": "GET", "url": "v61.0/nope"},
    ]
    reply = http.post("/composite/batch", json={"batchRequests": parts})
    body = reply.json()
    assert body["hasErrors"] is True
    assert [result["statusCode"] for result in body["results"]] == [200, 201, 404]
    assert reply.headers["Sforce-Limit-Info"] == "api-usage=4/100000"
    halted = http.post(
        "/composite/batch", json={"haltOnError": True, "batchRequests": parts[::-1]}
    ).json()
    assert [result["statusCode"] for result in halted["results"]] == [404, 412, 412]


def test_a_collection_is_created_changed_read_and_deleted(
    http: httpx.Client, ids: dict[str, str]
) -> None:
    kind = {"attributes": {"type": "Account"}}
    made = http.post(
        "/composite/sobjects",
        json={"allOrNone": False, "records": [{**kind, "Name": "A"}, {**kind}]},
    ).json()
    assert [result["success"] for result in made] == [True, False]
    assert made[1]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    new = made[0]["id"]
    changed = http.patch(
        "/composite/sobjects", json={"records": [{**kind, "id": new, "Industry": "Toys"}]}
    ).json()
    assert changed == [{"id": new, "success": True, "errors": []}]
    query = {"ids": f"{new},001000000000999AAA", "fields": "Industry"}
    found = http.get("/composite/sobjects/Account", params=query).json()
    assert (found[0]["Industry"], found[1]) == ("Toys", None)
    body = {"ids": [ids["Acme"]], "fields": ["Name"]}
    assert http.post("/composite/sobjects/Account", json=body).json()[0]["Name"] == "Acme"
    gone = http.delete("/composite/sobjects", params={"ids": f"{new},zzz"}).json()
    assert [result["success"] for result in gone] == [True, False]


def test_a_collection_can_be_all_or_none(http: httpx.Client) -> None:
    kind = {"attributes": {"type": "Account"}}
    results = http.post(
        "/composite/sobjects",
        json={"allOrNone": True, "records": [{**kind, "Name": "A"}, {**kind}]},
    ).json()
    assert [result["errors"][0]["statusCode"] for result in results] == [
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "REQUIRED_FIELD_MISSING",
    ]
    assert http.get("/limits/recordCount?sObjects=Account").json()["sObjects"][0]["count"] == 3

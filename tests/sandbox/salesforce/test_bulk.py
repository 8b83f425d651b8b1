"""Query jobs of Bulk API 2.0 on the wire."""

from typing import Any

import httpx
import pytest

from integrations.sandbox.serving import RunningServer


def _job(http: httpx.Client, query: str, **settings: str) -> httpx.Response:
    body = {"operation": "query", "query": query, **settings}
    return http.post("/jobs/query", json=body)


def _done(http: httpx.Client, query: str, **settings: str) -> dict[str, Any]:
    job = _job(http, query, **settings).json()
    assert job["state"] == "UploadComplete"
    finished: dict[str, Any] = http.get(f"/jobs/query/{job['id']}").json()
    return finished


def test_a_job_is_created_finished_read_and_deleted(http: httpx.Client) -> None:
    job = _done(http, "SELECT Name FROM Opportunity")
    assert (job["state"], job["numberRecordsProcessed"], job["object"]) == (
        "JobComplete",
        4,
        "Opportunity",
    )
    assert (job["apiVersion"], job["id"][:3], job["contentType"]) == (61.0, "750", "CSV")
    results = f"/jobs/query/{job['id']}/results"
    first = http.get(results, params={"maxRecords": 3})
    assert first.headers["Sforce-NumberOfRecords"] == "3"
    locator = first.headers["Sforce-Locator"]
    assert first.text == '"Name"\n"Delta"\n"Beta"\n"Gamma"\n'
    second = http.get(results, params={"maxRecords": 3, "locator": locator})
    assert second.headers["Sforce-Locator"] == "null"
    assert second.text == '"Name"\n"Alpha"\n'
    # A locator may be read again.
    assert http.get(results, params={"locator": locator}).text == second.text
    listed = http.get("/jobs/query").json()
    assert (listed["done"], [entry["id"] for entry in listed["records"]]) == (True, [job["id"]])
    assert http.delete(f"/jobs/query/{job['id']}").status_code == 204
    assert http.get(results).status_code == 404


def test_results_do_not_change_after_the_job_is_done(
    http: httpx.Client, ids: dict[str, str]
) -> None:
    job = _done(http, "SELECT Name FROM Account")
    http.delete(f"/sobjects/Account/{ids['Acme']}")
    assert '"Acme"' in http.get(f"/jobs/query/{job['id']}/results").text


def test_query_all_includes_what_is_deleted_and_archived(http: httpx.Client) -> None:
    job = _done(http, "SELECT Id FROM Task", operation="queryAll")
    assert job["numberRecordsProcessed"] == 4


def test_delimiter_and_line_ending_can_be_chosen(http: httpx.Client) -> None:
    statement = "SELECT Name, Amount FROM Opportunity WHERE Name = 'Beta'"
    job = _done(http, statement, columnDelimiter="TAB", lineEnding="CRLF")
    text = http.get(f"/jobs/query/{job['id']}/results").text
    assert text == '"Name"\t"Amount"\r\n"Beta"\t"250.5"\r\n'


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT COUNT() FROM Account", "not supported by the Bulk API"),
        ("SELECT Name, COUNT(Id) FROM Account GROUP BY Name", "not supported by the Bulk API"),
        ("SELECT Id FROM Account OFFSET 1", "OFFSET is not supported by the Bulk API"),
        ("SELECT Id, (SELECT Id FROM Contacts) FROM Account", "not supported by the Bulk API"),
        ("SELECT BillingAddress FROM Account",
         "Selecting compound data not supported in Bulk Query"),
        ("SELECT Nope FROM Account", "No such column 'Nope'"),
    ],
)  # fmt: skip
def test_what_bulk_queries_may_not_contain_is_refused(
    reading: httpx.Client, query: str, words: str
) -> None:
    reply = _job(reading, query)
    assert reply.status_code == 400
    assert words in reply.json()[0]["message"]


def test_a_job_can_be_aborted_until_it_is_done(http: httpx.Client) -> None:
    job = _job(http, "SELECT Id FROM Account").json()
    path = f"/jobs/query/{job['id']}"
    assert http.delete(path).json()[0]["errorCode"] == "INVALIDJOBSTATE"
    assert http.patch(path, json={"state": "Aborted"}).json()["state"] == "Aborted"
    assert http.get(path).json()["state"] == "Aborted"
    assert http.get(f"{path}/results").json()[0]["errorCode"] == "INVALIDJOBSTATE"
    done = _done(http, "SELECT Id FROM Account")
    refused = http.patch(f"/jobs/query/{done['id']}", json={"state": "Aborted"})
    assert refused.json()[0]["errorCode"] == "INVALIDJOBSTATE"


def test_results_are_read_with_the_version_of_the_job(
    http: httpx.Client, server: RunningServer
) -> None:
    job = _done(http, "SELECT Id FROM Account")
    url = f"{server.url}/services/data/v60.0/jobs/query/{job['id']}/results"
    assert http.get(url).status_code == 409


@pytest.mark.parametrize("locator", ["nonsense", "OTk", "MA"])
def test_a_wrong_locator_is_refused(http: httpx.Client, locator: str) -> None:
    job = _done(http, "SELECT Id FROM Account")
    reply = http.get(f"/jobs/query/{job['id']}/results", params={"locator": locator})
    assert (reply.status_code, reply.json()[0]["errorCode"]) == (400, "INVALID_QUERY_LOCATOR")


@pytest.mark.parametrize(
    "body",
    [
        {"operation": "insert", "query": "SELECT Id FROM Account"},
        {"operation": "query"},
        {"operation": "query", "query": "SELECT Id FROM Account", "columnDelimiter": "SPACE"},
    ],
)
def test_a_job_that_cannot_be_is_refused(reading: httpx.Client, body: dict[str, str]) -> None:
    assert reading.post("/jobs/query", json=body).status_code == 400


def test_a_time_of_day_is_written_with_a_z_and_text_is_quoted(http: httpx.Client) -> None:
    http.post("/sobjects/Account", json={"Name": 'Say "hi", now\nplease'})
    statement = "SELECT Name, CreatedDate, NumberOfEmployees FROM Account WHERE Name LIKE 'Say%'"
    job = _done(http, statement)
    text = http.get(f"/jobs/query/{job['id']}/results").text
    assert text.endswith('"Say ""hi"", now\nplease","2026-03-11T10:00:00.000Z",""\n')

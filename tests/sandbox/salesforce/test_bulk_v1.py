"""Bulk API 1.0, by simple-salesforce and by hand: CSV and XML, as older clients speak it."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceGeneralError,
    SalesforceMalformedRequest,
)

from integrations.sandbox.salesforce.faults import Fault, FaultKind, Faults
from integrations.sandbox.serving import RunningServer

NAMESPACE = "http://www.force.com/2009/06/asyncapi/dataload"
JOB = (
    '<?xml version="1.0" encoding="UTF-8"?><jobInfo xmlns="{space}"><operation>{operation}'
    "</operation><object>{sobject}</object>{more}<contentType>{content}</contentType></jobInfo>"
)


def elements(text: str) -> list[tuple[str, str]]:
    """Leaves of a document, in order, without their namespace."""
    return [
        (each.tag.removeprefix(f"{{{NAMESPACE}}}"), each.text or "")
        for each in ET.fromstring(text).iter()  # noqa: S314 -- the sandbox wrote it
        if not len(each)
    ]


class Xml:
    """A client that sends and reads documents, as the first ones did."""

    def __init__(self, url: str, bearer: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/services/async/40.0",
                                  headers={"X-SFDC-Session": bearer})  # fmt: skip

    def close(self) -> None:
        self._http.close()

    def get(self, path: str) -> httpx.Response:
        return self._http.get(path)

    def post(self, path: str, content: str, media_type: str = "application/xml") -> dict[str, str]:
        headers = {"Content-Type": f"{media_type}; charset=UTF-8"}
        reply = self._http.post(path, content=content.encode(), headers=headers)
        assert reply.status_code in {200, 201}, reply.text
        return dict(elements(reply.text))

    def job(
        self, operation: str, sobject: str, content: str, more: str = "", **headers: str
    ) -> str:
        text = JOB.format(space=NAMESPACE, operation=operation, sobject=sobject, more=more,
                          content=content)  # fmt: skip
        self._http.headers.update(headers)
        return self.post("/job", text)["id"]

    def results(self, job: str, batch: str) -> list[str]:
        """The documents or files that a query's batch has found."""
        at = f"/job/{job}/batch/{batch}/result"
        return [self.get(f"{at}/{name}").text for _, name in elements(self.get(at).text)]


@pytest.fixture
def xml(server: RunningServer, login: Callable[[], dict[str, str]]) -> Iterator[Xml]:
    client = Xml(server.url, login()["Authorization"].removeprefix("Bearer "))
    yield client
    client.close()


def test_simple_salesforce_inserts_updates_upserts_and_deletes(sf: Any) -> None:
    accounts = sf.bulk.Account
    rows = [{"Name": "One"}, {"Name": "Two", "NumberOfEmployees": "many"}, {"Name": "Three"}]
    made = accounts.insert(rows, batch_size=2)
    assert [each["success"] for each in made] == [True, False, True]
    assert made[1]["errors"][0]["statusCode"] == "INVALID_TYPE_ON_FIELD_IN_RECORD"
    known = [
        {"Name": "Uno", "External_Key__c": "v1"},
        {"Name": "Acme 2", "External_Key__c": "key-A"},
    ]
    upserted = accounts.upsert(known, "External_Key__c")
    assert [each["created"] for each in upserted] == [True, False]
    detailed = accounts.update(
        [{"Id": made[0]["id"], "Name": "Ein"}], include_detailed_results=True
    )
    assert (detailed[0]["Name"], sf.Account.get(made[0]["id"])["Name"]) == ("Ein", "Ein")
    assert accounts.delete([{"Id": made[0]["id"]}])[0]["success"] is True
    assert accounts.hard_delete([{"Id": made[2]["id"]}])[0]["success"] is True
    named = "SELECT Name FROM Account WHERE Name IN ('Ein', 'Three')"
    assert accounts.query(named) == []
    assert [each["Name"] for each in accounts.query_all(named)] == ["Ein"]


def test_simple_salesforce_names_a_parent_by_its_own_key(sf: Any, ids: dict[str, str]) -> None:
    row = {"LastName": "Bee", "Account": {"External_Key__c": "key-A"}}
    made = sf.bulk.Contact.insert([row], batch_size="auto", use_serial=True)
    assert made == []  # its own sizing forgets a list of one
    made = sf.bulk.submit_dml("Contact", "insert", [row])
    assert sf.Contact.get(made[0]["id"])["AccountId"] == ids["Acme"]


def test_simple_salesforce_queries_and_reads_times_as_milliseconds(sf: Any) -> None:
    statement = (
        "SELECT Name, Owner.Name, CreatedDate, CloseDate FROM Opportunity WHERE IsWon = TRUE"
    )
    [record] = sf.bulk.Opportunity.query(statement)
    assert (record["Name"], record["Owner"]["Name"]) == ("Beta", "Zoë Ångström")
    assert (record["CreatedDate"], record["CloseDate"]) == (1767614400000, 1773100800000)
    pages = list(sf.bulk.Task.query_all("SELECT Id FROM Task", lazy_operation=True))
    assert [len(page) for page in pages] == [4]


def test_simple_salesforce_learns_why_a_job_or_a_query_is_refused(sf: Any) -> None:
    with pytest.raises(SalesforceMalformedRequest, match="Unable to find object: Foo"):
        sf.bulk.Foo.query("SELECT Id FROM Foo")
    with pytest.raises(SalesforceGeneralError, match=r"InvalidBatch.*INVALID_FIELD"):
        sf.bulk.Account.query("SELECT Nope FROM Account")
    with pytest.raises(SalesforceGeneralError, match="not supported by the Bulk API"):
        sf.bulk.Account.query("SELECT COUNT(Id) FROM Account GROUP BY Name")


def test_csv_goes_in_and_comes_out_of_jobs_told_of_in_xml(xml: Xml) -> None:
    job = xml.job("insert", "Account", "CSV")
    content = 'Name,NumberOfEmployees,Industry\n"New, & ""Co""",5,#N/A\n,7,\n'
    batch = xml.post(f"/job/{job}/batch", content, "text/csv")
    assert (batch["state"], batch["jobId"]) == ("Queued", job)
    at = f"/job/{job}/batch/{batch['id']}"
    assert xml.get(f"{at}/request").text == content
    assert dict(elements(xml.get(at).text))["state"] == "Completed"
    told = list(csv.reader(io.StringIO(xml.get(f"{at}/result").text)))
    assert told[0] == ["Id", "Success", "Created", "Error"]
    assert told[1][1:] == ["true", "true", ""]
    assert told[2][:3] == ["", "false", "false"]
    assert told[2][3] == "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --"
    closed = '<jobInfo xmlns="x"><state>Closed</state></jobInfo>'
    counts = xml.post(f"/job/{job}", closed)
    assert (counts["state"], counts["numberRecordsFailed"]) == ("Closed", "1")
    late = xml._http.post(f"/job/{job}/batch", content=b"Name\nLate\n")
    assert (late.status_code, dict(elements(late.text))["exceptionCode"]) == (
        400,
        "InvalidJobState",
    )


def test_a_csv_query_that_finds_nothing_says_so(xml: Xml) -> None:
    job = xml.job("query", "Account", "CSV")
    batch = xml.post(f"/job/{job}/batch", "SELECT Id FROM Account WHERE Name = 'x'", "text/csv")
    xml.get(f"/job/{job}/batch/{batch['id']}")
    assert xml.results(job, batch["id"]) == ["Records not found for this query"]


def test_records_go_in_and_come_out_as_xml(xml: Xml) -> None:
    more = "<externalIdFieldName>External_Key__c</externalIdFieldName>"
    job = xml.job("upsert", "Account", "XML", more)
    content = (
        f'<sObjects xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        "<sObject><External_Key__c>key-A</External_Key__c><Name>A &amp; B</Name>"
        '<Industry xsi:nil="true"/></sObject><sObject><Name>x</Name><Nope>1</Nope></sObject>'
        "</sObjects>"
    )
    batch = xml.post(f"/job/{job}/batch", content)
    xml.get(f"/job/{job}")
    told = elements(xml.get(f"/job/{job}/batch/{batch['id']}/result").text)
    assert ("created", "false") in told
    assert ("statusCode", "INVALID_FIELD") in told
    query = xml.job("query", "Account", "XML")
    asked = "SELECT Name, Industry, Owner.IsActive FROM Account WHERE External_Key__c = 'key-A'"
    batch = xml.post(f"/job/{query}/batch", asked)
    xml.get(f"/job/{query}/batch")
    [found] = xml.results(query, batch["id"])
    assert elements(found) == [
        ("type", "Account"), ("Name", "A & B"), ("Industry", ""), ("type", "User"),
        ("IsActive", "true"),
    ]  # fmt: skip


def test_pk_chunking_cuts_the_answer_by_ids(xml: Xml, ids: dict[str, str]) -> None:
    job = xml.job("queryAll", "Task", "CSV", **{"Sforce-Enable-PKChunking": "chunkSize=3"})
    first = xml.post(f"/job/{job}/batch", "SELECT Id FROM Task", "text/csv")
    assert first["state"] == "NotProcessed"
    told = elements(xml.get(f"/job/{job}/batch").text)
    batches = [value for name, value in told if name == "id"][1:]
    files = [xml.results(job, batch) for batch in batches]
    found = [line for [file] in files for line in file.replace('"', "").split()[1:]]
    assert ([len(file.split()) - 1 for [file] in files], len(batches)) == ([3, 1], 2)
    assert found == [ids[f"Task {number}"] for number in (1, 2, 3, 4)]


def test_an_ended_session_and_a_failed_batch_are_told(sf: Any, faults: Faults) -> None:
    faults.add(Fault(kind=FaultKind.FAIL_JOBS, path="/batch/", times=1))
    with pytest.raises(SalesforceGeneralError, match="InternalServerError"):
        sf.bulk.Account.query("SELECT Id FROM Account")
    faults.add(Fault(kind=FaultKind.EXPIRE_SESSIONS, path="/services/async", times=1))
    with pytest.raises(SalesforceMalformedRequest) as ended:
        sf.bulk.Account.query("SELECT Id FROM Account")
    assert not isinstance(ended.value, SalesforceExpiredSession)
    content: Any = ended.value.content
    assert content["exceptionCode"] == "InvalidSessionId"

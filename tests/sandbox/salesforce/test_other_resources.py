"""What clients ask beside records and queries."""

import base64
import hashlib
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.serving import RunningServer

BACK = "http://localhost:1717/OauthRedirect"
ENVELOPE = (
    '<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/">'
    "<soap-env:Header><SessionHeader><sessionId>{session}</sessionId></SessionHeader>"
    "</soap-env:Header><soap-env:Body>{body}</soap-env:Body></soap-env:Envelope>"
)


def soap(server: RunningServer, service: str, body: str, session: str = "") -> httpx.Response:
    return httpx.post(
        f"{server.url}/services/Soap/{service}",
        content=ENVELOPE.format(session=session, body=body),
        headers={"Content-Type": "text/xml", "SOAPAction": '""'},
    )


@pytest.mark.parametrize(
    ("path", "at", "expected"),
    [
        ("/recent?limit=2", (1, "attributes", "type"), "Opportunity"),
        ("/tabs", (0, "url"), "/005/o"),
        ("/theme", ("themeItems", 0, "name"), "User"),
        ("/quickActions", (), []),
        ("/sobjects/Account/quickActions", (), []),
        ("/sobjects/Account/listviews", ("sobjectType",), "Account"),
        ("/sobjects/Account/describe/compactLayouts", ("compactLayouts",), []),
        ("/sobjects/Account/describe/approvalLayouts", ("approvalLayouts",), []),
        ("/sobjects/Account/describe/layouts",
         ("recordTypeMappings", 0, "recordTypeId"), "012000000000000AAA"),
        ("/query?explain=SELECT+Id+FROM+Account", ("plans", 0, "cardinality"), 3),
        ("/tooling/sobjects/ApexClass/describe", ("fields", 0, "name"), "Id"),
        ("/tooling/sobjects", ("sobjects", 0, "name"), "ApexClass"),
        ("/tooling/executeAnonymous?anonymousBody=x", ("success",), False),
        ("/sobjects/Opportunity/{Beta}/Account", ("Name",), "Acme"),
        ("/sobjects/Opportunity/{Beta}/Owner?fields=Name", ("Name",), "Zoë Ångström"),
        ("/sobjects/Account/{Acme}/Opportunities?fields=Name", ("records", 0, "Name"), "Alpha"),
        ("/sobjects/Account/External_Key__c/key-A", ("Id",), "{Acme}"),
        ("/sobjects/User/{me}", ("Username",), Credentials().username),
        ("/sobjects/User/{Kim}/password", ("isExpired",), False),
        ("/analytics/reports", (), []),
        ("/parameterizedSearch?q=Acme&sobject=Account", ("searchRecords", 0, "Id"), "{Acme}"),
        ("/", ("recent",), "/services/data/v61.0/recent"),
    ],
)  # fmt: skip
def test_a_resource_answers(
    reading: httpx.Client,
    ids: dict[str, str],
    path: str,
    at: tuple[str | int, ...],
    expected: object,
) -> None:
    known = {**ids, "me": Credentials().user_id}
    for name, record_id in known.items():
        path = path.replace(f"{{{name}}}", record_id)
        expected = record_id if expected == f"{{{name}}}" else expected
    reply = reading.get(path)
    assert reply.status_code == 200, reply.text
    found = reply.json()
    for step in at:
        found = found[step]
    assert found == expected


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/sobjects/Account/{Acme}/Nopes", 404, "NOT_FOUND"),
        ("/sobjects/Task/{Task 2}/What", 404, "NOT_FOUND"),
        ("/sobjects/Account/describe/layouts/012000000000001AAA", 404, "NOT_FOUND"),
        ("/tooling/sobjects/Nope/describe", 404, "NOT_FOUND"),
        ("/tooling/query?q=SELECT+Nope+FROM+ApexClass", 400, "INVALID_FIELD"),
        ("/tooling/query?q=SELECT+Id+FROM+Nope", 400, "INVALID_TYPE"),
        ("/query?explain=SELECT+Nope+FROM+Account", 400, "INVALID_FIELD"),
    ],
)
def test_what_is_not_there_is_refused(
    reading: httpx.Client, ids: dict[str, str], path: str, status: int, code: str
) -> None:
    for name, record_id in ids.items():
        path = path.replace(f"{{{name}}}", record_id)
    reply = reading.get(path)
    assert (reply.status_code, reply.json()[0]["errorCode"]) == (status, code)


def test_a_file_comes_in_as_a_part_of_its_own(http: httpx.Client, ids: dict[str, str]) -> None:
    document = f'{{"Name": "note.txt", "ParentId": "{ids["Acme"]}", "ContentType": "text/plain"}}'
    files = {
        "entity_attachment": (None, document.encode(), "application/json"),
        "Body": ("note.txt", b"\x00\xff words", "text/plain"),
    }
    made = http.post("/sobjects/Attachment", files=files).json()["id"]
    record = http.get(f"/sobjects/Attachment/{made}").json()
    assert record["BodyLength"] == 8
    assert record["Body"] == f"/services/data/v61.0/sobjects/Attachment/{made}/Body"
    query = http.get("/query", params={"q": "SELECT Body FROM Attachment"}).json()
    assert query["records"][0]["Body"] == record["Body"]
    content = http.get(f"/sobjects/Attachment/{made}/Body")
    assert (content.content, content.headers["Content-Type"]) == (b"\x00\xff words", "text/plain")
    broken = http.post("/sobjects/Attachment", json={"Body": "no base64!"})
    assert (broken.status_code, broken.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")


def test_an_ingest_job_may_come_with_its_data(http: httpx.Client) -> None:
    job = b'{"object": "Account", "operation": "insert", "contentType": "CSV"}'
    files = {
        "job": (None, job, "application/json"),
        "content": ("content", b"Name\nParted\n", "text/csv"),
    }
    made = http.post("/jobs/ingest", files=files).json()
    assert made["state"] == "UploadComplete"
    told = http.get(f"/jobs/ingest/{made['id']}").json()
    assert (told["state"], told["numberRecordsProcessed"]) == ("JobComplete", 1)


def test_a_person_allows_a_client_in_by_a_code(
    server: RunningServer, credentials: Credentials
) -> None:
    verifier = "v" * 43
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    asked = {
        "response_type": "code", "client_id": credentials.client_id, "redirect_uri": BACK,
        "state": "s", "code_challenge": digest.decode().rstrip("="),
    }  # fmt: skip
    sent = httpx.get(f"{server.url}/services/oauth2/authorize", params=asked)
    back = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert (sent.status_code, back["state"]) == (302, ["s"])
    form = {
        "grant_type": "authorization_code", "client_id": credentials.client_id,
        "redirect_uri": BACK, "code": back["code"][0],
    }  # fmt: skip
    token = f"{server.url}/services/oauth2/token"
    told = httpx.post(token, data={**form, "code_verifier": verifier}).json()
    assert told["refresh_token"] == credentials.refresh_token
    again = httpx.post(token, data={**form, "code_verifier": verifier})
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    secret = {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
    introspect = f"{server.url}/services/oauth2/introspect"
    seen = httpx.post(introspect, data={**secret, "token": told["access_token"]}).json()
    assert (seen["active"], seen["username"]) == (True, credentials.username)
    assert httpx.post(introspect, data={**secret, "token": "x"}).json() == {"active": False}
    identity = httpx.get(told["id"], params={"oauth_token": told["access_token"]})
    assert identity.json()["username"] == credentials.username


def test_a_code_is_good_only_with_its_verifier(
    server: RunningServer, credentials: Credentials
) -> None:
    asked = {"response_type": "code", "client_id": credentials.client_id, "redirect_uri": BACK}
    authorize = f"{server.url}/services/oauth2/authorize"
    sent = httpx.get(authorize, params={**asked, "code_challenge": "other"})
    code = parse_qs(urlsplit(sent.headers["Location"]).query)["code"][0]
    form = {"grant_type": "authorization_code", "client_id": credentials.client_id,
            "redirect_uri": BACK, "code": code, "code_verifier": "v" * 43}  # fmt: skip
    refused = httpx.post(f"{server.url}/services/oauth2/token", data=form)
    assert refused.json()["error"] == "invalid_grant"
    assert httpx.get(authorize, params={**asked, "client_id": "x"}).status_code == 400


def test_the_enterprise_and_the_partner_each_log_in_in_their_own_words(
    server: RunningServer, credentials: Credentials
) -> None:
    secret = credentials.password + credentials.security_token
    body = (f"<urn:login><urn:username>{credentials.username}</urn:username>"
            f"<urn:password>{secret}</urn:password></urn:login>")  # fmt: skip
    enterprise, partner = soap(server, "c/60.0", body).text, soap(server, "u/60.0", body).text
    assert 'xmlns="urn:enterprise.soap.sforce.com"' in enterprise
    assert f"{server.url}/services/Soap/c/60.0/" in enterprise
    assert 'xmlns="urn:partner.soap.sforce.com"' in partner
    session = partner.partition("<sessionId>")[2].partition("<")[0]
    told = soap(server, "u/60.0", "<ns0:getUserInfo/>", session)
    assert f"<userName>{credentials.username}</userName>" in told.text
    told = soap(server, "u/60.0", "<getServerTimestamp/>", session)
    assert "<timestamp>2026-03-11T10:00:00.000Z</timestamp>" in told.text
    assert soap(server, "u/60.0", "<logout/>", session).status_code == 200
    ended = soap(server, "u/60.0", "<logout/>", session)
    assert (ended.status_code, "INVALID_SESSION_ID" in ended.text) == (500, True)


def test_apex_is_refused_as_where_there_is_none(
    server: RunningServer, login: Callable[[], dict[str, str]]
) -> None:
    address = f"{server.url}/services/apexrest/Mine"
    refused = httpx.get(address, headers=login())
    assert (refused.status_code, refused.json()[0]["message"]) == (
        404, "Could not find a match for URL",
    )  # fmt: skip
    assert httpx.get(address).status_code == 401


def test_names_of_headers_are_written_as_salesforce_writes_them(server: RunningServer) -> None:
    """Airbyte's extractor looks for them with regard to case, and fails on small letters."""
    with socket.create_connection(("127.0.0.1", server.port)) as wire:
        wire.sendall(b"GET /services/data HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        head = wire.recv(65_536).partition(b"\r\n\r\n")[0]
    assert b"\r\nContent-Type: application/json" in head


def test_a_user_sets_a_password(http: httpx.Client, ids: dict[str, str]) -> None:
    address = f"/sobjects/User/{ids['Kim']}/password"
    assert http.post(address, json={"NewPassword": "long enough"}).status_code == 204
    short = http.post(address, json={"NewPassword": "short"})
    assert short.json()[0]["errorCode"] == "INVALID_NEW_PASSWORD"
    assert "NewPassword" in http.delete(address).json()


def test_who_makes_a_record_is_found_as_its_owner(http: httpx.Client) -> None:
    users = {"q": "SELECT COUNT() FROM User"}
    before = http.get("/query", params=users).json()["totalSize"]
    made = http.post("/sobjects/Account", json={"Name": "Mine"}).json()["id"]
    asked = {"q": f"SELECT Owner.Name, CreatedBy.Username FROM Account WHERE Id = '{made}'"}  # noqa: S608 -- SOQL
    [record] = http.get("/query", params=asked).json()["records"]
    known = Credentials()
    assert record["Owner"]["Name"] == known.display_name
    assert record["CreatedBy"]["Username"] == known.username
    assert http.get("/query", params=users).json()["totalSize"] == before + 1


def named(columns: list[dict[str, Any]]) -> dict[str, object]:
    """Each column with its kind, or with the columns below it."""
    return {
        each["columnName"]: named(each["joinColumns"])
        if each["joinColumns"]
        else (each["apexType"], each["aggregate"])
        for each in columns
    }


def test_a_statement_tells_its_columns_as_the_command_line_asks(reading: httpx.Client) -> None:
    def told(statement: str) -> dict[str, Any]:
        found: dict[str, Any] = reading.get(
            "/query", params={"q": statement, "columns": "true"}
        ).json()
        return found

    plain = told(
        "SELECT Id, Amount, Account.Owner.IsActive, (SELECT StageName FROM OpportunityHistories) "
        "FROM Opportunity"
    )
    assert (plain["entityName"], plain["keyPrefix"], plain["idSelected"]) == (
        "Opportunity", "006", True,
    )  # fmt: skip
    assert named(plain["columnMetadata"]) == {
        "Id": ("Id", False),
        "Amount": ("Double", False),
        "Account": {"Owner": {"IsActive": ("Boolean", False)}},
        "OpportunityHistories": {"StageName": ("String", False)},
    }
    assert plain["columnMetadata"][3]["aggregate"] is True
    grouped = told("SELECT Name, COUNT(Id) FROM Account GROUP BY Name")
    assert (grouped["groupBy"], named(grouped["columnMetadata"])) == (
        True, {"Name": ("String", True), "expr0": ("String", True)},
    )  # fmt: skip
    typed = told("SELECT TYPEOF What WHEN Account THEN Phone ELSE Name END FROM Task")
    assert named(typed["columnMetadata"]) == {
        "What": {"Phone": ("String", False), "Name": ("String", False)}
    }


def test_nobody_may_stream_and_is_told_not_to_try_again(server: RunningServer) -> None:
    asked = [{"channel": "/meta/handshake", "id": "1", "version": "1.0"}]
    [answer] = httpx.post(f"{server.url}/cometd/61.0/handshake", json=asked).json()
    assert (answer["channel"], answer["id"], answer["successful"]) == (
        "/meta/handshake",
        "1",
        False,
    )
    assert answer["error"].startswith("403:denied")
    assert answer["advice"]["reconnect"] == "none"


def test_two_thousand_records_are_read_at_once_and_no_more(
    http: httpx.Client, ids: dict[str, str]
) -> None:
    asked = {"ids": [ids["Acme"]] * 2_000, "fields": ["Name"]}
    found = http.post("/composite/sobjects/Account", json=asked).json()
    assert {each["Name"] for each in found} == {"Acme"}
    asked["ids"].append(ids["Acme"])
    [refusal] = http.post("/composite/sobjects/Account", json=asked).json()
    assert refusal["errorCode"] == "EXCEEDED_ID_LIMIT"


def test_bulk_loads_come_as_csv_only(http: httpx.Client) -> None:
    job = {"object": "Account", "operation": "insert", "contentType": "JSON"}
    refused = http.post("/jobs/ingest", json=job)
    assert (refused.status_code, "Only CSV" in refused.text) == (400, True)

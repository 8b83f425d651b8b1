"""Records over SOAP, as clients of the partner API ask for them."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import httpx
import pytest

from integrations.sandbox.serving import RunningServer

Ask = Callable[..., httpx.Response]
PARTNER = "{urn:partner.soap.sforce.com}"
FIELD = "{urn:sobject.partner.soap.sforce.com}"
ENVELOPE = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns="urn:partner.soap.sforce.com"><e:Header><SessionHeader><sessionId>{session}</sessionId>'
    "</SessionHeader>{options}</e:Header><e:Body>{body}</e:Body></e:Envelope>"
)


@pytest.fixture
def soap(server: RunningServer, login: Callable[[], dict[str, str]]) -> Ask:
    session = login()["Authorization"].removeprefix("Bearer ")

    def soap(body: str, *, options: str = "", session: str = session) -> httpx.Response:
        content = ENVELOPE.format(session=session, options=options, body=body)
        return httpx.post(f"{server.url}/services/Soap/u/60.0", content=content)

    return soap


def results(reply: httpx.Response, *names: str) -> list[tuple[str | None, ...]]:
    """These members of each result."""
    assert reply.status_code == 200, reply.text
    found = ET.fromstring(reply.text).iter(f"{PARTNER}result")  # noqa: S314 -- the sandbox wrote it
    return [tuple(each.findtext(f".//{PARTNER}{name}") for name in names) for each in found]


def fields(reply: httpx.Response, name: str) -> list[str | None]:
    document = ET.fromstring(reply.text)  # noqa: S314 -- the sandbox wrote it
    return [each.text for each in document.iter(f"{FIELD}{name}")]


def test_it_queries_page_by_page(soap: Ask) -> None:
    asked = "<query><queryString>SELECT Name FROM Opportunity ORDER BY Name</queryString></query>"
    first = soap(asked)
    [(done, locator, size)] = results(first, "done", "queryLocator", "size")
    assert (fields(first, "Name"), done, size) == (["Alpha", "Beta"], "false", "4")
    second = soap(f"<queryMore><queryLocator>{locator}</queryLocator></queryMore>")
    assert fields(second, "Name") == ["Delta", "Gamma"]
    assert results(second, "done", "queryLocator") == [("true", "")]
    wide = "<QueryOptions><batchSize>200</batchSize></QueryOptions>"
    assert results(soap(asked, options=wide), "done") == [("true",)]


def test_it_reads_what_is_deleted_and_parents_and_children(soap: Ask) -> None:
    every = "<queryAll><queryString>SELECT Subject FROM Task</queryString></queryAll>"
    assert results(soap(every), "size") == [("4",)]
    family = soap(
        "<query><queryString>SELECT Owner.Name, (SELECT LastName FROM Contacts) FROM Account "
        "WHERE Name = 'Acme'</queryString></query>"
    )
    assert (fields(family, "Name"), fields(family, "LastName")) == (["Kim Lee"], ["Ay"])


def test_it_makes_changes_reads_and_deletes(soap: Ask, ids: dict[str, str]) -> None:
    made = soap(
        "<create><sObjects><type>Account</type><Name>A &amp; B</Name><Fax>1</Fax></sObjects>"
        "<sObjects><type>Account</type></sObjects></create>"
    )
    told = results(made, "success", "statusCode", "id")
    assert [each[:2] for each in told] == [("true", None), ("false", "REQUIRED_FIELD_MISSING")]
    account = told[0][2]
    changed = soap(
        f"<update><sObjects><type>Account</type><fieldsToNull>Fax</fieldsToNull><Id>{account}</Id>"
        "<Name>C</Name></sObjects></update>"
    )
    assert results(changed, "success") == [("true",)]
    upserted = soap(
        "<upsert><externalIDFieldName>External_Key__c</externalIDFieldName><sObjects>"
        "<type>Account</type><External_Key__c>key-A</External_Key__c><Name>Acme 2</Name>"
        "</sObjects></upsert>"
    )
    assert results(upserted, "created", "id") == [("false", ids["Acme"])]
    asked = (f"<retrieve><fieldList>Name, Fax</fieldList><sObjectType>Account</sObjectType>"
             f"<ids>{account}</ids><ids>{ids['Acme']}</ids><ids>001000000000009AAA</ids>"
             f"</retrieve>")  # fmt: skip
    read = soap(asked)
    assert (fields(read, "Name"), fields(read, "Fax")) == (["C", "Acme 2"], [None, None])
    gone = soap(f"<delete><ids>{account}</ids><ids>{account}</ids></delete>")
    assert results(gone, "success", "statusCode") == [
        ("true", None), ("false", "ENTITY_IS_DELETED"),
    ]  # fmt: skip


def test_it_describes(soap: Ask) -> None:
    assert "<name>Opportunity</name>" in soap("<describeGlobal/>").text
    asked = (
        "<describeSObjects><sObjectType>Account</sObjectType><sObjectType>Task</sObjectType>"
        "</describeSObjects>"
    )
    assert results(soap(asked), "keyPrefix", "urlNew") == [("001", "/001/e"), ("00T", "/00T/e")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<query><queryString>SELECT Nope FROM Account</queryString></query>", "INVALID_FIELD"),
        ("<queryMore><queryLocator>x</queryLocator></queryMore>", "INVALID_QUERY_LOCATOR"),
        ("<sendEmail/>", "INVALID_TYPE"),
        ("<getUpdated><sObjectType>Task</sObjectType></getUpdated>", "MISSING_ARGUMENT"),
    ],
)
def test_what_it_cannot_do_is_a_fault(soap: Ask, body: str, code: str) -> None:
    reply = soap(body)
    assert (reply.status_code, f"<sf:exceptionCode>{code}<" in reply.text) == (500, True)


def test_without_a_session_nothing_is_told(soap: Ask) -> None:
    reply = soap("<describeGlobal/>", session="x")
    assert (reply.status_code, "INVALID_SESSION_ID" in reply.text) == (500, True)

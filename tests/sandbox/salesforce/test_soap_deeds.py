"""SOAP beyond reading and saving: what changed, the bin, merging, converting, and troubles."""

from collections.abc import Callable

import pytest

from integrations.sandbox.salesforce.faults import Fault, FaultKind, Faults
from tests.sandbox.salesforce.test_soap_records import ENVELOPE, Ask, fields, results, soap

__all__ = ["ENVELOPE", "soap"]


def query(soap: Ask, statement: str, name: str) -> list[str | None]:
    return fields(soap(f"<queryAll><queryString>{statement}</queryString></queryAll>"), name)


def test_it_tells_what_changed_and_what_went(soap: Ask, ids: dict[str, str]) -> None:
    window = "<startDate>2026-03-05T00:00:00Z</startDate><endDate>2026-03-11T10:00:00Z</endDate>"
    told = soap(f"<getUpdated><sObjectType>Task</sObjectType>{window}</getUpdated>")
    assert results(told, "latestDateCovered") == [("2026-03-11T10:00:00.000Z",)]
    assert told.text.count("<ids>") == 2
    gone = soap(f"<getDeleted><sObjectType>Task</sObjectType>{window}</getDeleted>")
    assert results(gone, "id", "deletedDate") == [(ids["Task 4"], "2026-03-06T09:00:00.000Z")]


def test_what_is_in_the_bin_comes_back_once_or_goes_for_good(
    soap: Ask, ids: dict[str, str]
) -> None:
    task = ids["Task 4"]
    assert results(soap(f"<undelete><ids>{task}</ids><ids>{task}</ids></undelete>"), "success") == [
        ("true",), ("false",),
    ]  # fmt: skip
    soap(f"<delete><ids>{task}</ids></delete>")
    emptied = soap(f"<emptyRecycleBin><ids>{task[:15]}</ids></emptyRecycleBin>")
    assert results(emptied, "id") == [(task,)]
    assert query(soap, f"SELECT Id FROM Task WHERE Id = '{task}'", "Id") == []  # noqa: S608 -- SOQL


def test_twins_are_merged_and_what_hung_on_them_is_moved(soap: Ask, ids: dict[str, str]) -> None:
    asked = (
        "<merge><request><masterRecord><type>Account</type><Id>{Bot}</Id><Name>Both</Name>"
        "</masterRecord><recordToMergeIds>{Acme}</recordToMergeIds></request></merge>"
    ).format(**ids)
    told = soap(asked)
    [(master, merged, success)] = results(told, "id", "mergedRecordIds", "success")
    assert (master, merged, success) == (ids["Bot"], ids["Acme"], "true")
    assert ids["Ann"] in told.text
    acme = f"FROM Account WHERE Id = '{ids['Acme']}'"
    assert query(soap, f"SELECT MasterRecordId {acme}", "MasterRecordId") == [ids["Bot"]]
    assert query(soap, f"SELECT IsDeleted {acme}", "IsDeleted") == ["true"]
    assert query(soap, "SELECT Account.Name FROM Contact", "Name") == ["Both"]
    assert results(soap(asked), "statusCode") == [("ENTITY_IS_DELETED",)]


def test_a_lead_becomes_a_contact_with_an_account_and_a_deal(
    soap: Ask, ids: dict[str, str]
) -> None:
    asked = (
        f"<convertLead><leadConverts><convertedStatus>Qualified</convertedStatus>"
        f"<leadId>{ids['Dee']}</leadId><opportunityName>Dee deal</opportunityName></leadConverts>"
        f"</convertLead>"
    )
    [(contact, deal)] = results(soap(asked), "contactId", "opportunityId")
    assert query(soap, "SELECT ConvertedContactId FROM Lead", "ConvertedContactId") == [contact]
    mail = query(soap, "SELECT WhoId, WhatId FROM Task WHERE Subject = 'Mail Dee'", "WhoId")
    assert mail == [contact]
    found = query(soap, f"SELECT Account.Name FROM Opportunity WHERE Id = '{deal}'", "Name")  # noqa: S608 -- SOQL
    assert found == ["Dee Ltd"]
    assert results(soap(asked), "success", "statusCode") == [
        ("false", "CANNOT_UPDATE_CONVERTED_LEAD")
    ]


def test_it_searches(soap: Ask) -> None:
    asked = "<search><searchString>FIND {Acme} RETURNING Account(Name)</searchString></search>"
    assert fields(soap(asked), "Name") == ["Acme"]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (FaultKind.EXPIRE_SESSIONS, "INVALID_SESSION_ID"),
        (FaultKind.REQUEST_LIMIT, "REQUEST_LIMIT_EXCEEDED"),
        (FaultKind.CONCURRENT_LIMIT, "REQUEST_LIMIT_EXCEEDED"),
        (FaultKind.QUERY_TIMEOUT, "QUERY_TIMEOUT"),
    ],
)
def test_troubles_reach_soap_too_in_its_own_words(
    soap: Ask, faults: Faults, kind: FaultKind, code: str, login: Callable[[], dict[str, str]]
) -> None:
    faults.add(Fault(kind=kind, times=1, path="/Soap/"))
    asked = "<query><queryString>SELECT Id FROM Account</queryString></query>"
    reply = soap(asked)
    assert (reply.status_code, f"<sf:exceptionCode>{code}<" in reply.text) == (500, True)
    session = login()["Authorization"].removeprefix("Bearer ")
    assert soap(asked, session=session).status_code == 200


def test_passwords_are_set_and_thought_up(soap: Ask, ids: dict[str, str]) -> None:
    kim = f"<userId>{ids['Kim']}</userId>"
    assert soap(f"<setPassword>{kim}<password>long enough</password></setPassword>").is_success
    short = soap(f"<setPassword>{kim}<password>short</password></setPassword>")
    assert "INVALID_NEW_PASSWORD" in short.text
    [(password,)] = results(soap(f"<resetPassword>{kim}</resetPassword>"), "password")
    assert password


def test_it_tells_of_tabs_and_layouts(soap: Ask) -> None:
    [(label, name)] = results(soap("<describeTabs/>"), "label", "name")
    assert (label, name) == ("Sales", "standard-User")
    assert ("Accounts", "standard-Account") in results(soap("<describeAllTabs/>"), "label", "name")
    assert ("User",) in results(soap("<describeTheme/>"), "name")
    asked = "<describeLayout><sObjectType>Account</sObjectType></describeLayout>"
    assert results(soap(asked), "heading") == [("Account Information",)]


def test_a_session_that_was_ended_is_refused(soap: Ask) -> None:
    ended = "<invalidateSessions><sessionIds>{}</sessionIds></invalidateSessions>"
    assert results(soap(ended.format("nobody's")), "success") == [("false",)]

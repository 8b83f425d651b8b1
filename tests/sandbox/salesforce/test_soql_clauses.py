"""Clauses beyond the everyday ones: scopes, aliases of parents, families, zones, formats."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from integrations.sandbox.changes import Change
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import serve
from tests.sandbox.salesforce.conftest import NOW, VERSION, token
from tests.sandbox.salesforce.tiny_organisation import ACME, KIM, record_id, tiny_organisation

Ask = Callable[..., httpx.Response]


def shown(reply: httpx.Response) -> list[dict[str, Any]]:
    assert reply.status_code == 200, reply.text
    return [
        {name: value for name, value in record.items() if name != "attributes"}
        for record in reply.json()["records"]
    ]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT c.LastName, a.Name FROM Contact c, c.Account a WHERE a.Name = 'Acme'",
         {"LastName": "Ay", "Account": {"Name": "Acme"}}),
        ("SELECT u.Name FROM Opportunity o, o.Account.Owner u WHERE o.Name = 'Beta'",
         {"Account": {"Owner": {"Name": "Kim Lee"}}}),
        (("SELECT Name FROM Opportunity USING SCOPE everything WHERE Name = 'Beta' "
          "WITH SECURITY_ENFORCED ORDER BY Name LIMIT 1"), {"Name": "Beta"}),
        ("SELECT Name FROM Opportunity WHERE Name = 'Beta' WITH USER_MODE", {"Name": "Beta"}),
        (("SELECT FORMAT(CloseDate) d, FORMAT(CreatedDate) t, FORMAT(Probability) p "
          "FROM Opportunity WHERE Name = 'Beta'"),
         {"d": "3/10/2026", "t": "1/5/2026, 12:00 PM", "p": "100.00%"}),
        ("SELECT FORMAT(MIN(CloseDate)) first, FORMAT(SUM(Amount)) worth FROM Opportunity",
         {"first": "12/31/2025", "worth": "400.50"}),
        ("SELECT COUNT(Id) n FROM Opportunity WHERE CloseDate IN (YESTERDAY, 2026-03-31)",
         {"n": 2}),
        ("SELECT COUNT(Id) n FROM Opportunity WHERE CloseDate NOT IN (YESTERDAY, THIS_YEAR)",
         {"n": 1}),
    ],
)  # fmt: skip
def test_a_statement_finds_one_thing(
    answered: Ask, statement: str, expected: dict[str, Any]
) -> None:
    def bare(value: object) -> object:
        if isinstance(value, dict):
            return {key: bare(each) for key, each in value.items() if key != "attributes"}
        return value

    assert [bare(record) for record in shown(answered(statement))] == [expected]


@pytest.mark.parametrize(
    ("statement", "words", "column"),
    [
        ("SELECT Id FROM Account USING SCOPE nobody", "unexpected token: 'nobody'", 36),
        ("SELECT Id FROM UserRole USING SCOPE mine", "Filter scope mine is not supported", 16),
        ("SELECT Id FROM Account WITH MAGIC", "unexpected token: 'MAGIC'", 29),
        ("SELECT Id FROM Account WHERE Name = Industry", "Bind variables only allowed", 37),
        ("SELECT a.Id FROM Contact c, c.Nope a", "Didn't understand relationship 'Nope'", 29),
        ("SELECT Id FROM Account WHERE DISTANCE(Name, GEOLOCATION(1,2), 'mi') < 20",
         "field Name is not a geolocation field", 30),
        ("SELECT Id FROM Account WHERE DISTANCE(BillingAddress, GEOLOCATION(1,2), 'yd') < 20",
         "invalid distance unit: 'yd'", 73),
        ("SELECT Id FROM Account WHERE DISTANCE(BillingAddress, GEOLOCATION(91,2), 'mi') < 20",
         "GEOLOCATION is out of range: 91", 67),
        ("SELECT Id FROM Account WHERE DISTANCE(BillingAddress, GEOLOCATION(1,2), 'mi') = 20",
         "invalid operator on double field: = on DISTANCE", 30),
        ("SELECT Nope(Name) FROM Account", "unexpected token: 'Nope'", 8),
        ("SELECT (SELECT Id FROM Contacts), (SELECT Name FROM Contacts) FROM Account",
         "Cannot follow the same aggregate relationship twice: Contacts", 53),
        ("SELECT COUNT(Id) FROM Account GROUP BY CUBE(Name, Type, Industry, OwnerId)",
         "GROUP BY CUBE takes at most 3 fields", 67),
        ("SELECT Id FROM Account WHERE Id IN (SELECT Id FROM Opportunity)",
         "should point to the same object type", 52),
        (("SELECT Id FROM Account WHERE Name = 'a' AND (Name = 'b' OR Id IN (SELECT AccountId "
          "FROM Contact))"), "only allowed at the top level WHERE expressions", 60),
        ("SELECT Id FROM Account WHERE NOT Id IN (SELECT AccountId FROM Contact)",
         "only allowed at the top level WHERE expressions", 34),
        (("SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact) AND Id NOT IN "
          "(SELECT AccountId FROM Opportunity) AND Id IN (SELECT WhatId FROM Task)"),
         "Maximum 2 semi join sub-selects are allowed", 122),
        ("SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact LIMIT 1)",
         "LIMIT is not allowed in a semi join sub-select", 59),
        ("SELECT Id FROM Contact WHERE Account.Parent.OwnerId IN (SELECT Id FROM User)",
         "cannot have more than one level of relationships", 30),
        ("SELECT Amount FROM Opportunity GROUP BY Amount",
         "field 'Amount' can not be grouped in a query call", 41),
        ("SELECT Name FROM Account GROUP BY Name HAVING Industry = 'Tech'",
         "Field must be grouped or aggregated: Industry", 47),
        ("SELECT Name FROM Account GROUP BY Name ORDER BY Industry",
         "Ordered field must be grouped or aggregated: Industry", 49),
        ("SELECT Id FROM Account WHERE Id IN (SELECT Id FROM Account)",
         "The inner and outer selects should not be on the same object type", 52),
        ("SELECT Id FROM Account WHERE Name = 'x' OR Id IN (SELECT AccountId FROM Contact)",
         "Semi join sub-selects are not allowed with the 'OR' operator", 44),
        (("SELECT Id FROM Opportunity WHERE AccountId IN (SELECT Id FROM Account WHERE Id IN "
          "(SELECT AccountId FROM Contact))"), "Nesting of semi join sub-selects", 106),
        ("SELECT Id, (SELECT COUNT() FROM Contacts) FROM Account",
         "a sub-select may only select fields", 33),
    ],
)  # fmt: skip
def test_a_clause_that_salesforce_would_not_take_is_refused(
    answered: Ask, statement: str, words: str, column: int
) -> None:
    reply = answered(statement)
    [refusal] = reply.json()
    assert (reply.status_code, refusal["errorCode"][:6]) in {(400, "MALFOR"), (400, "INVALI")}
    assert words in refusal["message"]
    assert f"ERROR at Row:1:Column:{column}\n" in refusal["message"]


def test_a_scope_of_mine_shows_what_the_integration_user_owns(ask: Ask, http: httpx.Client) -> None:
    assert shown(ask("SELECT Name FROM Account USING SCOPE mine")) == []
    http.post("/sobjects/Account", json={"Name": "Own"})
    assert shown(ask("SELECT Name FROM Account USING SCOPE mine")) == [{"Name": "Own"}]


def with_many_contacts(*families: int) -> list[Change]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    found = tiny_organisation()
    for number, size in enumerate(families, start=11):
        account = record_id("001", number)
        name = {"Name": f"Family {number}", "OwnerId": KIM}
        found.append(Change(at=at, sobject="Account", id=account, fields=name))
        found += [
            Change(at=at, sobject="Contact", id=record_id("003", number * 100 + child),
                   fields={"LastName": f"Child {child}", "AccountId": account})
            for child in range(size)
        ]  # fmt: skip
    return found


@pytest.fixture
def families() -> Iterator[httpx.Client]:
    """Pages of two; families of three and of five; a fiscal year that starts in April."""
    clock = SandboxClock(starts_at=NOW, frozen=True)
    year = {"Name": "Acme", "FiscalYearStartMonth": 4, "UsesStartDateAsFiscalYearName": True}
    own = Change(at=datetime(2025, 1, 1, tzinfo=UTC), sobject="Organization",
                 id=record_id("00D", 1), fields=year)  # fmt: skip
    store = Store.from_changes([*with_many_contacts(3, 5), own], clock=clock)
    known = Credentials(zone="America/New_York")
    with (
        serve(create_app(store, clock, page_size=2, credentials=known)) as running,
        httpx.Client(
            base_url=running.url, headers={"Authorization": f"Bearer {token(running.url, known)}"}
        ) as client,
    ):
        yield client
    store.close()


def test_a_fiscal_year_is_named_as_the_organisation_says(families: httpx.Client) -> None:
    """Beta closes on the tenth of March 2026, in the year that started in April 2025."""
    functions = ("FISCAL_YEAR(CloseDate)", "FISCAL_QUARTER(CloseDate)", "FISCAL_MONTH(CloseDate)")
    told = asked(
        families,
        f"SELECT {functions[0]} y, {functions[1]} q, {functions[2]} m FROM Opportunity "  # noqa: S608 -- SOQL
        f"WHERE Name = 'Beta' GROUP BY {', '.join(functions)}",
    )
    assert [told["records"][0][name] for name in "yqm"] == [2025, 4, 12]


def asked(client: httpx.Client, statement: str) -> dict[str, Any]:
    reply = client.get(f"/services/data/v{VERSION}/query", params={"q": statement})
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def test_children_that_do_not_fit_have_an_address_of_their_own(families: httpx.Client) -> None:
    told = asked(
        families,
        "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName DESC) FROM Account "
        "WHERE Name LIKE 'Family%' ORDER BY Name DESC",
    )
    sizes = [(each["Contacts"]["totalSize"], each["Contacts"]["done"]) for each in told["records"]]
    assert sizes == [(5, False), (3, False)]
    for number, size in enumerate((5, 3)):
        page = told["records"][number]["Contacts"]
        names = [each["LastName"] for each in page["records"]]
        while not page["done"]:
            page = families.get(page["nextRecordsUrl"]).json()
            names += [each["LastName"] for each in page["records"]]
        assert names == [f"Child {child}" for child in reversed(range(size))]


def test_a_limit_and_an_offset_hold_for_each_family(families: httpx.Client) -> None:
    told = asked(
        families,
        "SELECT (SELECT LastName FROM Contacts ORDER BY LastName LIMIT 2 OFFSET 2) FROM Account "
        "WHERE Name LIKE 'Family%' ORDER BY Name",
    )
    found = [
        ([child["LastName"] for child in each["Contacts"]["records"]], each["Contacts"]["done"])
        for each in told["records"]
    ]
    assert found == [(["Child 2"], True), (["Child 2", "Child 3"], True)]


def test_children_may_have_children(families: httpx.Client) -> None:
    told = asked(
        families,
        "SELECT Name, (SELECT Name, (SELECT StageName FROM OpportunityHistories "  # noqa: S608 -- SOQL
        "ORDER BY StageName) FROM Opportunities WHERE Name = 'Beta') FROM Account "
        f"WHERE Id = '{ACME}'",
    )
    [beta] = told["records"][0]["Opportunities"]["records"]
    stages = [each["StageName"] for each in beta["OpportunityHistories"]["records"]]
    assert stages == ["Closed Won", "Prospecting"]


def test_date_functions_follow_the_zone_only_when_asked_to(families: httpx.Client) -> None:
    """Gamma was created at midnight in UTC on the first of February, so in January in New York."""
    where = "WHERE Name = 'Gamma' GROUP BY"
    plain, zoned = "DAY_ONLY(CreatedDate)", "DAY_ONLY(convertTimezone(CreatedDate))"
    hour = "HOUR_IN_DAY(convertTimezone(CreatedDate))"
    days = [
        asked(families, f"SELECT {each} d FROM Opportunity {where} {each}")["records"][0]["d"]  # noqa: S608 -- SOQL
        for each in (plain, zoned, hour)
    ]
    assert days == ["2026-02-01", "2026-01-31", 19]
    told = asked(families, "SELECT FORMAT(CreatedDate) t FROM Opportunity WHERE Name = 'Gamma'")
    assert told["records"][0]["t"] == "1/31/2026, 7:00 PM"

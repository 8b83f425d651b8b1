"""Statements with the answers worked out by hand; today is Wednesday, 2026-03-11."""

# ruff: noqa: S608 -- the statements are SOQL for a simulated Salesforce

from collections.abc import Callable
from typing import Any

import httpx
import pytest

Ask = Callable[..., httpx.Response]


def _plain(record: Any) -> Any:
    """Only the values, in order; children as a list."""
    if isinstance(record, dict) and "records" in record:
        return [_plain(child) for child in record["records"]]
    if isinstance(record, dict):
        values = [_plain(value) for name, value in record.items() if name != "attributes"]
        return values[0] if len(values) == 1 else tuple(values)
    return record


DEALS = "SELECT Name FROM Opportunity"
BY_NAME = "ORDER BY Name"


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        (f"{DEALS} {BY_NAME}", ["Alpha", "Beta", "Delta", "Gamma"]),
        ("select name from opportunity order by name desc", ["Gamma", "Delta", "Beta", "Alpha"]),
        (f"{DEALS} WHERE StageName = 'closed won'", ["Beta"]),
        (f"{DEALS} WHERE StageName != 'Closed Won' {BY_NAME}", ["Alpha", "Delta", "Gamma"]),
        (f"{DEALS} WHERE StageName <> 'Prospecting' {BY_NAME}", ["Beta", "Delta", "Gamma"]),
        (f"{DEALS} WHERE Amount > 50 {BY_NAME}", ["Alpha", "Beta"]),
        (f"{DEALS} WHERE Amount >= 50.0 {BY_NAME}", ["Alpha", "Beta", "Delta"]),
        (f"{DEALS} WHERE Amount < +99.5", ["Delta"]),
        (f"{DEALS} WHERE Amount <= USD100 {BY_NAME}", ["Alpha", "Delta"]),
        (f"{DEALS} WHERE Amount = null", ["Gamma"]),
        (f"{DEALS} WHERE Amount != NULL {BY_NAME}", ["Alpha", "Beta", "Delta"]),
        # No amount is an amount other than 100, and not one below it.
        (f"{DEALS} WHERE Amount != 100 {BY_NAME}", ["Beta", "Delta", "Gamma"]),
        (f"{DEALS} WHERE NOT Amount > 60 {BY_NAME}", ["Delta", "Gamma"]),
        (f"{DEALS} WHERE (NOT (Amount > 60)) AND IsClosed = false", ["Delta"]),
        (f"{DEALS} WHERE IsWon = TRUE", ["Beta"]),
        (f"{DEALS} WHERE IsClosed != true {BY_NAME}", ["Alpha", "Delta"]),
        (f"{DEALS} WHERE Name LIKE 'al%'", ["Alpha"]),
        (f"{DEALS} WHERE Name LIKE '_e%' {BY_NAME}", ["Beta", "Delta"]),
        (f"{DEALS} WHERE NOT Name LIKE '%a' {BY_NAME}", []),
        (f"{DEALS} WHERE Name IN ('beta', 'GAMMA') {BY_NAME}", ["Beta", "Gamma"]),
        (f"{DEALS} WHERE Name NOT IN ('Beta', 'Gamma') {BY_NAME}", ["Alpha", "Delta"]),
        (f"{DEALS} WHERE Amount IN (100, 50) {BY_NAME}", ["Alpha", "Delta"]),
        (f"{DEALS} WHERE Amount IN (100, null) {BY_NAME}", ["Alpha", "Gamma"]),
        (f"{DEALS} WHERE Amount NOT IN (100) {BY_NAME}", ["Beta", "Delta", "Gamma"]),
        (f"{DEALS} WHERE Name < 'c' {BY_NAME}", ["Alpha", "Beta"]),
        (f"{DEALS} WHERE Account.Name = 'Acme' {BY_NAME}", ["Alpha", "Beta"]),
        (f"{DEALS} WHERE Account.Name != 'Acme' {BY_NAME}", ["Delta", "Gamma"]),
        (f"{DEALS} WHERE Account.Owner.LastName = 'ångström'", ["Gamma"]),
        (f"{DEALS} WHERE Account.Name LIKE 'BØT%'", ["Gamma"]),
        (f"{DEALS} WHERE Opportunity.Name = 'Beta'", ["Beta"]),
        ("SELECT o.Name FROM Opportunity o WHERE o.Owner.IsActive = false ORDER BY o.Name",
         ["Beta", "Delta"]),
        (f"{DEALS} WHERE AccountId IN (SELECT Id FROM Account WHERE Industry = 'Tech') {BY_NAME}",
         ["Alpha", "Beta"]),
        ((f"{DEALS} WHERE AccountId NOT IN (SELECT Id FROM Account WHERE Industry = 'Tech') "
         f"{BY_NAME}"), ["Delta", "Gamma"]),
        ("SELECT Name FROM Account WHERE Id NOT IN (SELECT AccountId FROM Opportunity)",
         ["O'Neil 100%_x"]),
        (("SELECT Name FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity WHERE "
         "IsWon = true)"), ["Acme"]),
        (f"{DEALS} WHERE CloseDate = 2026-03-31", ["Alpha"]),
        (f"{DEALS} WHERE CloseDate < 2026-03-01 {BY_NAME}", ["Delta", "Gamma"]),
        (f"{DEALS} WHERE CreatedDate >= 2026-02-01T00:00:00Z {BY_NAME}", ["Alpha", "Gamma"]),
        (f"{DEALS} WHERE CreatedDate > 2026-02-01T00:00:00.000+00:00", ["Alpha"]),
        (f"{DEALS} WHERE CreatedDate < 2026-01-05T13:00:00+01:00", ["Delta"]),
        (f"{DEALS} WHERE CloseDate = YESTERDAY", ["Beta"]),
        (f"{DEALS} WHERE CloseDate > TODAY", ["Alpha"]),
        (f"{DEALS} WHERE CloseDate = THIS_MONTH {BY_NAME}", ["Alpha", "Beta"]),
        (f"{DEALS} WHERE CloseDate = LAST_MONTH", ["Gamma"]),
        (f"{DEALS} WHERE CloseDate = LAST_QUARTER", ["Delta"]),
        (f"{DEALS} WHERE CloseDate >= THIS_QUARTER {BY_NAME}", ["Alpha", "Beta", "Gamma"]),
        (f"{DEALS} WHERE CloseDate = LAST_YEAR", ["Delta"]),
        (f"{DEALS} WHERE CloseDate = NEXT_N_DAYS:20", ["Alpha"]),
        (f"{DEALS} WHERE CloseDate = NEXT_N_DAYS:19", []),
        (f"{DEALS} WHERE CreatedDate = LAST_N_DAYS:10", ["Alpha"]),
        (f"{DEALS} WHERE CreatedDate = LAST_N_DAYS:9", []),
        (f"{DEALS} WHERE CloseDate = LAST_N_MONTHS:3 {BY_NAME}", ["Delta", "Gamma"]),
        (f"{DEALS} WHERE CloseDate = N_DAYS_AGO:1", ["Beta"]),
        (f"{DEALS} WHERE CloseDate != THIS_YEAR", ["Delta"]),
        (f"{DEALS} WHERE CloseDate <= LAST_FISCAL_QUARTER", ["Delta"]),
        (f"{DEALS} WHERE LastModifiedDate = TODAY", ["Alpha"]),
        ("SELECT Subject FROM Task WHERE ActivityDate = THIS_WEEK ORDER BY ActivityDate",
         ["Call Ann", "Mail Dee"]),
        (f"{DEALS} ORDER BY Amount", ["Gamma", "Delta", "Alpha", "Beta"]),
        (f"{DEALS} ORDER BY Amount DESC", ["Gamma", "Beta", "Alpha", "Delta"]),
        (f"{DEALS} ORDER BY Amount ASC NULLS LAST LIMIT 2", ["Delta", "Alpha"]),
        (f"{DEALS} ORDER BY IsClosed DESC, Name DESC LIMIT 3", ["Gamma", "Beta", "Delta"]),
        (f"{DEALS} ORDER BY Owner.Name, Name LIMIT 2 OFFSET 1", ["Gamma", "Beta"]),
        (f"{DEALS} {BY_NAME} OFFSET 2", ["Delta", "Gamma"]),
        (f"{DEALS} LIMIT 0", []),
        (f"{DEALS} WHERE Name = 'Beta' FOR VIEW", ["Beta"]),
        (f"{DEALS} USING SCOPE everything WHERE Name = 'Beta'", ["Beta"]),
        ("SELECT Name FROM Account WHERE Name = 'O\\'Neil 100%_x'", ["O'Neil 100%_x"]),
        ("SELECT Name FROM Account WHERE Name LIKE '%100\\%\\_x'", ["O'Neil 100%_x"]),
        ("SELECT Name FROM Account WHERE Industry = 'TECH' ORDER BY Name",
         ["Acme", "O'Neil 100%_x"]),
        ("SELECT Name FROM Account WHERE Industry = ''", ["Bøt & Co"]),
        ("SELECT COUNT(Id) FROM Opportunity", [4]),
        (("SELECT COUNT(Amount), SUM(Amount), AVG(Amount), MIN(Amount), MAX(CloseDate) "
         "FROM Opportunity"), [(3, 400.5, 133.5, 50.0, "2026-03-31")]),
        ("SELECT COUNT_DISTINCT(OwnerId) n FROM Opportunity", [2]),
        (("SELECT Owner.Name, COUNT(Id) deals, SUM(Amount) FROM Opportunity GROUP BY Owner.Name "
         "ORDER BY Owner.Name"), [("Kim Lee", 2, 100.0), ("Zoë Ångström", 2, 300.5)]),
        ("SELECT IsClosed, COUNT(Id) FROM Opportunity GROUP BY IsClosed HAVING SUM(Amount) < 200",
         [(False, 2)]),
        (("SELECT CALENDAR_YEAR(CloseDate), COUNT(Id) FROM Opportunity GROUP BY "
         "CALENDAR_YEAR(CloseDate) ORDER BY CALENDAR_YEAR(CloseDate)"), [(2025, 1), (2026, 3)]),
        (f"{DEALS} WHERE CALENDAR_MONTH(CloseDate) = 3 AND DAY_IN_MONTH(CloseDate) > 10",
         ["Alpha"]),
        (f"{DEALS} WHERE HOUR_IN_DAY(CreatedDate) = 23", ["Delta"]),
        (f"{DEALS} WHERE DAY_ONLY(CreatedDate) = 2026-02-01", ["Gamma"]),
        ("SELECT SUM(NumberOfEmployees) staff FROM Account", [120]),
        ("SELECT Id, Who.Name, Who.Type, What.Name FROM Task WHERE Subject = 'Call Ann'",
         [("ID", ("Ann Ay", "Contact"), "Alpha")]),
        ("SELECT Who.Name, Owner.Name FROM Task WHERE Who.Type = 'Lead'",
         [("Dee", "Zoë Ångström")]),
        ("SELECT Subject FROM Task WHERE What.Type = 'Opportunity'", ["Call Ann"]),
        ("SELECT Name, Manager.Name FROM User ORDER BY LastName",
         [("Mia Boss", None), ("Kim Lee", "Mia Boss"), ("Zoë Ångström", "Mia Boss")]),
        (("SELECT Name, (SELECT StageName FROM OpportunityHistories ORDER BY CreatedDate) "
         "FROM Opportunity WHERE Name IN ('Beta', 'Gamma') ORDER BY Name"),
         [("Beta", ["Prospecting", "Closed Won"]), ("Gamma", None)]),
        (("SELECT Name, (SELECT Name FROM Opportunities WHERE IsClosed = true LIMIT 1) "
         "FROM Account ORDER BY Name LIMIT 2"), [("Acme", ["Beta"]), ("Bøt & Co", ["Gamma"])]),
        ("SELECT toLabel(StageName) FROM Opportunity WHERE Name = 'Alpha'", ["Prospecting"]),
        ("SELECT FORMAT(Amount) shown FROM Opportunity WHERE Name = 'Beta'", ["250.50"]),
        (("SELECT Name FROM Opportunity WHERE (IsWon = true OR Amount = 50) AND "
         "Owner.Name = 'Zoë Ångström' ORDER BY Name"), ["Beta", "Delta"]),
    ],
)  # fmt: skip
def test_a_statement_is_answered_as_worked_out_by_hand(
    answered: Ask, ids: dict[str, str], statement: str, answer: list[Any]
) -> None:
    reply = answered(statement)
    assert reply.status_code == 200, reply.text
    wanted = [
        tuple(ids["Task 1"] if part == "ID" else part for part in row)
        if isinstance(row, tuple)
        else row
        for row in answer
    ]
    assert [_plain(record) for record in reply.json()["records"]] == wanted


def test_count_without_a_field_answers_with_a_size_and_no_records(answered: Ask) -> None:
    assert answered("SELECT COUNT() FROM Opportunity WHERE IsClosed = true").json() == {
        "totalSize": 2,
        "done": True,
        "records": [],
    }


def test_records_nest_their_parents_with_attributes(answered: Ask, ids: dict[str, str]) -> None:
    statement = "SELECT Id, Owner.Name, Account.Owner.Email FROM Opportunity WHERE Name = 'Alpha'"
    [record] = answered(statement).json()["records"]
    base = "/services/data/v61.0/sobjects"
    assert record == {
        "attributes": {"type": "Opportunity", "url": f"{base}/Opportunity/{ids['Alpha']}"},
        "Id": ids["Alpha"],
        "Owner": {
            "attributes": {"type": "User", "url": f"{base}/User/{ids['Kim']}"},
            "Name": "Kim Lee",
        },
        "Account": {
            "attributes": {"type": "Account", "url": f"{base}/Account/{ids['Acme']}"},
            "Owner": {
                "attributes": {"type": "User", "url": f"{base}/User/{ids['Kim']}"},
                "Email": "lee@example.com",
            },
        },
    }


def test_a_polymorphic_parent_is_a_name_whose_url_tells_its_object(
    answered: Ask, ids: dict[str, str]
) -> None:
    [record] = answered("SELECT Who.Name FROM Task WHERE Subject = 'Mail Dee'").json()["records"]
    url = f"/services/data/v61.0/sobjects/Lead/{ids['Dee']}"
    assert record["Who"]["attributes"] == {"type": "Name", "url": url}


def test_aggregates_without_an_alias_are_numbered(answered: Ask) -> None:
    statement = "SELECT COUNT(Id), MAX(Amount) top, COUNT_DISTINCT(Name) FROM Opportunity"
    [record] = answered(statement).json()["records"]
    assert record == {
        "attributes": {"type": "AggregateResult"},
        "expr0": 4,
        "top": 250.5,
        "expr1": 4,
    }


def test_an_id_of_fifteen_characters_finds_the_record(answered: Ask, ids: dict[str, str]) -> None:
    statement = f"SELECT Name FROM Opportunity WHERE Id = '{ids['Beta'][:15]}'"
    assert answered(statement).json()["records"][0]["Name"] == "Beta"


def test_values_have_their_json_types(answered: Ask) -> None:
    statement = (
        "SELECT Amount, Probability, IsWon, CloseDate, CreatedDate, NextStep FROM Opportunity "
        "WHERE Name = 'Beta'"
    )
    text = answered(statement).text
    assert '"Amount":250.5,"Probability":100.0,"IsWon":true,"CloseDate":"2026-03-10",' in text
    assert '"CreatedDate":"2026-01-05T12:00:00.000+0000","NextStep":null' in text


def test_query_hides_deleted_and_archived_rows_and_query_all_shows_them(answered: Ask) -> None:
    statement = "SELECT Subject, IsDeleted, IsArchived FROM Task ORDER BY Subject"
    shown = answered(statement).json()["records"]
    all_shown = answered(statement, resource="queryAll/").json()["records"]
    assert [record["Subject"] for record in shown] == ["Call Ann", "Mail Dee"]
    assert [(r["Subject"], r["IsDeleted"], r["IsArchived"]) for r in all_shown] == [
        ("Call Ann", False, False),
        ("Mail Dee", False, False),
        ("Mistake", True, False),
        ("Old call", False, True),
    ]


def test_fields_standard_spells_out_the_fields(answered: Ask) -> None:
    [record] = answered("SELECT FIELDS(STANDARD) FROM OpportunityStage LIMIT 1").json()["records"]
    assert {"MasterLabel", "IsWon", "ForecastCategory"} <= record.keys()


def test_relative_dates_follow_the_clock(
    ask: Ask, later: Callable[..., Any], login: Callable[[], dict[str, str]]
) -> None:
    statement = "SELECT Name FROM Opportunity WHERE CloseDate = TOMORROW"
    assert ask(statement).json()["records"] == []
    later(days=19)
    assert [r["Name"] for r in ask(statement, **login()).json()["records"]] == ["Alpha"]

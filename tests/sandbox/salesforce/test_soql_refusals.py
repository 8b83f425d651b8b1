"""What Salesforce refuses, with its codes and words, and where it points."""

# ruff: noqa: S608 -- the statements are SOQL for a simulated Salesforce

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.soql.compiler import Compiler
from integrations.sandbox.salesforce.soql.dates import Calendar
from integrations.sandbox.salesforce.soql.parser import parse
from integrations.sandbox.salesforce.store import Store

Ask = Callable[..., httpx.Response]

DEALS = "SELECT Id FROM Opportunity"


@pytest.mark.parametrize(
    ("statement", "code", "words", "column"),
    [
        ("", "MALFORMED_QUERY", "A query string has to be specified", None),
        ("SELECT", "MALFORMED_QUERY", "unexpected token: '<EOF>'", 7),
        ("SELECT FROM Account", "MALFORMED_QUERY", "unexpected token: 'FROM'", 8),
        ("SELECT Id", "MALFORMED_QUERY", "unexpected token: '<EOF>'", 10),
        ("SELECT Id FROM", "MALFORMED_QUERY", "unexpected token: '<EOF>'", 15),
        ("SELECT * FROM Account", "MALFORMED_QUERY", "no viable alternative at character '*'", 8),
        ("SELECT Id, FROM Account", "MALFORMED_QUERY", "unexpected token: 'FROM'", 12),
        ("DELETE FROM Account", "MALFORMED_QUERY", "unexpected token: 'DELETE'", 1),
        ("SELECT Id FROM Acount", "INVALID_TYPE", "sObject type 'Acount' is not supported.", 16),
        ("SELECT Idd FROM Account", "INVALID_FIELD",
         "No such column 'Idd' on entity 'Account'.", 8),
        ("SELECT Owner.Nam FROM Account", "INVALID_FIELD",
         "No such column 'Nam' on entity 'User'.", 8),
        ("SELECT Boss.Name FROM Account", "INVALID_FIELD",
         "Didn't understand relationship 'Boss' in field path.", 8),
        ("SELECT Who.Company FROM Task", "INVALID_FIELD",
         "No such column 'Company' on entity 'Name'.", 8),
        ("SELECT Id, (SELECT Id FROM Deals) FROM Account", "INVALID_TYPE",
         "Didn't understand relationship 'Deals' in FROM part of query call.", 28),
        ("SELECT Id, id FROM Account", "INVALID_FIELD", "duplicate field selected: id", 12),
        ("SELECT Name n FROM Account", "MALFORMED_QUERY",
         "only aggregate expressions use field aliasing", 8),
        (f"{DEALS} WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'", 33),
        (f"{DEALS} WHERE Name", "MALFORMED_QUERY", "unexpected token: '<EOF>'", 38),
        (f"{DEALS} WHERE Name = Alpha", "MALFORMED_QUERY",
         "Bind variables only allowed in Apex code", 41),
        (f'{DEALS} WHERE Name = "Alpha"', "MALFORMED_QUERY",
         "no viable alternative at character '\"'", 41),
        (f"{DEALS} WHERE Name = 'Alpha", "MALFORMED_QUERY",
         "mismatched character '<EOF>' expecting '''", 41),
        (f"{DEALS} WHERE Name = 'a\\q'", "MALFORMED_QUERY", "Illegal character sequence '\\q'", 41),
        (f"{DEALS} WHERE Name = :name", "MALFORMED_QUERY",
         "Bind variables only allowed in Apex code", 41),
        (f"{DEALS} WHERE Name IS NULL", "MALFORMED_QUERY", "unexpected token: 'IS'", 39),
        (f"{DEALS} WHERE Name IN ()", "MALFORMED_QUERY", "unexpected token: ')'", 43),
        (f"{DEALS} WHERE (Name = 'a'", "MALFORMED_QUERY",
         "expecting a right parentheses, found '<EOF>'", 45),
        (f"{DEALS} WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "MALFORMED_QUERY",
         "unexpected token: 'OR'", 60),
        (f"{DEALS} WHERE Nope = 1", "INVALID_FIELD",
         "No such column 'Nope' on entity 'Opportunity'.", 34),
        (f"{DEALS} WHERE CloseDate = '2026-03-31'", "INVALID_FIELD",
         "field 'CloseDate' must be of type date and should not be enclosed in quotes", 46),
        (f"{DEALS} WHERE CloseDate = 2026-03-31T00:00:00Z", "INVALID_FIELD",
         "field 'CloseDate' must be of type date and should not be enclosed in quotes", 46),
        (f"{DEALS} WHERE CreatedDate > 2026-03-31", "INVALID_FIELD",
         "field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes", 48),
        (f"{DEALS} WHERE CreatedDate > 2026-03-31T00:00:00", "MALFORMED_QUERY",
         "no viable alternative at character '-'", 55),
        (f"{DEALS} WHERE CreatedDate > 2026-03-31T00:00:00 00:00", "MALFORMED_QUERY",
         "no viable alternative at character '-'", 55),
        (f"{DEALS} WHERE CloseDate = 2026-02-30", "MALFORMED_QUERY",
         "no viable alternative at '2026-02-30'", 46),
        (f"{DEALS} WHERE Amount = 1e2", "MALFORMED_QUERY", "no viable alternative", 43),
        (f"{DEALS} WHERE Amount = '5'", "INVALID_FIELD",
         "field 'Amount' must be of type double and should not be enclosed in quotes", 43),
        (f"{DEALS} WHERE IsWon = 'true'", "INVALID_FIELD",
         "field 'IsWon' must be of type boolean and should not be enclosed in quotes", 42),
        (f"{DEALS} WHERE Name = 5", "INVALID_FIELD",
         "field 'Name' must be of type string and should be enclosed in quotes", 41),
        (f"{DEALS} WHERE Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR",
         "invalid ID field: abc", 39),
        (f"{DEALS} WHERE OwnerId LIKE '005%'", "INVALID_QUERY_FILTER_OPERATOR",
         "invalid operator on id field", 34),
        (f"{DEALS} WHERE Amount LIKE '5%'", "INVALID_QUERY_FILTER_OPERATOR",
         "invalid operator on currency field", 34),
        (f"{DEALS} WHERE IsWon > false", "INVALID_QUERY_FILTER_OPERATOR",
         "invalid operator on boolean field", 34),
        (f"{DEALS} WHERE Name INCLUDES ('a')", "INVALID_QUERY_FILTER_OPERATOR",
         "invalid operator on string field", 34),
        (f"{DEALS} WHERE Description = 'x'", "INVALID_FIELD",
         "field 'Description' can not be filtered in a query call", 34),
        (f"{DEALS} ORDER BY Description", "MALFORMED_QUERY",
         "field 'Description' can not be sorted in a query call", 37),
        (f"{DEALS} WHERE Amount IN (SELECT Id FROM Account)", "MALFORMED_QUERY",
         "should be an id field", 34),
        (f"{DEALS} WHERE AccountId IN (SELECT Id, Name FROM Account)", "MALFORMED_QUERY",
         "exactly one field", 69),
        (f"{DEALS} WHERE CloseDate = LAST_N_DAYS", "MALFORMED_QUERY", "unexpected token", 57),
        (f"{DEALS} WHERE SUM(Amount) > 5", "MALFORMED_QUERY", "unexpected token: 'SUM'", 34),
        (f"{DEALS} LIMIT -1", "MALFORMED_QUERY", "unexpected token: '-1'", 34),
        (f"{DEALS} LIMIT 5 OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE",
         "Maximum SOQL offset allowed is 2000", 36),
        (f"{DEALS} LIMIT 5 WHERE Name = 'a'", "MALFORMED_QUERY", "unexpected token: 'WHERE'", 36),
        (f"{DEALS} LIMIT 5 ALL ROWS", "MALFORMED_QUERY", "ALL ROWS not allowed in this context",
         36),
        (f"{DEALS};", "MALFORMED_QUERY", "no viable alternative at character ';'", 27),
        ("SELECT FIELDS(ALL) FROM Account", "MALFORMED_QUERY",
         "The SOQL FIELDS function must have a LIMIT of at most 200", 8),
        ("SELECT FIELDS(ALL) FROM Account LIMIT 201", "MALFORMED_QUERY",
         "The SOQL FIELDS function must have a LIMIT of at most 200", 8),
        ("SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY",
         "Field must be grouped or aggregated: Name", 8),
        ("SELECT COUNT(Id) FROM Account LIMIT 1", "MALFORMED_QUERY",
         "Non-grouped query that uses overall aggregate functions cannot also use LIMIT", None),
        ("SELECT SUM(CloseDate) FROM Opportunity", "MALFORMED_QUERY",
         "field CloseDate does not support aggregate operator SUM", 8),
        ("SELECT COUNT(Description) FROM Opportunity", "MALFORMED_QUERY",
         "field Description does not support aggregate operator COUNT", 8),
        ("SELECT COUNT(Id) n, SUM(Amount) n FROM Opportunity", "MALFORMED_QUERY",
         "duplicate alias: n", 21),
        ("SELECT HOUR_IN_DAY(CloseDate) FROM Opportunity GROUP BY HOUR_IN_DAY(CloseDate)",
         "MALFORMED_QUERY", "field CloseDate does not support date function HOUR_IN_DAY", None),
        ("SELECT TYPEOF What WHEN Account THEN Name FROM Task", "MALFORMED_QUERY",
         "unexpected token: 'FROM'", 43),
        ("SELECT TYPEOF What WHEN Nothing THEN Name END FROM Task", "INVALID_TYPE",
         "sObject type 'Nothing' is not supported", 25),
        ("SELECT TYPEOF What WHEN Account THEN Nope END FROM Task", "INVALID_FIELD",
         "No such column 'Nope' on entity 'Account'", 38),
        ("SELECT GROUPING(Name), COUNT(Id) FROM Account GROUP BY Name", "MALFORMED_QUERY",
         "GROUPING() needs ROLLUP or CUBE", None),
    ],
)  # fmt: skip
def test_a_wrong_statement_is_refused_with_code_words_and_place(
    answered: Ask, statement: str, code: str, words: str, column: int | None
) -> None:
    reply = answered(statement)
    [refusal] = reply.json()
    assert (reply.status_code, refusal["errorCode"]) == (400, code), refusal
    assert words in refusal["message"]
    if column is not None:
        assert f"ERROR at Row:1:Column:{column}\n" in refusal["message"]


def test_the_message_shows_the_place_with_a_caret(answered: Ask) -> None:
    [refusal] = answered("SELECT Idd FROM Account").json()
    assert refusal["message"] == (
        "\nSELECT Idd FROM Account\n       ^\nERROR at Row:1:Column:8\n"
        "No such column 'Idd' on entity 'Account'. If you are attempting to use a custom field, be "
        "sure to append the '__c' after the custom field name. Please reference your WSDL or the "
        "describe call for the appropriate names."
    )


def test_rows_are_counted_in_statements_of_several_lines(answered: Ask) -> None:
    [refusal] = answered("SELECT Id\nFROM Account\nWHERE Nam = 'x'").json()
    assert "\nWHERE Nam = 'x'\n      ^\nERROR at Row:3:Column:7\n" in refusal["message"]


def test_more_groups_than_a_page_holds_are_refused(clock: SandboxClock, many_accounts: Any) -> None:
    reply = many_accounts(clock)("SELECT Name, COUNT(Id) FROM Account GROUP BY Name")
    assert reply.status_code == 400
    assert reply.json()[0]["errorCode"] == "EXCEEDED_ID_LIMIT"


def test_a_field_that_a_user_may_not_see_does_not_exist_for_them(store: Store) -> None:
    hidden = store.schema.seen(hidden=[("Opportunity", "NextStep")])
    opportunity = hidden.find("opportunity")
    assert opportunity is not None
    assert opportunity.field("NextStep") is None
    assert opportunity.field("Amount") is not None


@pytest.mark.parametrize(
    "condition",
    ["(" * 60 + "Name = 'a'" + ")" * 60, "NOT " * 60 + "Name = 'a'"],
    ids=["parentheses", "NOT"],
)
def test_conditions_stacked_too_high_are_too_complicated(answered: Ask, condition: str) -> None:
    reply = answered(f"SELECT Id FROM Account WHERE {condition}")
    assert (reply.status_code, reply.json()[0]["errorCode"]) == (400, "QUERY_TOO_COMPLICATED")


def test_a_long_chain_of_conditions_is_no_problem(store: Store, clock: SandboxClock) -> None:
    chain = " OR ".join(["Name = 'Acme'"] * 3_000)
    compiler = Compiler(
        schema=store.schema,
        calendar=Calendar(now=clock.now(), zone=ZoneInfo("UTC"), fiscal_start_month=1),
    )
    plan = compiler.plan(parse(f"SELECT Name FROM Account WHERE {chain}"))
    assert len(store.database.rows(plan.sql, plan.parameters)) == 1


def test_a_number_that_is_too_large_is_refused(answered: Ask) -> None:
    assert answered("SELECT Id FROM Account LIMIT 99999999999").status_code == 400

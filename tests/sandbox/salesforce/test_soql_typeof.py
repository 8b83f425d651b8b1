"""TYPEOF and subtotals, with the answers worked out by hand."""

from collections.abc import Callable
from typing import Any

import httpx

Ask = Callable[..., httpx.Response]


def test_typeof_shows_the_fields_of_what_a_task_is_about(
    answered: Ask, ids: dict[str, str]
) -> None:
    statement = (
        "SELECT Subject, TYPEOF What WHEN Account THEN Name, Industry WHEN Opportunity THEN Amount "
        "END FROM Task ORDER BY Subject"
    )
    records = answered(statement, resource="queryAll").json()["records"]
    told = {each["Subject"]: each["What"] for each in records}
    base = "/services/data/v61.0/sobjects"
    assert told == {
        "Call Ann": {
            "attributes": {"type": "Opportunity", "url": f"{base}/Opportunity/{ids['Alpha']}"},
            "Amount": 100.0,
        },
        "Old call": {
            "attributes": {"type": "Account", "url": f"{base}/Account/{ids['Acme']}"},
            "Name": "Acme",
            "Industry": "Tech",
        },
        "Mail Dee": None,
        "Mistake": None,
    }


def test_typeof_has_words_for_all_others(answered: Ask) -> None:
    statement = "SELECT TYPEOF Who WHEN Contact THEN Email ELSE Name END FROM Task ORDER BY Subject"
    ann, dee = (each["Who"] for each in answered(statement).json()["records"])
    assert (ann["attributes"]["type"], ann["Email"]) == ("Contact", "ann@example.com")
    assert (dee["attributes"]["type"], dee["Name"]) == ("Name", "Dee")


def _rows(reply: httpx.Response) -> list[tuple[Any, ...]]:
    return [
        tuple(value for name, value in record.items() if name != "attributes")
        for record in reply.json()["records"]
    ]


def test_rollup_adds_subtotals_and_a_total(answered: Ask) -> None:
    statement = (
        "SELECT IsClosed, IsWon, COUNT(Id) n, GROUPING(IsWon) part FROM Opportunity "
        "GROUP BY ROLLUP(IsClosed, IsWon) ORDER BY GROUPING(IsClosed), IsClosed, GROUPING(IsWon), "
        "IsWon"
    )
    assert _rows(answered(statement)) == [
        (False, False, 2, 0),
        (False, None, 2, 1),
        (True, False, 1, 0),
        (True, True, 1, 0),
        (True, None, 2, 1),
        (None, None, 4, 1),
    ]


def test_cube_adds_subtotals_over_each_group(answered: Ask) -> None:
    statement = (
        "SELECT IsClosed, IsWon, COUNT(Id) n FROM Opportunity WHERE Amount > 0 "
        "GROUP BY CUBE(IsClosed, IsWon) HAVING COUNT(Id) > 1 ORDER BY COUNT(Id) DESC, IsClosed "
        "NULLS LAST LIMIT 3"
    )
    assert _rows(answered(statement)) == [(None, None, 3), (False, False, 2), (False, None, 2)]

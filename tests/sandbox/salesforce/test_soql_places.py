"""Addresses, and how far they are from somewhere."""

from collections.abc import Callable

import httpx
import pytest

Ask = Callable[..., httpx.Response]
FERRY = "GEOLOCATION(37.7955, -122.3937)"
PLACES = {
    "San Francisco": (37.7749, -122.4194),
    "Berkeley": (37.8715, -122.2730),
    "New York": (40.7128, -74.0060),
}


@pytest.fixture
def placed(http: httpx.Client) -> httpx.Client:
    """The same client, once there are places."""
    for name, (latitude, longitude) in PLACES.items():
        made = {"Name": name, "BillingLatitude": latitude, "BillingLongitude": longitude,
                "BillingCity": name}  # fmt: skip
        assert http.post("/sobjects/Account", json=made).status_code == 201
    return http


def names(reply: httpx.Response) -> list[str]:
    assert reply.status_code == 200, reply.text
    return [each["Name"] for each in reply.json()["records"]]


@pytest.mark.usefixtures("placed")
def test_places_are_found_and_ordered_by_their_distance(ask: Ask) -> None:
    within = f"DISTANCE(BillingAddress, {FERRY}, 'mi') < 20"
    order = f"ORDER BY DISTANCE(BillingAddress, {FERRY}, 'km') DESC"
    found = ask(f"SELECT Name FROM Account WHERE {within} {order}")  # noqa: S608 -- SOQL
    assert names(found) == ["Berkeley", "San Francisco"]
    far = ask(f"SELECT Name FROM Account WHERE DISTANCE(BillingAddress, {FERRY}, 'km') > 4000")  # noqa: S608 -- SOQL
    assert names(far) == ["New York"]


def test_an_address_is_put_together_from_its_parts(placed: httpx.Client, ask: Ask) -> None:
    city = "WHERE Name = 'Berkeley'"
    [record] = ask(f"SELECT BillingAddress FROM Account {city}").json()["records"]  # noqa: S608 -- SOQL
    address = record["BillingAddress"]
    assert (address["city"], address["latitude"], address["street"]) == ("Berkeley", 37.8715, None)
    path = record["attributes"]["url"].partition("/sobjects")[2]
    assert placed.get(f"/sobjects{path}").json()["BillingAddress"] == address
    nowhere = ask("SELECT BillingAddress FROM Account WHERE Name = 'Acme'").json()["records"]
    assert nowhere[0]["BillingAddress"] is None


def test_words_that_name_clauses_are_names_of_objects_too(ask: Ask) -> None:
    assert ask("SELECT Id FROM Group").status_code == 200
    assert ask("SELECT Group.Id FROM Group LIMIT 1").status_code == 200


@pytest.mark.usefixtures("placed")
def test_how_far_a_place_is_can_be_asked_for(ask: Ask) -> None:
    far = f"DISTANCE(BillingAddress, {FERRY}, 'km')"
    where = "WHERE Name IN ('New York', 'Acme') ORDER BY Name"
    told = ask(f"SELECT Name, {far} away, {far} FROM Account {where}").json()["records"]  # noqa: S608 -- SOQL
    assert [each["away"] and round(each["away"]) for each in told] == [None, 4126]
    assert told[1]["expr0"] == told[1]["away"]
    twice = ask(f"SELECT Name, {far} away, {far} away FROM Account").json()  # noqa: S608 -- SOQL
    assert twice[0]["errorCode"] == "INVALID_FIELD"

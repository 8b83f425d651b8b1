from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.errors import (
    MissingField,
)
from bot.ports import MirrorRow
from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.crm import SalesforceCrm, open_salesforce

Account = Callable[..., dict[str, Any]]
UNTIL = datetime(2026, 3, 9, 8, 0, 31, tzinfo=UTC)


def read(crm: SalesforceCrm, table: str = "account", **window: Any) -> list[MirrorRow]:
    window = {"since": None, "until": UNTIL, **window}
    return [row for batch in crm.changes(table, **window) for row in batch]


def names(rows: Sequence[MirrorRow]) -> list[str]:
    return [str(row["name"]) for row in rows]


@pytest.mark.parametrize(
    "instance_url",
    [
        pytest.param(None, id="its-own-plain-address"),
        pytest.param("https://acme.my.salesforce.com", id="a-salesforce-name"),
        pytest.param("https://acme.my.salesforce.com/", id="with-a-slash-at-the-end"),
    ],
)
def test_all_pages_are_read_wherever_the_token_says_the_org_lives(
    crm: SalesforceCrm, stranger: Any, account: Account, instance_url: str | None
) -> None:
    stranger.instance_url = instance_url
    stranger.records["Account"] = [account(n, minute=n) for n in range(5)]
    assert names(read(crm)) == [f"Account {n}" for n in range(5)]


def test_a_window_holds_its_first_instant_and_not_its_last(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    stranger.records["Account"] = [account(n, minute=n) for n in range(5)]
    since = datetime(2026, 3, 9, 7, 1, tzinfo=UTC)
    assert names(read(crm, since=since, until=since + timedelta(minutes=2))) == [
        "Account 1",
        "Account 2",
    ]


def test_optional_objects_that_the_org_lacks_are_no_objects_of_its_crm(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    stranger.records["Account"] = [account(1)]
    assert "quota" not in crm.objects()
    assert "opportunity_stage" not in crm.objects()


def test_a_required_object_that_cannot_be_read_says_which_fields_it_wants(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    stranger.records["Account"] = [account(1)]
    assert "opportunity" in crm.objects()
    with pytest.raises(MissingField, match=r"Opportunity .* OwnerId, StageName, CloseDate"):
        read(crm, "opportunity")


def test_fields_that_are_not_there_are_not_asked_for_and_reported(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    stranger.records["Account"] = [account(1)]
    missing = ["industry", "type", "is_person", "person_contact_id", "created_at"]
    assert list(crm.missing_columns("account")) == missing
    [row] = read(crm)
    assert "industry" not in row


def test_a_record_without_what_its_column_needs_is_left_out_alone_and_told(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    nameless = account(2, minute=1, Id=None)
    stranger.records["Account"] = [account(1), nameless, account(3, minute=2)]
    assert names(read(crm)) == ["Account 1", "Account 3"]
    told = {"Id": ("None", "Account.Id: is empty, so the record is left out (None)")}
    assert crm.take_unusable("account") == told


def test_a_value_that_nobody_can_read_is_empty_and_told(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    stranger.records["Account"] = [account(n, OwnerId="me" if n else None) for n in range(3)]
    assert [row["owner_id"] for row in read(crm)] == [None, None, None]
    [(first, words)] = crm.take_unusable("account").values()
    assert first == "001000000000001AAA"
    assert words.startswith("Account.OwnerId: not a Salesforce id of 15 or 18 letters")
    assert words.endswith("so it is empty (001000000000001AAA, and 1 more)")
    assert crm.take_unusable("account") == {}


def test_without_a_change_log_an_hour_is_left_to_open_transactions(
    crm: SalesforceCrm, stranger: Any, account: Account, clock: Any
) -> None:
    stranger.records["Account"] = [account(1)]
    assert crm.safe_until("account") == clock.now() - timedelta(hours=1)


def test_without_a_deletion_log_nothing_is_vouched_for(
    crm: SalesforceCrm, stranger: Any, account: Account, clock: Any
) -> None:
    stranger.records["Account"] = [account(1)]
    since = clock.now() - timedelta(days=1)
    found = crm.deletions("account", since=since, until=clock.now())
    assert (list(found.ids), found.covered_until) == ([], since)


def test_without_limits_nothing_is_known_of_calls(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    stranger.records["Account"] = [account(1)]
    read(crm)
    assert (crm.calls().used, crm.calls().allowed) == (None, None)


def test_fields_that_do_not_fit_into_one_address_are_asked_for_apart(
    credentials: SalesforceCredentials, stranger: Any, account: Account, clock: Any
) -> None:
    stranger.records["Account"] = [
        account(n, Industry=f"Industry {n}", Type=f"Type {n}", minute=n) for n in range(5)
    ]
    whole = open_salesforce(credentials, clock=clock, sleep=lambda _: None)
    narrow = open_salesforce(credentials, clock=clock, sleep=lambda _: None, longest_query=215)
    assert read(narrow) == read(whole)
    assert len(stranger.queries) > 4


def test_money_keeps_every_cent(crm: SalesforceCrm, stranger: Any) -> None:
    stranger.records["ForecastingQuota"] = [
        {
            "Id": "0J9000000000001AAA",
            "QuotaOwnerId": "005000000000001AAA",
            "StartDate": "2026-01-01",
            "QuotaAmount": 12345678901.07,
            "SystemModstamp": "2026-03-09T07:00:00.000+0000",
        }
    ]
    [row] = read(crm, "quota")
    assert row["amount_cents"] == 1234567890107

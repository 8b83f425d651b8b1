"""Answers that are like Salesforce's and not quite: read in full, or told with what to do."""

import gzip
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.domain.errors import CoachingError, MissingField
from bot.ports import MirrorRow
from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.crm import SalesforceCrm, open_salesforce

Account = Callable[..., dict[str, Any]]
UNTIL = datetime(2026, 3, 9, 8, 0, 31, tzinfo=UTC)
ALL = [f"Account {n}" for n in range(5)]


def read(crm: SalesforceCrm, table: str = "account") -> list[MirrorRow]:
    return [row for batch in crm.changes(table, since=None, until=UNTIL) for row in batch]


def names(rows: Sequence[MirrorRow]) -> list[str]:
    return [str(row["name"]) for row in rows]


@pytest.fixture
def five(stranger: Any, account: Account) -> Any:
    stranger.records["Account"] = [account(n, minute=n) for n in range(5)]
    return stranger


def rewritten(stranger: Any, change: Callable[[dict[str, Any]], object]) -> None:
    """Every page as ``change`` leaves it."""
    page = stranger._page

    def other(found: list[dict[str, Any]]) -> Response:
        answer = json.loads(page(found).body)
        change(answer)
        return JSONResponse(answer)

    stranger._page = other


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda page: page.pop("done"), id="done-is-not-said"),
        pytest.param(lambda page: page.pop("totalSize"), id="size-is-not-said"),
        pytest.param(lambda page: page.update(queryMore=None, records=[
            {**each, "attributes": {"type": "Account"}, "New__c": {"a": [1]}}
            for each in page["records"]]), id="more-fields-than-asked-for"),
        pytest.param(lambda page: page.update(nextRecordsUrl=page.get("nextRecordsUrl")),
                     id="no-next-page-is-said-as-null"),
        pytest.param(lambda page: page.update(nextRecordsUrl=page.get("nextRecordsUrl", "")),
                     id="no-next-page-is-said-as-nothing"),
    ],
)  # fmt: skip
def test_every_page_is_read(
    crm: SalesforceCrm, five: Any, change: Callable[[dict[str, Any]], object]
) -> None:
    rewritten(five, change)
    assert names(read(crm)) == ALL


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("/services/data/v67.0/query/{}", id="another-version"),
        pytest.param("{url}/services/data/v59.0/query/{}", id="a-whole-address"),
        pytest.param("https://acme.my.salesforce.com/services/data/v59.0/query/{}", id="its-name"),
    ],
)
def test_the_next_page_is_where_the_server_says(
    crm: SalesforceCrm, five: Any, address: str
) -> None:
    def moved(page: dict[str, Any]) -> None:
        if "nextRecordsUrl" in page:
            place = page["nextRecordsUrl"].rpartition("/")[2]
            page["nextRecordsUrl"] = address.format(place, url=five.url)

    rewritten(five, moved)
    assert names(read(crm)) == ALL


def test_pages_that_end_before_all_that_was_counted_are_asked_for_from_there(
    crm: SalesforceCrm, five: Any
) -> None:
    def cut(page: dict[str, Any]) -> None:
        page.pop("nextRecordsUrl", None)
        page["done"] = True

    rewritten(five, cut)
    assert list(dict.fromkeys(names(read(crm)))) == ALL


def test_what_was_erased_while_pages_were_read_is_not_waited_for(
    crm: SalesforceCrm, five: Any
) -> None:
    rewritten(five, lambda page: page.update(totalSize=page["totalSize"] + 3))
    assert list(dict.fromkeys(names(read(crm)))) == ALL
    assert len(five.queries) <= 3


@pytest.mark.parametrize("how", ["gzip", "chunked"])
def test_packed_answers_are_unpacked(crm: SalesforceCrm, five: Any, how: str) -> None:
    page = five._page

    def packed(found: list[dict[str, Any]]) -> Response:
        body = bytes(page(found).body)
        if how == "chunked":
            parts = (body[start : start + 40] for start in range(0, len(body), 40))
            return StreamingResponse(parts, media_type="application/json")
        headers = {"Content-Encoding": "gzip"}
        return Response(gzip.compress(body), headers=headers, media_type="application/json")

    five._page = packed
    assert names(read(crm)) == ALL


@pytest.mark.parametrize("answer", [[], [{"errorCode": "?"}], "records", 7, None])
def test_an_answer_that_is_no_page_is_an_error_of_salesforces(
    crm: SalesforceCrm, five: Any, answer: object
) -> None:
    five.instead["query"] = [lambda: JSONResponse(answer)] * 9
    with pytest.raises(CoachingError, match="Salesforce"):
        read(crm)


def test_a_description_without_flags_or_fields_is_one(crm: SalesforceCrm, five: Any) -> None:
    five.instead["describe"] = [lambda: JSONResponse({"name": "Contact", "fields": None})]
    assert {"id", "name"} <= set(crm.missing_columns("contact"))


def refusing(code: str, message: str = "", status: int = 400) -> Callable[[], Response]:
    return lambda: JSONResponse([{"errorCode": code, "message": message}], status)


def test_a_field_that_is_described_and_then_refused_is_left_out_and_said(
    crm: SalesforceCrm, stranger: Any, account: Account
) -> None:
    stranger.records["Account"] = [account(1, Industry="Steel", Type="Customer")]
    refused = "\nSELECT Id\n ^\nERROR at Row:1:Column:9\nNo such column '{}' on entity 'Account'."
    stranger.instead["query"] = [
        refusing("INVALID_FIELD", refused.format(name)) for name in ("Industry", "Type")
    ]
    assert "industry" not in crm.missing_columns("account")
    [row] = read(crm)
    assert not {"industry", "type"} & row.keys()
    assert {"industry", "type"} <= set(crm.missing_columns("account"))


@pytest.mark.parametrize("field", ["Id", "Nothing__c"])
def test_a_refused_field_that_is_needed_or_not_ours_is_named(
    crm: SalesforceCrm, five: Any, field: str
) -> None:
    five.instead["query"] = [refusing("INVALID_FIELD", f"No such column '{field}'")] * 9
    with pytest.raises(MissingField, match=field):
        read(crm)
    assert len(five.instead["query"]) == 8


def test_an_object_that_is_forbidden_keeps_no_other_from_being_read(
    crm: SalesforceCrm, five: Any
) -> None:
    crm.missing_columns("account")
    five.instead["describe"] = [refusing("INSUFFICIENT_ACCESS", "no rights", 403)]
    assert "opportunity_split" not in crm.objects()
    assert names(read(crm)) == ALL


@pytest.mark.parametrize(
    ("spoken", "theirs"), [(["52.0"], "52.0"), (["31.0", "60.0", "67.0"], "60.0")]
)
def test_an_org_that_speaks_another_version_is_spoken_to_in_that(
    credentials: SalesforceCredentials, clock: Any, five: Any, spoken: list[str], theirs: str
) -> None:
    five.versions = spoken
    crm = open_salesforce(credentials, clock=clock, sleep=lambda _: None)
    assert "account" in crm.objects()
    assert names(read(crm)) == ALL
    assert {path.split("/")[3] for path in five.paths} == {f"v{theirs}"}


def test_without_a_list_of_versions_the_object_is_said_to_be_missing(
    crm: SalesforceCrm, stranger: Any
) -> None:
    stranger.records.clear()
    with pytest.raises(MissingField, match="Account cannot be read"):
        read(crm)


@pytest.mark.parametrize("ending", ["", "/"])
@pytest.mark.parametrize(
    "ways",
    [
        pytest.param({"CLIENT_ID": "a", "CLIENT_SECRET": "b"}, id="client-credentials"),
        pytest.param({"CLIENT_ID": "a", "REFRESH_TOKEN": "b"}, id="refresh-token"),
    ],
)
def test_an_instance_may_end_in_a_slash_however_we_log_in(
    five: Any, clock: Any, ways: dict[str, str], ending: str
) -> None:
    five.instance_url = five.url + ending
    variables = {"LOGIN_URL": five.url + ending, **ways}
    credentials = SalesforceCredentials.from_environment(
        {f"SALESFORCE_{name}": value for name, value in variables.items()}
    )
    crm = open_salesforce(credentials, clock=clock, sleep=lambda _: None)
    assert names(read(crm)) == ALL
    assert not [path for path in five.paths if "//" in path]

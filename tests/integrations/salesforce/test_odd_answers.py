"""Answers that are like Salesforce's and not quite: read in full, or told with what to do."""

import gzip
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.domain.errors import CoachingError
from bot.ports import MirrorRow
from integrations.salesforce.crm import SalesforceCrm

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

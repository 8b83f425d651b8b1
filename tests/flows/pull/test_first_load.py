"""Tables too big for pages are first loaded by bulk jobs, and taken up again where they ended."""

import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.domain.errors import TransientError
from bot.storage.bulk_jobs import read_bulk_jobs
from bot.storage.database import open_database, reading
from integrations.salesforce.crm_object import load_objects
from integrations.sandbox.changes import Change
from integrations.sandbox.salesforce.faults import FaultKind

Rows = Callable[[Engine, str], dict[str, Mapping[str, Any]]]
DEALS = 120
COUNT = b"Sforce-NumberOfRecords"


class Killed(BaseException):
    pass


def many_deals(first_changes: list[Change]) -> list[Change]:
    """What there is anyway, and many deals a minute apart."""
    model = next(change for change in first_changes if change.sobject == "Opportunity")
    many = [
        Change(
            at=model.at - timedelta(minutes=number),
            sobject="Opportunity",
            id=f"006{number:012d}AAB",
            fields={**model.fields, "NextStep": 'Say "yes",\nthen\twait' if number % 2 else "NA"},
        )
        for number in range(DEALS)
    ]
    return [*first_changes, *many]


@pytest.fixture
def big(make_org: Callable[..., Any], first_changes: list[Change]) -> Any:
    return make_org(many_deals(first_changes))


def asked(org: Any, method: str, end: str = "") -> list[str]:
    return [
        f"{entry['path']}?{entry['query']}"
        for entry in org.log.listing()
        if entry["method"] == method
        and "/jobs/query" in entry["path"]
        and entry["path"].endswith(end)
    ]


def ledger(database: Engine) -> list[Any]:
    with reading(database) as session:
        return list(read_bulk_jobs(session, "opportunity"))


@pytest.fixture
def kill_at_page(database: Engine) -> Callable[[int], None]:
    """The process dies before it can store its n-th page."""

    def kill(number: int) -> None:
        pages = iter(range(1, number))

        def die(*arguments: Any) -> None:
            if "UPDATE bulk_job SET locator" in arguments[2] and next(pages, None) is None:
                raise Killed

        event.listen(database, "before_cursor_execute", die)
        undo.append(lambda: event.remove(database, "before_cursor_execute", die))

    undo: list[Callable[[], None]] = []
    kill.undo = lambda: [each() for each in undo]  # type: ignore[attr-defined]
    return kill


def test_a_big_table_comes_by_bulk_jobs_and_small_ones_by_pages(
    database: Engine, big: Any, rows_of: Rows
) -> None:
    report = big.pull(database, bulk_from=100)
    assert (report.problems, report.stopped) == ({}, None)
    deals = rows_of(database, "opportunity")
    assert len(deals) == report.rows["opportunity"] == DEALS + 5
    assert {deal["next_step"] for deal in deals.values()} == {
        None,
        "NA",
        'Say "yes",\nthen\twait',
    }
    assert len(asked(big, "POST")) == 4
    assert len(asked(big, "DELETE")) == 4
    assert ledger(database) == []
    assert len(rows_of(database, "crm_user")) == 2


def test_both_ways_lead_to_the_same_mirror(
    sqlite: Engine, tmp_path: Any, sqlite_template: Any, big: Any, mirror_of: Any
) -> None:
    other = open_database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'other.sqlite3')}")
    big.pull(sqlite, bulk_from=1)
    big.pull(other)
    assert mirror_of(sqlite) == mirror_of(other)
    other.dispose()


def test_a_load_that_was_killed_goes_on_at_its_locators(
    database: Engine, big: Any, rows_of: Rows, kill_at_page: Any
) -> None:
    kill_at_page(6)
    with pytest.raises(Killed):
        big.pull(database, bulk_from=100)
    kill_at_page.undo()
    stored = sum(row.rows for row in ledger(database))
    assert 0 < stored < DEALS
    assert stored == len(rows_of(database, "opportunity"))
    before = len(asked(big, "GET", "/results"))
    report = big.pull(database, bulk_from=100)
    assert report.problems == {}
    assert len(rows_of(database, "opportunity")) == DEALS + 5
    assert report.rows["opportunity"] == DEALS + 5 - stored
    assert len(asked(big, "POST")) == 4
    pages = asked(big, "GET", "/results")[before:]
    assert 0 < len(pages) <= (DEALS + 5 - stored) // 10 + 4


def test_what_is_erased_while_the_load_waits_does_not_come_back(
    database: Engine, big: Any, rows_of: Rows, kill_at_page: Any
) -> None:
    kill_at_page(3)
    with pytest.raises(Killed):
        big.pull(database, bulk_from=100)
    kill_at_page.undo()
    big.later(minutes=30)
    for number in range(DEALS):
        big.delete("Opportunity", f"006{number:012d}AAB", hard=True)
    big.set("Opportunity", f"006{1:012d}AAA", NextStep="newer")
    big.pull(database, bulk_from=100)
    deals = rows_of(database, "opportunity")
    assert sum(not deal["is_deleted"] for deal in deals.values()) == 5
    assert deals[f"006{1:012d}AAA"]["next_step"] == "newer"


@pytest.mark.parametrize("kind", [FaultKind.FAIL_JOBS, FaultKind.FORGET_JOBS])
def test_lost_jobs_are_begun_anew(
    database: Engine, big: Any, rows_of: Rows, kind: FaultKind
) -> None:
    big.trouble(kind, path="/jobs/query/", times=1)
    assert big.pull(database, bulk_from=100).problems == {}
    assert len(rows_of(database, "opportunity")) == DEALS + 5
    assert len(asked(big, "POST")) > 4


def test_jobs_that_fail_again_and_again_leave_the_table_to_pages(
    database: Engine, big: Any, rows_of: Rows
) -> None:
    big.trouble(FaultKind.FAIL_JOBS, path="/jobs/query/")
    report = big.pull(database, bulk_from=100)
    assert (report.problems, report.as_of) == ({}, big.clock.now())
    assert len(rows_of(database, "opportunity")) == DEALS + 5
    assert ledger(database) == []


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"kind": FaultKind.EXPIRE_SESSIONS, "times": 1, "after": 2}, id="session"),
        pytest.param({"kind": FaultKind.DROP_CONNECTION, "times": 2, "after": 3}, id="line-drops"),
    ],
)
def test_a_load_comes_through_what_passes_by_itself(
    database: Engine, big: Any, rows_of: Rows, trouble: dict[str, Any]
) -> None:
    big.trouble(path="/results", **trouble)
    assert big.pull(database, bulk_from=100).problems == {}
    assert len(rows_of(database, "opportunity")) == DEALS + 5


def test_a_load_stops_at_the_budget_and_goes_on_the_next_day(
    database: Engine, make_org: Any, first_changes: list[Change], rows_of: Rows
) -> None:
    org = make_org(first_changes, daily_calls=60)
    org.records_a_page = 1
    days = 0
    while (report := org.pull(database, bulk_from=1)).as_of is None and days < 10:
        assert report.calls.used is not None
        assert report.calls.used <= 48 + 8
        org.later(days=1, minutes=1)
        days += 1
    assert days > 0
    assert report.as_of is not None
    assert len(rows_of(database, "opportunity")) == 5


def test_a_salesforce_that_stays_away_is_raised_and_the_ledger_kept(
    database: Engine, big: Any, rows_of: Rows
) -> None:
    big.trouble(FaultKind.UNAVAILABLE, path="/results", after=3)
    with pytest.raises(TransientError):
        big.pull(database, bulk_from=100)
    assert len(ledger(database)) == 4
    big.faults.clear()
    big.later(minutes=5)
    assert big.pull(database, bulk_from=100).problems == {}
    assert len(rows_of(database, "opportunity")) == DEALS + 5


def test_a_page_that_holds_less_than_it_says_is_not_believed(
    database: Engine, make_org: Any, first_changes: list[Change], rows_of: Rows
) -> None:
    lies = iter([b"11"])

    def exaggerating(app: ASGIApp) -> ASGIApp:
        async def through(scope: Scope, receive: Receive, send: Send) -> None:
            async def say(message: Message) -> None:
                if scope["path"].endswith("/results") and "headers" in message:
                    message["headers"] = [
                        (name, next(lies, value) if name == COUNT else value)
                        for name, value in message["headers"]
                    ]
                await send(message)

            await app(scope, receive, say)

        return through

    org = make_org(many_deals(first_changes), wrap=exaggerating)
    with pytest.raises(TransientError, match=r"announced 11 records and sent \d"):
        org.pull(database, bulk_from=100)
    org.later(minutes=5)
    assert org.pull(database, bulk_from=100).problems == {}
    assert len(rows_of(database, "opportunity")) == DEALS + 5


def test_a_field_that_was_hidden_since_the_description_is_left_out(
    database: Engine, big: Any, rows_of: Rows
) -> None:
    crm = big.crm()
    assert "next_step" not in crm.missing_columns("opportunity")
    big.trouble(FaultKind.HIDDEN_FIELD, sobject="Opportunity", field="NextStep")
    report = big.pull(database, crm, bulk_from=100)
    assert report.problems == {}
    assert {deal["next_step"] for deal in rows_of(database, "opportunity").values()} == {None}


def test_a_first_pull_by_pages_asks_once_beside_each_page(sqlite: Engine, org: Any) -> None:
    report = org.pull(sqlite)
    paths = [str(entry["path"]) for entry in org.log.listing()]
    asked_of_data = [path for path in paths if "/describe" not in path and "/oauth2/" not in path]
    pages = [path for path in asked_of_data if path.endswith("/queryAll/")]
    assert len(pages) == len(report.rows)
    assert len(asked_of_data) - len(pages) == len(report.rows)


def test_a_table_that_takes_too_long_to_be_counted_comes_by_bulk_jobs(
    sqlite: Engine, big: Any, rows_of: Rows
) -> None:
    crm = big.crm(objects={"opportunity": load_objects()["opportunity"]})
    big.trouble(FaultKind.QUERY_TIMEOUT, path="/queryAll", times=1)
    assert big.pull(sqlite, crm).problems == {}
    assert len(rows_of(sqlite, "opportunity")) == DEALS + 5
    assert len(asked(big, "POST")) == 4

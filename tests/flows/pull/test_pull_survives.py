"""A pull in a process of its own, killed without warning at one moment after the other."""

import signal
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.storage.database import open_database, transaction
from bot.storage.mirror.owner_change import OpportunityOwnerChangeRow
from bot.storage.mirror.stale import take_stale
from bot.storage.schema import metadata
from integrations.sandbox.changes import Change
from integrations.sandbox.salesforce.faults import FaultKind
from tests.flows.pull import pulling
from tests.forks import FROM

DEALS, PAGE = 360, 20
SAM = "005000000000002AAA"


def start(url: str, org: Any) -> ForkServerProcess:
    process = FROM.Process(target=pulling.run, args=(url, org.url, org.clock.now()))
    process.start()
    return process


def kill_after(process: ForkServerProcess, org: Any, *, pages: int) -> None:
    """Kill once so many further pages were asked for, somewhere between answer and storing."""
    wanted, begun = further_pages(org) + pages, len(org.log.listing())
    while len(org.log.listing()) == begun and process.is_alive():
        time.sleep(0.01)
    while further_pages(org) < wanted and process.is_alive():
        time.sleep(0.001)
    process.kill()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL, "it was through before it could be killed"


def further_pages(org: Any) -> int:
    """Only the deals have more than one page."""
    return sum("/01g" in str(entry["path"]) for entry in org.log.listing())


def deals(changes: list[Change], *, at: datetime) -> list[Change]:
    """The first deal over and over, under other ids and five minutes apart."""
    first = next(change for change in changes if change.sobject == "Opportunity")
    return [
        Change(
            at=at - timedelta(minutes=5 * (DEALS - number)),
            sobject="Opportunity",
            id=f"006{number:012d}AAB",
            fields=first.fields,
        )
        for number in range(DEALS)
    ]


@pytest.fixture
def changes(first_changes: list[Change]) -> list[Change]:
    return [*first_changes, *deals(first_changes, at=first_changes[0].at)]


@pytest.fixture(params=["sqlite_url", "postgres_url"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


def test_a_pull_killed_again_and_again_loses_and_doubles_nothing(
    url: str,
    tmp_path: Path,
    make_org: Callable[..., Any],
    changes: list[Change],
    mirror_of: Callable[[Engine], dict[str, dict[str, Mapping[str, Any]]]],
) -> None:
    org = make_org(changes, page_size=PAGE)
    org.trouble(FaultKind.LATENCY, seconds=0.005)
    for round_, pages in enumerate((2, 1, 3, 1, 2)):
        kill_after(start(url, org), org, pages=pages)
        org.later(minutes=1)
        # The world goes on between two attempts.
        org.set("Opportunity", f"006{round_:012d}AAB", NextStep=f"round {round_}", OwnerId=SAM)
        org.delete("Opportunity", f"006{round_ + 50:012d}AAB", hard=True)
        org.delete("Opportunity", f"006{round_ + 60:012d}AAB")
    last = start(url, org)
    last.join(120)
    assert last.exitcode == 0

    killed = open_database(url)
    fresh = open_database(f"sqlite:///{tmp_path / 'fresh.sqlite3'}")
    metadata().create_all(fresh)
    org.pull(fresh)
    was, should_be = mirror_of(killed), mirror_of(fresh)
    gone = {f"006{number:012d}AAB" for number in range(50, 55)}
    left = {key: row for key, row in was["opportunity"].items() if key not in gone}
    assert left == should_be.pop("opportunity")
    assert all(row["is_deleted"] for key, row in was.pop("opportunity").items() if key in gone)
    assert was == should_be
    with transaction(killed) as session:
        stale = take_stale(session)["opportunity"]
        moved = session.exec(select(OpportunityOwnerChangeRow.opportunity_id)).all()
    assert left.keys() <= stale
    assert len(moved) == len(set(moved))
    assert set(moved) <= {f"006{number:012d}AAB" for number in range(5)}
    killed.dispose()
    fresh.dispose()

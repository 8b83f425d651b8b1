"""Whatever happens, and whenever a pull dies of it: afterwards the mirror equals the org."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bot.storage.database import open_database, reading
from bot.storage.mirror.owner_change import OpportunityOwnerChangeRow
from integrations.sandbox.salesforce.faults import FaultKind
from integrations.sandbox.serving import serve
from tests.flows.pull.changing_org import KINDS, ChangingOrg, Deed, Door, Pull, Wait
from tests.postgres import Databases

#: How many stories are told; set it for a longer search, which then begins anew each time.
EXAMPLES = os.environ.get("PULL_EXAMPLES")
FAULTS = (
    FaultKind.UNAVAILABLE,
    FaultKind.DROP_CONNECTION,
    FaultKind.EXPIRE_SESSIONS,
    FaultKind.EXPIRE_LOCATORS,
    FaultKind.REQUEST_LIMIT,
    FaultKind.CONCURRENT_LIMIT,
    FaultKind.QUERY_TIMEOUT,
    FaultKind.FAIL_JOBS,
    FaultKind.FORGET_JOBS,
)
DAY = 24 * 60

tables, numbers = st.sampled_from(sorted(KINDS)), st.integers(0, 7)
deeds = st.one_of(
    st.builds(Deed, st.just("create"), tables, late=st.sampled_from([0, 0, 1, 20])),
    st.builds(
        Deed,
        st.sampled_from(["change", "hand over"]),
        tables,
        numbers,
        late=st.sampled_from([0, 0, 1, 20]),
    ),
    st.builds(Deed, st.sampled_from(["delete", "restore", "erase"]), tables, numbers),
    st.builds(Deed, st.just("merge"), st.just("account"), numbers),
)
pulls = st.builds(
    Pull,
    trouble=st.none()
    | st.tuples(st.sampled_from(FAULTS), st.integers(0, 25), st.sampled_from([1, 2, 7])),
    killed_at=st.none() | st.integers(1, 90),
    meanwhile=st.lists(st.tuples(st.integers(1, 25), deeds), max_size=4).map(tuple),
)
waits = st.builds(Wait, st.sampled_from([0, 1, 9, 45, 10 * 60, 3 * DAY, 16 * DAY]))
stories = st.lists(st.one_of(deeds, deeds, pulls, waits), min_size=6, max_size=24)


@pytest.fixture(scope="module")
def door() -> Iterator[tuple[Door, str]]:
    door = Door()
    with serve(door, lifespan="off") as server:
        yield door, server.url


def tell(story: Sequence[Deed | Pull | Wait], org: ChangingOrg) -> None:
    for step in story:
        if isinstance(step, Deed):
            org.do(step)
        elif isinstance(step, Wait):
            org.clock.wind(step.span)
        elif org.pull(step) is not None and step.is_quiet:
            org.require_equal()
    org.clock.wind(Wait(30).span)
    report = org.pull(Pull())
    assert report is not None
    assert (report.problems, report.stopped) == ({}, None)
    org.require_equal()


def require_unbroken_hands(mirror_url: str) -> None:
    """Each change of a deal's owner begins where the last one ended, and none came twice."""
    database = open_database(mirror_url)
    owners: dict[str, str | None] = {}
    with reading(database) as session:
        for change in session.exec(select(OpportunityOwnerChangeRow).order_by("id")):
            before = owners.get(change.opportunity_id, change.from_owner_id)
            assert before == change.from_owner_id != change.to_owner_id
            owners[change.opportunity_id] = change.to_owner_id
    database.dispose()


#: What other extractors were seen to lose: late commits, hard deletions, merges, the restored.
KNOWN = (
    [Pull(), Wait(1), Deed("change", late=1), Pull()],
    [Pull(), Wait(1), Deed("change", late=20), Wait(9), Pull(), Wait(9), Pull()],
    # Three tasks there are from the beginning, and of these five none is left.
    [
        *(Deed("create", "crm_task") for _ in range(2)),
        Pull(),
        Wait(45),
        *(Deed("erase", "crm_task", n) for n in range(5)),
        Pull(),
    ],
    [Pull(), Deed("delete"), Wait(16 * DAY), Pull()],
    [Pull(), Wait(9), Deed("merge", "account"), Pull()],
    [Pull(), Deed("delete"), Pull(), Wait(9), Deed("restore"), Pull()],
)


def searched(examples: int) -> settings:
    return settings(
        max_examples=int(EXAMPLES or examples),
        derandomize=EXAMPLES is None,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def follow(
    story: Sequence[Deed | Pull | Wait], door: tuple[Door, str], mirror_url: str, bulk_from: int
) -> None:
    org = ChangingOrg(*door, mirror_url, bulk_from)
    try:
        tell(story, org)
        require_unbroken_hands(mirror_url)
    finally:
        org.close()


@pytest.mark.slow
@searched(12)
@given(story=stories, bulk_from=st.sampled_from([1, 1_000]))
def test_the_mirror_equals_the_org(
    story: Sequence[Deed | Pull | Wait],
    bulk_from: int,
    door: tuple[Door, str],
    sqlite_template: Path,
    tmp_path: Path,
) -> None:
    # A killed pull may leave its write-ahead log behind, so no story takes over another's file.
    mirror = tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite3"
    follow(story, door, f"sqlite:///{shutil.copy(sqlite_template, mirror)}", bulk_from)


@pytest.mark.slow
@searched(6)
@given(story=stories, bulk_from=st.sampled_from([1, 1_000]))
def test_the_mirror_equals_the_org_on_postgresql_too(
    story: Sequence[Deed | Pull | Wait],
    bulk_from: int,
    door: tuple[Door, str],
    databases: Databases,
) -> None:
    with databases.empty() as address:
        follow(story, door, address.render_as_string(hide_password=False), bulk_from)


@pytest.mark.parametrize("story", KNOWN)
def test_what_others_lose_is_not_lost(
    story: Sequence[Deed | Pull | Wait],
    door: tuple[Door, str],
    database_url: str,
) -> None:
    follow(story, door, database_url, 1_000)

"""One org, exported and imported or read over its API: the same mirror and the same numbers."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.domain.ids import MetricKey
from bot.flows.keep_assignments import keep_assignments
from bot.flows.pull import pull
from bot.flows.roll_up import roll_up
from bot.queries.metric_readings import RepReading, read_metric_readings
from bot.storage.database import open_database, reading
from bot.storage.schema import metadata
from integrations.salesforce.export_files import ExportFolderCrm
from integrations.sandbox.changes import Change
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.org import generate, write_export
from integrations.sandbox.salesforce.store import Store
from tests.mirrored import ORGANISATION, metrics

TODAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
THINNED = frozenset(
    {"Opportunity", "OpportunityHistory", "OpportunityContactRole", "Task", "Event", "Lead"}
)
#: One of each kind of fact, for to fill all of them takes long.
METRICS = {
    MetricKey(key): metrics()[MetricKey(key)]
    for key in (
        "won_amount",
        "win_rate_count",
        "open_pipeline_amount",
        "stage_conversion",
        "pushed_count",
        "next_step_hygiene",
        "calls_completed",
        "meetings_held",
        "contacts_per_deal",
        "leads_in_an_hour",
    )
}


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    world = generate(seed=3, today=TODAY, weeks_ahead=0)
    write_export(
        replace(world, changes=[each for each in world.changes if is_kept(each)]), folder, NOW
    )
    return folder


def is_kept(change: Change) -> bool:
    """Every tenth deal and its history, and every tenth of what people did: it takes a tenth."""
    if change.sobject not in THINNED:
        return True
    deal = change.fields.get("OpportunityId") or change.id
    return zlib.crc32(str(deal).encode()) % 10 == 0


def numbers(database: Engine) -> list[RepReading]:
    roll_up(database, metrics=METRICS, organisation=ORGANISATION, now=NOW)
    keep_assignments(database, organisation=ORGANISATION, now=NOW)
    with reading(database) as session:
        return list(
            read_metric_readings(
                session,
                METRICS.values(),
                organisation=ORGANISATION,
                day=TODAY,
                words="last 8 weeks",
                now=NOW,
            )
        )


@pytest.mark.slow
def test_an_import_gives_the_mirror_and_the_numbers_of_the_api(
    sqlite: Engine,
    export: Path,
    make_org: Callable[..., Any],
    mirror_of: Callable[[Engine], dict[str, dict[str, dict[str, Any]]]],
    beside: Engine,
) -> None:
    clock = SandboxClock(starts_at=NOW, frozen=True)
    org = make_org(store=Store.from_folder(export, clock=clock), clock=clock)
    assert pull(sqlite, org.crm(), clock=clock).problems == {}
    folder = ExportFolderCrm(export)
    assert pull(beside, folder, clock=folder).problems == {}
    here, there = mirror_of(sqlite), mirror_of(beside)
    assert min(len(here[table]) for table in ("opportunity", "crm_task", "crm_event")) > 20
    assert here == there
    by_api, by_files = numbers(sqlite), numbers(beside)
    assert len({each.metric for each in by_api if each.value is not None}) > 6
    assert by_api == by_files


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'from_files.sqlite3'}")
    metadata().create_all(engine)
    yield engine
    engine.dispose()

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.domain.errors import ConfigError
from bot.flows.pull import pull
from bot.storage.database import open_database
from bot.storage.schema import metadata
from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.crm import SalesforceCrm, open_salesforce
from integrations.salesforce.export_files import ExportFolderCrm
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import serve

DATA = Path(__file__).parents[4] / "shared" / "data"
MAVEN = DATA / "maven" / "export"
SAMPLES = DATA / "salesforce_format_samples"
NEW_YEAR = datetime(2018, 1, 1, tzinfo=UTC)
Mirror = Callable[[Engine], dict[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def maven() -> Iterator[SalesforceCrm]:
    """The Maven export behind the simulated Salesforce."""
    clock = SandboxClock(starts_at=NEW_YEAR, frozen=True)
    store = Store.from_folder(MAVEN, clock=clock)
    known = Credentials()
    with serve(create_app(store, clock)) as server:
        credentials = SalesforceCredentials.from_environment(
            {
                "SALESFORCE_LOGIN_URL": server.url,
                "SALESFORCE_CLIENT_ID": known.client_id,
                "SALESFORCE_CLIENT_SECRET": known.client_secret,
            }
        )
        yield open_salesforce(credentials, clock=clock)
    store.close()


def test_both_doors_lead_to_the_same_mirror(
    database: Engine, maven: SalesforceCrm, tmp_path: Path, mirror_of: Mirror
) -> None:
    over_http = pull(database, maven, clock=SandboxClock(starts_at=NEW_YEAR, frozen=True))
    folder = ExportFolderCrm(MAVEN)
    beside = open_database(f"sqlite:///{tmp_path / 'from_files.sqlite3'}")
    metadata().create_all(beside)
    from_files = pull(beside, folder, clock=folder)
    counts = {"account": 85, "crm_user": 41, "opportunity": 8800, "opportunity_history": 15511}
    assert {table: over_http.rows[table] for table in counts} == counts
    assert {table: from_files.rows[table] for table in counts} == counts
    here, there = mirror_of(database), mirror_of(beside)
    # The simulated org knows itself and its stages; an export without their files does not.
    for table in ("opportunity_stage", "organization"):
        assert here.pop(table)
        assert there.pop(table) == {}
    assert here == there
    beside.dispose()


def test_an_import_is_current_as_of_the_day_of_the_export(sqlite: Engine) -> None:
    folder = ExportFolderCrm(MAVEN)
    report = pull(sqlite, folder, clock=folder)
    assert report.as_of == datetime(2017, 12, 31, 23, tzinfo=UTC)
    assert (report.stopped, report.problems) == (None, {})


def test_an_import_may_be_repeated(sqlite: Engine) -> None:
    folder = ExportFolderCrm(MAVEN)
    pull(sqlite, folder, clock=folder)
    assert set(pull(sqlite, folder, clock=folder).rows.values()) == {0}


def test_files_as_salesforce_writes_them_are_read(sqlite: Engine, mirror_of: Mirror) -> None:
    folder = ExportFolderCrm(SAMPLES)
    report = pull(sqlite, folder, clock=folder)
    assert report.rows["crm_task"] == 75
    deal = mirror_of(sqlite)["opportunity"]["006Ec00000AieKGIAZ"]
    assert (deal["is_won"], deal["is_deleted"], deal["amount_cents"]) == (True, False, 165199336)


def test_nothing_is_written_when_a_file_is_wrong(
    sqlite: Engine, tmp_path: Path, mirror_of: Mirror
) -> None:
    for file in MAVEN.glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text.replace('"2017-03-11"', '"11.03.2017"'))
    with pytest.raises(ConfigError):
        pull(sqlite, folder := ExportFolderCrm(tmp_path), clock=folder)
    assert set(map(len, mirror_of(sqlite).values())) == {0}

"""An org that lacks a field or an object: told by the doctor, and never a number for it."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import serve
from tests.cli.conftest import Console


def without_column(file: Path, column: str) -> None:
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    names = [name for name in rows[0] if name != column]
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, names, extrasaction="ignore", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def poor_org(export: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The small team's Salesforce without NextStep and without tasks; how to reach it."""
    folder = tmp_path / "poor"
    folder.mkdir()
    for path in export.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    without_column(folder / "Opportunity.csv", "NextStep")
    (folder / "Task.csv").unlink(missing_ok=True)
    organisation = '"Id","Name","FiscalYearStartMonth"\n"00D000000000001AAA","Poor","2"\n'
    (folder / "Organization.csv").write_text(organisation, encoding="utf-8")
    clock = SandboxClock()
    store = Store.from_folder(folder, clock=clock)
    with serve(create_app(store, clock)) as server:
        yield {
            "SALESFORCE_LOGIN_URL": server.url,
            "SALESFORCE_CLIENT_ID": Credentials().client_id,
            "SALESFORCE_CLIENT_SECRET": Credentials().client_secret,
        }
    store.close()


def test_what_needs_it_is_not_available_and_the_doctor_says_why(
    pacesetter: Console, poor_org: dict[str, str]
) -> None:
    pulled = pacesetter("pull", **poor_org)
    assert pulled.code == 0
    told = pacesetter("doctor", **poor_org)
    lines = told.out.splitlines()
    assert any(
        "opportunity: the org lacks or hides" in line and "next_step" in line for line in lines
    )
    assert any("calls_completed is not available" in line for line in lines)
    year = "the present one runs from 2026-02-01 to 2027-01-31"
    assert f"the fiscal year is Salesforce's: {year}" in told.out
    assert "every table was compared with the CRM's own counts at or after" in told.out
    said = pacesetter("metrics", "--as-of", "2026-03-09", "--format", "json", **poor_org)
    readings = {row["metric"]: row["value"] for row in json.loads(said.out)}
    assert readings["calls_completed"] is None
    assert readings["next_step_hygiene"] is None
    assert readings["open_pipeline_count"] is not None
    asked = ("--as-of", "2026-03-09", "--window", "this quarter", "--format", "json")
    quarter = pacesetter("metrics", "won_count", *asked, **poor_org)
    assert {row["from"] for row in json.loads(quarter.out)} == {"2026-02-01"}

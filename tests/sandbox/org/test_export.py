import csv
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.org import Org, write_export
from integrations.sandbox.org.export import written

ROOT = Path(__file__).parents[3]
FOREIGN = ROOT.parent / "shared" / "data" / "maven" / "export"


@pytest.fixture(scope="session")
def folder(world: Org, today: date, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "not" / "there"
    write_export(world, folder, datetime.combine(today, time(23, 59), tzinfo=UTC))
    return folder


def read(folder: Path, sobject: str) -> dict[str, dict[str, str]]:
    with (folder / f"{sobject}.csv").open(encoding="utf-8", newline="") as file:
        return {row["Id"]: row for row in csv.DictReader(file)}


def test_there_is_one_file_per_object_with_all_records(
    folder: Path, records: dict[str, Any]
) -> None:
    assert {path.stem for path in folder.iterdir()} == set(records)
    for sobject, rows in records.items():
        exported = read(folder, sobject)
        kept = {key for key, row in exported.items() if row["IsDeleted"] == "0"}
        assert kept == set(rows)


def test_an_exported_deal_says_what_the_record_says(folder: Path, records: dict[str, Any]) -> None:
    for key, row in read(folder, "Opportunity").items():
        deal = records["Opportunity"][key]
        assert row["Name"] == deal["Name"]
        assert Decimal(row["Amount"]) == deal["Amount"]
        assert date.fromisoformat(row["CloseDate"]) == deal["CloseDate"]
        assert row["IsWon"] == str(int(deal["IsWon"]))
        assert row["NextStep"] == (deal["NextStep"] or "")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000", row["CreatedDate"])


def test_deleted_meetings_are_exported_and_marked(folder: Path) -> None:
    assert any(row["IsDeleted"] == "1" for row in read(folder, "Event").values())


def test_the_columns_are_those_of_a_foreign_export(folder: Path) -> None:
    for name in ("Opportunity", "OpportunityHistory", "Account", "User", "UserRole"):
        with (FOREIGN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            theirs = set(next(csv.reader(file)))
        ours = set(next(iter(read(folder, name).values())))
        assert theirs - ours <= {"AnnualRevenue", "City"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "1"),
        (False, "0"),
        (7, "7"),
        (Decimal("1054.00"), "1054.00"),
        (date(2026, 3, 9), "2026-03-09"),
        (datetime(2026, 3, 9, 14, 5, 6, tzinfo=UTC), "2026-03-09T14:05:06.000+0000"),
        ("Müller & Söhne", "Müller & Söhne"),
    ],
)
def test_values_are_written_as_salesforce_writes_them(value: object, text: str) -> None:
    assert written(value) == text

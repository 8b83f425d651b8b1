"""Days off from a file: every bad line is named, and nothing is half-written."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.domain.errors import ConfigError
from bot.flows.import_leave import import_leave
from bot.storage.database import reading
from bot.storage.people import LeaveRow
from tests.mirrored import KIM, SAM, Mirror

HEADER = "person,first_day,last_day\n"
NEAR = "  hint: did you mean 'kim@acme.example'?"


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


def told(mirror: Mirror, folder: Path, text: str) -> tuple[int, int]:
    path = folder / "leave.csv"
    path.write_text(text, encoding="utf-8")
    return import_leave(mirror.database, path)


def complaints(mirror: Mirror, folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        told(mirror, folder, text)
    assert on_record(mirror) == []
    return [str(problem).replace(f"{folder}/", "") for problem in refused.value.problems]


def on_record(mirror: Mirror) -> list[tuple[str, date, date]]:
    row = LeaveRow
    with reading(mirror.database) as session:
        found = session.exec(select(row).order_by(col(row.person_id), col(row.first_day)))
        return [(each.person_id, each.first_day, each.last_day) for each in found]


def test_people_are_named_by_mail_or_id_and_a_second_reading_changes_nothing(
    mirror: Mirror, tmp_path: Path
) -> None:
    text = (
        HEADER + "Kim@ACME.example,2026-12-24,2027-01-02\n"
        f"{SAM},2026-12-24,2026-12-24\n"
        f"{SAM[:15]},2026-12-24,2026-12-24\n\n"
    )
    assert told(mirror, tmp_path, text) == (2, 3)
    expected = [
        (KIM, date(2026, 12, 24), date(2027, 1, 2)),
        (SAM, date(2026, 12, 24), date(2026, 12, 24)),
    ]
    assert on_record(mirror) == expected
    assert told(mirror, tmp_path, text) == (0, 3)
    assert on_record(mirror) == expected


def test_a_spreadsheet_with_other_names_and_semicolons_is_read_too(
    mirror: Mirror, tmp_path: Path
) -> None:
    text = "\ufeffE-mail;Team;First day;Until\r\nkim@acme.example;East;2026-12-24;2026-12-25\r\n"
    assert told(mirror, tmp_path, text) == (1, 1)


def test_every_bad_line_is_named_with_its_column(mirror: Mirror, tmp_path: Path) -> None:
    text = (
        HEADER + "kim@acme.example,2026-12-24,2026-12-25\n"
        "kim@acme.exampel,2026-12-24,24.12.2026\n"
        "\n"
        "sam@acme.example,2026-12-24,2026-12-20\n"
        "sam@acme.example,2026-12-24\n"
    )
    assert complaints(mirror, tmp_path, text) == [
        f"leave.csv:3: person: nobody in the CRM is called 'kim@acme.exampel'\n{NEAR}",
        "leave.csv:3: last_day: '24.12.2026' is no day\n  hint: write it like 2026-12-24",
        "leave.csv:5: last_day: 2026-12-20 lies before 2026-12-24\n  hint: swap the two days",
        "leave.csv:6: 2 columns, where the header has 3",
    ]


@pytest.mark.parametrize("text", ["", "person,begin\nkim@acme.example,2026-12-24\n"])
def test_a_header_that_lacks_a_column_is_refused(mirror: Mirror, tmp_path: Path, text: str) -> None:
    [problem] = complaints(mirror, tmp_path, text)
    assert problem.startswith("leave.csv:1: the header lacks")
    assert "`person,first_day,last_day`" in problem

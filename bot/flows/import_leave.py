"""Days off from a file: one line each, all of them or none."""

from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.flows.csv_rows import CsvFile, CsvRow, People, read_csv
from bot.storage.database import transaction
from bot.storage.people import LeaveRow

CSV = "csv"
COLUMNS = {
    "person": ("email", "e-mail", "id"),
    "first_day": ("first", "from", "start"),
    "last_day": ("last", "to", "until", "end"),
}


def import_leave(database: Engine, path: Path) -> tuple[int, int]:
    """How many lines were new, and how many there were. Raises ConfigError naming bad lines."""
    file = read_csv(path, COLUMNS)
    with transaction(database) as session:
        people = People(session)
        rows = [row for line in file.rows if (row := _row(file, line, people)) is not None]
        file.raise_problems()
        new = [row for row in _distinct(rows) if not _is_known(session, row)]
        session.add_all(new)
    return len(new), len(rows)


def _row(file: CsvFile, line: CsvRow, people: People) -> LeaveRow | None:
    person = people.find(file, line, "person")
    first, last = file.parse_day(line, "first_day"), file.parse_day(line, "last_day")
    if first is None or last is None or person is None:
        return None
    if last < first:
        file.complain(line, "last_day", f"{last} lies before {first}", hint="swap the two days")
        return None
    return LeaveRow(person_id=person, first_day=first, last_day=last, source=CSV)


def _distinct(rows: list[LeaveRow]) -> list[LeaveRow]:
    return list({(row.person_id, row.first_day, row.last_day): row for row in rows}.values())


def _is_known(session: Session, row: LeaveRow) -> bool:
    same = select(LeaveRow).where(
        LeaveRow.person_id == row.person_id,
        LeaveRow.first_day == row.first_day,
        LeaveRow.last_day == row.last_day,
    )
    return session.exec(same).first() is not None

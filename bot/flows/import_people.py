"""Roles and teams that the CRM no longer knows, from a file: all of it or nothing."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Engine, delete
from sqlmodel import Session, col

from bot.documents import did_you_mean
from bot.domain.organisation import Organisation
from bot.domain.windows import LAST_DAY_EVER
from bot.flows.csv_rows import CsvFile, CsvRow, People, read_csv
from bot.flows.keep_assignments import keep_assignments
from bot.storage.assignments import TOLD_BY_FILE, AssignmentRow, read_assignment_rows
from bot.storage.database import transaction

DAY = timedelta(days=1)
COLUMNS = {
    "person": ("email", "e-mail", "id"),
    "role": (),
    "team": ("manager",),
    "first_day": ("first", "from", "start"),
    "last_day": ("last", "to", "until", "end"),
}
Told = Mapping[str, list[tuple[CsvRow, AssignmentRow]]]


def import_people(
    database: Engine,
    path: Path,
    *,
    roles: Collection[str],
    organisation: Organisation,
    now: datetime,
) -> tuple[int, int]:
    """Replace the history of those in the file; how many assignments of how many people.

    Where the file ends, the CRM goes on. Raises ConfigError naming bad lines.
    """
    file = read_csv(path, COLUMNS)
    with transaction(database) as session:
        people = People(session)
        told: dict[str, list[tuple[CsvRow, AssignmentRow]]] = defaultdict(list)
        for line in file.rows:
            row = _row(file, line, people, roles)
            if row is not None:
                told[row.rep_id].append((line, row))
        _check_order(file, told)
        file.raise_problems()
        _replace(session, told)
    keep_assignments(database, organisation=organisation, now=now)
    return sum(len(rows) for rows in told.values()), len(told)


def _row(
    file: CsvFile, line: CsvRow, people: People, roles: Collection[str]
) -> AssignmentRow | None:
    person, role = people.find(file, line, "person"), line.values["role"]
    if role not in roles:
        hint = did_you_mean(role, roles)
        file.complain(line, "role", f"no role playbook called '{role}'", hint=hint)
    team = people.find(file, line, "team") if line.values["team"] else None
    first = file.parse_day(line, "first_day")
    last = file.parse_day(line, "last_day") if line.values["last_day"] else None
    if first and last and last < first:
        file.complain(line, "last_day", f"{last} lies before {first}", hint="swap the two days")
    if person is None or first is None:
        return None
    return AssignmentRow(
        rep_id=person, first_day=first, last_day=last, role=role, team_id=team, source=TOLD_BY_FILE
    )


def _check_order(file: CsvFile, told: Told) -> None:
    for rows in told.values():
        rows.sort(key=lambda each: each[1].first_day)
        for (_, earlier), (line, later) in pairwise(rows):
            if earlier.last_day is None or earlier.last_day >= later.first_day:
                ends = earlier.last_day or "never"
                message = f"begins before another assignment of this person ends ({ends})"
                hint = "one person has one role and team a day"
                file.complain(line, "first_day", message, hint=hint)


def _replace(session: Session, told: Told) -> None:
    """The file's word up to its last day, and after it what the CRM was seen to say."""
    known = read_assignment_rows(session)
    for person, rows in told.items():
        ends = rows[-1][1].last_day or LAST_DAY_EVER
        later = [
            AssignmentRow(**{**row.model_dump(), "first_day": max(row.first_day, ends + DAY)})
            for row in known.get(person, [])
            if row.source != TOLD_BY_FILE and (row.last_day or LAST_DAY_EVER) > ends
        ]
        gone = delete(AssignmentRow).where(col(AssignmentRow.rep_id) == person)
        session.connection().execute(gone)
        session.expunge_all()
        session.add_all([*(row for _, row in rows), *later])
        session.flush()

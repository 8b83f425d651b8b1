"""CSV files that people write: a header in words we know, and complaints that name the place."""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from bot.documents import did_you_mean, raise_problems, read_text
from bot.domain.errors import ConfigError, Problem
from bot.storage.mirror.user import CrmUserRow

SHORT_ID = 15
#: As programs write them; the one that the header has most of.
SEPARATORS = (",", ";", "\t")
#: Of one cell; notes are longest.
LONGEST = 3_000
DAY_HINT = "write it like 2026-12-24"


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvRow:
    line: int
    #: Column → what stands there, without the blanks around it.
    values: Mapping[str, str]


@dataclass(slots=True)
class CsvFile:
    """Rows, and what is wrong with them."""

    name: str
    rows: list[CsvRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, row: CsvRow, column: str, message: str, *, hint: str = "") -> None:
        self.problems.append(
            Problem(file=self.name, line=row.line, message=f"{column}: {message}", hint=hint)
        )

    def parse_day(self, row: CsvRow, column: str) -> date | None:
        try:
            return date.fromisoformat(row.values[column])
        except ValueError:
            self.complain(row, column, f"'{row.values[column]}' is no day", hint=DAY_HINT)
            return None

    def raise_problems(self) -> None:
        raise_problems(sorted(self.problems, key=lambda each: each.line or 0))


def read_csv(
    path: Path, columns: Mapping[str, Sequence[str]], *, optional: Collection[str] = ()
) -> CsvFile:
    """``columns`` are the names of each and what else they may be called.

    Those that are ``optional`` are empty where the header has none of their names.

    Raises ConfigError for a file without a header that has them all, and for ragged lines.
    """
    text = read_text(path, file=str(path))
    header = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=header.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found = CsvFile(str(path))
    try:
        _read(found, lines, columns, optional)
    except csv.Error as error:
        hint = "every quotation mark needs its second one"
        problem = Problem(file=found.name, line=lines.line_num, message=str(error), hint=hint)
        raise_problems([*found.problems, problem])
    return found


def _read(
    found: CsvFile,
    lines: Any,  # noqa: ANN401 - the module csv names no class of its readers
    columns: Mapping[str, Sequence[str]],
    optional: Collection[str],
) -> None:
    places = _places(found, [name.strip().lower() for name in next(lines, [])], columns, optional)
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) <= max(places.values()):
            message = f"{len(cells)} columns, where the header has {max(places.values()) + 1}"
            found.problems.append(Problem(file=found.name, line=lines.line_num, message=message))
            continue
        values = {column: cells[at].strip() if at >= 0 else "" for column, at in places.items()}
        row = CsvRow(line=lines.line_num, values=values)
        for column, value in values.items():
            if "\0" in value or len(value) > LONGEST:
                hint = f"plain text of at most {LONGEST} characters"
                found.complain(row, column, "is no text that can be kept", hint=hint)
        found.rows.append(row)


def _places(
    found: CsvFile,
    header: list[str],
    columns: Mapping[str, Sequence[str]],
    optional: Collection[str],
) -> Mapping[str, int]:
    names = [name.replace(" ", "_") for name in header]
    places = {
        column: next((at for at, name in enumerate(names) if name in {column, *others}), -1)
        for column, others in columns.items()
    }
    missing = [column for column, at in places.items() if at < 0 and column not in optional]
    if missing:
        expected = ",".join(column for column in columns if column not in optional)
        message = f"the header lacks {', '.join(missing)}"
        hint = f"begin the file with the line `{expected}`"
        raise ConfigError([Problem(file=found.name, line=1, message=message, hint=hint)])
    return places


class People:
    """CRM users by e-mail or id, as files name them."""

    def __init__(self, session: Session) -> None:
        self._ids: dict[str, str] = {}
        for person, email in session.exec(select(CrmUserRow.id, CrmUserRow.email)):
            self._ids[person.lower()] = person
            self._ids.setdefault(person[:SHORT_ID].lower(), person)
            if email:
                self._ids[email.lower()] = person

    def find(self, file: CsvFile, row: CsvRow, column: str) -> str | None:
        word = row.values[column]
        person = self._ids.get(word.lower())
        if person is None:
            emails = [known for known in self._ids if "@" in known]
            near = did_you_mean(word.lower(), emails)
            hint = near if near.startswith("did") else "write a CRM e-mail or user id"
            file.complain(row, column, f"nobody in the CRM is called '{word}'", hint=hint)
        return person

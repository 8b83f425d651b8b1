"""An export folder as the Crm of ``bot.ports``: a trial on one's own data without API access."""

import codecs
import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bot.domain.errors import ConfigError, PermanentError, Problem
from bot.ports import (
    BulkReader,
    CallBudget,
    Census,
    CrmField,
    CrmNote,
    CrmWriter,
    Deletions,
    MirrorRow,
)
from integrations.salesforce.crm_object import CrmObject, UnusableRecord, load_objects, mirror

BATCH = 2_000
#: More complaints than this are not read by anybody.
SHOWN = 50
#: Rich text fields may hold 131,072 characters, just above what Python's reader takes by default.
LONGEST_CELL = 1 << 24
UTF8_HINT = "export again with the encoding UTF-8, or save the file as UTF-8"
#: What it means that a file is not there.
WITHOUT = {
    "crm_user": "there is nobody to coach and no team, because people come from it",
    "opportunity": "nothing can be said about opportunities, pipeline or sales",
    "opportunity_history": "no past day can be looked at as it was",
    "crm_task": "calls, e-mails and other tasks count as unknown",
    "crm_event": "meetings count as unknown",
}
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
AGAIN_HINT = "export again from Setup > Data Export and leave the files as they are"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    path: Path
    encoding: str
    #: Cut down to the columns of the file.
    crm_object: CrmObject
    #: Mirror columns that the file does not fill.
    missing: tuple[str, ...]

    def records(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Each record with the line it begins on. Raises ValueError or csv.Error with a reason."""
        with self.path.open(encoding=self.encoding, newline="") as text:
            lines = csv.reader(text, strict=True)
            header = next(lines)
            begins = lines.line_num + 1
            for cells in lines:
                if len(cells) not in {0, len(header)}:
                    raise ValueError(f"{len(cells)} cells where the header has {len(header)}")
                if cells:
                    record = dict(zip(header, cells, strict=True))
                    if self._is_wanted(record):
                        yield begins, record
                begins = lines.line_num + 1

    def _is_wanted(self, record: Mapping[str, str]) -> bool:
        only = self.crm_object.only
        return only is None or record.get(only[0]) == only[1]


class ExportFolderCrm:
    """CSV files as Salesforce's Data Export Service writes them, one for each object.

    Reads every file once when it is made: raises ConfigError with all that is wrong.

    It is a Clock too, ``now()`` being the latest stamp in the folder: an export tells of the day
    it was made on and nothing later, so this is the time by which to pull it.
    """

    def __init__(self, folder: Path, objects: Mapping[str, CrmObject] | None = None) -> None:
        self._objects = load_objects() if objects is None else objects
        csv.field_size_limit(LONGEST_CELL)
        self._complaints: list[Problem] = []
        self._now = datetime.min.replace(tzinfo=UTC)
        self._files = self._find(folder)
        self.warnings = tuple(
            f"{each.sobject}.csv is not there: {WITHOUT[table]}"
            for table, each in self._objects.items()
            if table in WITHOUT and table not in self._files
        )
        for file in self._files.values():
            self._check(file)
        if self._complaints:
            raise ConfigError(self._complaints)

    def now(self) -> datetime:
        return self._now

    def objects(self) -> Sequence[str]:
        return tuple(self._files)

    def missing_columns(self, table: str) -> Sequence[str]:
        return self._files[table].missing

    def changes(
        self,
        table: str,
        *,
        since: datetime | None,
        until: datetime,
        at_most: int | None = None,
    ) -> Iterator[Sequence[MirrorRow]]:
        """All records: an export is a whole, whatever was read of it before."""
        _ = since, until, at_most
        file = self._files[table]
        rows = (mirror(file.crm_object, record) for _, record in file.records())
        while batch := list(islice(rows, BATCH)):
            yield batch

    def safe_until(self, table: str) -> datetime:
        _ = table
        return self._now

    def deletions(self, table: str, *, since: datetime, until: datetime) -> Deletions:
        """An export does not tell what is gone."""
        _ = table, since
        return Deletions(ids=(), covered_until=until)

    def census(self, table: str) -> Census | None:
        """An export is of its day; what is missing from it may live on in the org."""
        _ = table
        return None

    def bulk(self, table: str) -> BulkReader | None:
        _ = table
        return None

    def calls(self) -> CallBudget:
        return CallBudget(used=None, allowed=None)

    def writer(self) -> CrmWriter:
        raise PermanentError("an export is only read")

    def take_unusable(self, table: str) -> Mapping[str, tuple[str, str]]:
        """Nothing of an export is used that holds such values."""
        del table
        return {}

    def fields(self, table: str) -> Sequence[CrmField]:
        del table
        return ()

    def notes(self) -> Sequence[CrmNote]:
        return ()

    def _find(self, folder: Path) -> dict[str, ExportFile]:
        if not folder.is_dir():
            raise ConfigError(
                [
                    Problem(
                        file=str(folder), message="is not a folder", hint="unzip the export first"
                    )
                ]
            )
        paths = {path.name.lower(): path for path in sorted(folder.iterdir())}
        found = {
            table: self._open(path, crm_object)
            for table, crm_object in self._objects.items()
            if (path := paths.get(f"{crm_object.sobject}.csv".lower()))
        }
        if not found:
            names = ", ".join(f"{each.sobject}.csv" for each in self._objects.values())
            raise ConfigError(
                [Problem(file=str(folder), message="holds no export", hint=f"expected {names}")]
            )
        return {table: file for table, file in found.items() if file is not None}

    def _open(self, path: Path, crm_object: CrmObject) -> ExportFile | None:
        if wrong := _no_text(path):
            self._complain(path, 1, *wrong)
            return None
        encoding = _encoding(path)
        with path.open(encoding=encoding, newline="") as text:
            first = text.readline()
        header = next(csv.reader([first]), [])
        if len(header) < 2 and ";" in first:  # noqa: PLR2004 -- one column is no export
            self._complain(path, 1, "cells are separated by semicolons", AGAIN_HINT)
            return None
        if twice := sorted({name for name in header if header.count(name) > 1}):
            self._complain(path, 1, f"column {', '.join(twice)} comes twice", AGAIN_HINT)
            return None
        fitted = crm_object.fitted(header)
        for field in fitted.lacking:
            hint = "include all fields when exporting; columns bear API names, not labels"
            self._complain(path, 1, f"column {field} is missing", hint)
        if fitted.lacking:
            return None
        return ExportFile(
            path=path, encoding=encoding, crm_object=fitted.crm_object, missing=fitted.missing
        )

    def _check(self, file: ExportFile) -> None:
        line = 1
        known: dict[object, int] = {}
        try:
            for line, record in file.records():
                try:
                    row = mirror(file.crm_object, record)
                except UnusableRecord as error:
                    message = f"column {error.column.field} {error.reason}"
                    if not self._complain(file.path, line, message, AGAIN_HINT):
                        return
                    continue
                first = known.setdefault(row["id"], line)
                if first != line:
                    message = f"Id {row['id']} stands on line {first} already"
                    if not self._complain(file.path, line, message, "keep the newer of the two"):
                        return
                if isinstance(stamp := row["stamp"], datetime):
                    self._now = max(self._now, stamp)
        except (ValueError, csv.Error) as error:
            message = f"the record after line {line} cannot be read: {error}"
            self._complain(file.path, line, message, AGAIN_HINT)

    def _complain(self, path: Path, line: int, message: str, hint: str) -> bool:
        """Whether there is room for more complaints."""
        if len(self._complaints) == SHOWN:
            message, hint = "... and more like these", ""
        if len(self._complaints) <= SHOWN:
            self._complaints.append(Problem(file=path.name, line=line, message=message, hint=hint))
        return len(self._complaints) <= SHOWN


def _no_text(path: Path) -> tuple[str, str] | None:
    """What is wrong with a file that cannot be a table of text at all, and what to do."""
    with path.open("rb") as raw:
        begin = raw.read(4096)
    if not begin.removeprefix(codecs.BOM_UTF8).strip():
        return "the file is empty", AGAIN_HINT
    if begin.startswith(UTF16_MARKS):
        return "the file's encoding is UTF-16", UTF8_HINT
    if b"\0" in begin:
        return "the file's encoding is not UTF-8, or it is no text at all", UTF8_HINT
    return None


def _encoding(path: Path) -> str:
    """UTF-8 with or without its mark, or else what the export calls "ISO-8859-1"."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            with path.open(encoding=encoding, newline="") as text:
                while text.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"

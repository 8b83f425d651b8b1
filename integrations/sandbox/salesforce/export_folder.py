"""Read a folder of CSV files as Salesforce's Data Export Service writes them."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from integrations.sandbox.salesforce.errors import BadExport
from integrations.sandbox.salesforce.guesses import Tally
from integrations.sandbox.salesforce.ids import ID, long_id
from integrations.sandbox.salesforce.schema import Field, SObject, StandardObject
from integrations.sandbox.salesforce.values import Stored, text_reader

CELL_LIMIT = 64 * 1024 * 1024
CHARACTERS_AT_ONCE = 65_536

_NAME = re.compile(r"[A-Za-z]\w*")


@dataclass(frozen=True, kw_only=True)
class ExportFile:
    """One readable file: its object with only the fields that the header names."""

    path: Path
    sobject: SObject
    #: One for each column, in the file's order.
    columns: tuple[Field, ...]
    encoding: str

    def rows(self, problems: list[str]) -> Iterator[tuple[Stored, ...]]:
        """Rows in stored shape; faulty ones go to ``problems`` instead, with line and column."""
        readers = [text_reader(field) for field in self.columns]
        id_column = next(i for i, field in enumerate(self.columns) if field.name == "Id")
        for line, cells in _cells(self.path, self.encoding, problems):
            if len(cells) != len(readers):
                problems.append(
                    f"{self.path.name}, line {line}: {len(cells)} cells where the header has "
                    f"{len(readers)}; quote cells that contain commas or line breaks"
                )
                continue
            if not ID.fullmatch(cells[id_column]):
                problems.append(
                    f"{self.path.name}, line {line}, column Id: {cells[id_column]!r} is no "
                    "Salesforce id; an id has 15 or 18 letters and digits"
                )
                continue
            try:
                yield tuple(read(cell) for read, cell in zip(readers, cells, strict=True))
            except ValueError:
                problems.extend(self._cell_problems(line, cells))

    def twins(self) -> Iterator[str]:
        """Complaints about ids that come twice; the database only says that there are some."""
        place = next(i for i, field in enumerate(self.columns) if field.name == "Id")
        seen: dict[str, int] = {}
        for line, cells in _cells(self.path, self.encoding, []):
            if len(cells) == len(self.columns):
                first = seen.setdefault(long_id(cells[place]), line)
                if first != line:
                    yield (
                        f"{self.path.name}, line {line}, column Id: {cells[place]!r} is on line "
                        f"{first} already; remove one of the two rows"
                    )

    def _cell_problems(self, line: int, cells: Sequence[str]) -> Iterator[str]:
        for field, cell in zip(self.columns, cells, strict=True):
            try:
                text_reader(field)(cell)
            except ValueError as error:
                yield f"{self.path.name}, line {line}, column {field.name}: {error}"


def _cells(path: Path, encoding: str, problems: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Every row after the header with the line on which it starts; blank lines are skipped."""
    csv.field_size_limit(CELL_LIMIT)
    line = 1
    with path.open(encoding=encoding, newline="") as text:
        reader = csv.reader(text, strict=True)
        try:
            for number, cells in enumerate(reader):
                if number and cells:
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            problems.append(
                f"{path.name}, line {line}: {error}; double the quotation marks inside a quoted "
                "cell"
            )


def read_folder(
    folder: Path, standard: Mapping[str, StandardObject]
) -> tuple[list[ExportFile], list[str]]:
    """The readable files of a folder, and what is wrong with the headers of the others.

    Raises BadExport when the folder is missing or holds no CSV file.
    """
    if not folder.is_dir():
        raise BadExport([f"{folder} is no folder; name the folder that holds the export's files"])
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv")
    if not paths:
        raise BadExport([f"{folder} holds no .csv file, for example Opportunity.csv"])
    known = {name.lower(): entry.sobject for name, entry in standard.items()}
    problems: list[str] = []
    files: dict[str, ExportFile] = {}
    for path in paths:
        file = _open(path, known.get(path.stem.lower()), problems)
        if file is None:
            continue
        twin = files.setdefault(file.sobject.name.lower(), file)
        if twin is not file:
            problems.append(f"{path.name}: {twin.path.name} is the same object; keep one of them")
    return _with_targets(list(files.values()), known), problems


def _open(path: Path, known: SObject | None, problems: list[str]) -> ExportFile | None:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as text:
        header = next(csv.reader(text), None)
    faults = _header_problems(path, header)
    problems.extend(faults)
    if faults or header is None:
        return None
    columns = tuple(
        (known.field(name.strip()) if known else None)
        or Field(name=name.strip(), kind="string", custom=name.strip().endswith("__c"))
        for name in header
    )
    columns = tuple(replace(f, name="Id", kind="id") if f.name.lower() == "id" else f
                    for f in columns)  # fmt: skip
    columns = _inferred(path, encoding, columns, known)
    stem = path.stem
    sobject = SObject(
        name=known.name if known else stem,
        label=known.label if known else stem.removesuffix("__c").replace("_", " "),
        prefix=known.prefix if known else "",
        deletable=known.deletable if known else True,
        writable=known.writable if known else True,
        fields=columns,
    )
    return ExportFile(path=path, sobject=sobject, columns=columns, encoding=encoding)


def _encoding(path: Path) -> str:
    """The export offers UTF-8 and ISO-8859-1; what is not the one is the other."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            while text.read(CHARACTERS_AT_ONCE):
                pass
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8-sig"


def _header_problems(path: Path, header: list[str] | None) -> list[str]:
    if not _NAME.fullmatch(path.stem):
        return [f"{path.name}: name the file after its object, like Opportunity.csv"]
    if not header:
        return [f"{path.name}, line 1: the file has no header; its first line names the fields"]
    names = [name.strip() for name in header]
    problems = [
        f"{path.name}, line 1, column {name or number + 1}: {name!r} is no API field name; "
        "use names like CloseDate instead of labels, separated by commas"
        for number, name in enumerate(names)
        if not _NAME.fullmatch(name)
    ]
    lowered = [name.lower() for name in names]
    problems.extend(
        f"{path.name}, line 1, column {name}: the header names it twice; remove one column"
        for number, name in enumerate(names)
        if name.lower() in lowered[:number]
    )
    if "id" not in lowered:
        problems.append(
            f"{path.name}, line 1, column Id: the column is missing; export the records with "
            "their ids"
        )
    return problems


def _inferred(
    path: Path, encoding: str, columns: tuple[Field, ...], known: SObject | None
) -> tuple[Field, ...]:
    """Give fields that no catalog knows the type that all their values agree on."""
    tallies = {
        place: Tally.of(field)
        for place, field in enumerate(columns)
        if field.name != "Id" and (known is None or known.field(field.name) is None)
    }
    if not tallies:
        return columns
    for _line, cells in _cells(path, encoding, []):
        for place, tally in tallies.items():
            if place < len(cells) and cells[place]:
                tally.add(cells[place])
    return tuple(
        tallies[place].guessed() if place in tallies else field
        for place, field in enumerate(columns)
    )


def _with_targets(files: list[ExportFile], known: Mapping[str, SObject]) -> list[ExportFile]:
    """Turn guessed key prefixes into the objects they stand for, once all files are known."""
    names = {item.prefix: item.name for item in known.values()}
    for file in files:
        _line, first = next(_cells(file.path, file.encoding, []), (0, []))
        prefix = file.sobject.prefix or "".join(first[_id_place(file) :][:1])[:3]
        names.setdefault(prefix, file.sobject.name)
    prefixes = {name: prefix for prefix, name in names.items()}
    return [_aimed(file, names, prefixes) for file in files]


def _id_place(file: ExportFile) -> int:
    return next(place for place, field in enumerate(file.columns) if field.name == "Id")


def _aimed(file: ExportFile, names: Mapping[str, str], prefixes: Mapping[str, str]) -> ExportFile:
    columns = tuple(_aimed_field(field, names) for field in file.columns)
    sobject = replace(file.sobject, fields=columns, prefix=prefixes.get(file.sobject.name) or "a00")
    return replace(file, columns=columns, sobject=sobject)


def _aimed_field(field: Field, names: Mapping[str, str]) -> Field:
    if field.kind != "reference" or not field.custom:
        return field
    target = names.get(field.targets[0])
    return (
        replace(field, targets=(target,)) if target else replace(field, kind="idtext", targets=())
    )

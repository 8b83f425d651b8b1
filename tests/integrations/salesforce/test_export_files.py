from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.errors import ConfigError, Problem
from bot.ports import MirrorRow
from integrations.salesforce.export_files import SHOWN, ExportFolderCrm

HEADER = "Id,Name,OwnerId,Amount,StageName,CloseDate,IsWon,CreatedDate,SystemModstamp"
STAMPS = "2026-03-09T08:00:00.000+0000,2026-03-09T08:00:00.000+0000"
DEAL = f"006000000000001AAA,Acme,005000000000001AAA,10.50,Won,2026-03-09,1,{STAMPS}"
UNTIL = datetime(2026, 3, 10, tzinfo=UTC)


def write(
    folder: Path, *lines: str, name: str = "Opportunity.csv", encoding: str = "utf-8"
) -> Path:
    (folder / name).write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return folder


def rows(folder: Path, table: str = "opportunity") -> list[MirrorRow]:
    crm = ExportFolderCrm(folder)
    return [row for batch in crm.changes(table, since=None, until=UNTIL) for row in batch]


def problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as refused:
        ExportFolderCrm(folder)
    return refused.value.problems


def test_a_record_becomes_a_row(tmp_path: Path) -> None:
    [row] = rows(write(tmp_path, HEADER, DEAL))
    assert (row["amount_cents"], row["close_on"], row["is_won"]) == (1050, date(2026, 3, 9), True)


def test_columns_and_objects_that_were_not_exported_are_missing(tmp_path: Path) -> None:
    crm = ExportFolderCrm(write(tmp_path, HEADER, DEAL))
    assert crm.objects() == ("opportunity",)
    assert "next_step" in crm.missing_columns("opportunity")
    assert "amount_cents" not in crm.missing_columns("opportunity")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
def test_every_encoding_that_salesforce_offers_is_read(tmp_path: Path, encoding: str) -> None:
    deal = DEAL.replace("Acme", "Müller & Söhne")
    [row] = rows(write(tmp_path, HEADER, deal, encoding=encoding))
    assert row["name"] == "Müller & Söhne"


@pytest.mark.parametrize(
    "stamp",
    ["2026-03-09T08:00:00.000+0000", "2026-03-09T08:00:00.000Z", "2026-03-09 08:00:00"],
)
def test_every_way_of_writing_an_instant_is_read(tmp_path: Path, stamp: str) -> None:
    deal = DEAL.replace("2026-03-09T08:00:00.000+0000", stamp)
    [row] = rows(write(tmp_path, HEADER, deal))
    assert row["created_at"] == datetime(2026, 3, 9, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "truth"),
    [("1", True), ("true", True), ("0", False), ("false", False), ("", False)],
)
def test_every_way_of_writing_a_truth_is_read(tmp_path: Path, cell: str, truth: bool) -> None:  # noqa: FBT001 -- a case of the table
    [row] = rows(write(tmp_path, HEADER, DEAL.replace(",1,", f",{cell},")))
    assert row["is_won"] is truth


def test_an_id_of_15_letters_is_completed(tmp_path: Path) -> None:
    deal = DEAL.replace("005000000000001AAA", "005Ec000004oBPN")
    [row] = rows(write(tmp_path, HEADER, deal))
    assert row["owner_id"] == "005Ec000004oBPNIA2"


def test_a_stamp_may_stand_in_for_the_one_that_was_not_exported(tmp_path: Path) -> None:
    header = HEADER.replace("SystemModstamp", "LastModifiedDate")
    [row] = rows(write(tmp_path, header, DEAL))
    assert row["stamp"] == datetime(2026, 3, 9, 8, tzinfo=UTC)


def test_every_mistake_is_named_with_file_line_column_and_remedy(tmp_path: Path) -> None:
    two_lines = DEAL.replace("Acme", '"Acme\r\nrenewal"')
    day = DEAL.replace("2026-03-09,1", "9.3.2026,1")
    truth = DEAL.replace(",1,", ",yes,")
    money = DEAL.replace("10.50", "10 Euro")
    stage = DEAL.replace("Won", "")
    write(tmp_path, HEADER, two_lines, day, truth, money, stage)
    found = problems(tmp_path)
    assert [(each.file, each.line) for each in found] == [
        ("Opportunity.csv", line) for line in (4, 5, 6, 7)
    ]
    words = ["CloseDate '9.3.2026'", "IsWon 'yes'", "Amount '10 Euro'", "StageName is empty"]
    assert all(word in each.message for word, each in zip(words, found, strict=True))
    assert all(each.hint for each in found)


def test_no_more_mistakes_are_named_than_anybody_reads(tmp_path: Path) -> None:
    write(tmp_path, HEADER, *[DEAL.replace("Won", "")] * 500)
    found = problems(tmp_path)
    assert len(found) == SHOWN + 1
    assert "more like these" in found[-1].message


def test_mistakes_in_several_files_are_named_at_once(tmp_path: Path) -> None:
    write(tmp_path, HEADER, DEAL.replace("Won", ""))
    write(tmp_path, "Id,Name", "005000000000001AAA,Kim", name="User.csv")
    assert {each.file for each in problems(tmp_path)} == {"Opportunity.csv", "User.csv"}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        pytest.param([HEADER, DEAL + ",more"], "10 cells where the header has 9", id="long"),
        pytest.param([HEADER, DEAL[:20]], "2 cells where the header has 9", id="short"),
        pytest.param([HEADER, DEAL.replace("Acme", 'Ac"me')], "", id="stray-quote-is-text"),
        pytest.param([HEADER, DEAL.replace("Acme", '"Acme')], "cannot be read", id="open-quote"),
        pytest.param([HEADER.replace(",", ";"), DEAL], "semicolons", id="saved-by-a-spreadsheet"),
        pytest.param([HEADER.replace("OwnerId", "Name"), DEAL], "twice", id="column-twice"),
        pytest.param([HEADER.replace("OwnerId", "Owner"), DEAL], "OwnerId is missing", id="label"),
        pytest.param([], "the file is empty", id="empty-file"),
    ],
)
def test_a_file_that_is_no_export_is_told_apart(
    tmp_path: Path, lines: list[str], words: str
) -> None:
    write(tmp_path, *lines)
    if not words:
        assert len(rows(tmp_path)) == 1
        return
    assert words in problems(tmp_path)[0].message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_an_encoding_that_salesforce_never_writes_is_named(tmp_path: Path, encoding: str) -> None:
    [problem] = problems(write(tmp_path, HEADER, DEAL, encoding=encoding))
    assert (problem.file, "encoding" in problem.message) == ("Opportunity.csv", True)
    assert "save the file as UTF-8" in problem.hint


def test_an_id_that_stands_there_twice_is_named_with_both_lines(tmp_path: Path) -> None:
    other = DEAL.replace("000000001AAA,Acme", "000000002AAA,Acme")
    [problem] = problems(write(tmp_path, HEADER, DEAL, other, DEAL))
    assert (problem.file, problem.line) == ("Opportunity.csv", 4)
    assert "Id 006000000000001AAA stands on line 2 already" in problem.message


def test_a_folder_without_an_export_says_what_was_expected(tmp_path: Path) -> None:
    [problem] = problems(tmp_path)
    assert "Opportunity.csv" in problem.hint
    [problem] = problems(tmp_path / "nowhere")
    assert "not a folder" in problem.message

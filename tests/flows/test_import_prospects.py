"""Files of an applicant system: every bad line is named, and nothing is half-written."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from bot.domain.errors import ConfigError
from bot.flows.forget_prospects import forget_prospects
from bot.flows.import_prospects import import_prospects, import_scores
from bot.storage.hiring import InterviewRow, ProspectRow, ScoreRow
from tests.coached_team import books, runtime_at
from tests.mirrored import KIM, SAM, Mirror

TODAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
HEADER = "id,name,role,source,state,last_touch_on,hired_as,first_deal_on\n"
DANA = "C1,Dana Ortiz,mid_market_ae,referral,bench,2026-03-02,,\n"
KIM_HIRED = "C2,Kim Berg,mid_market_ae,agency,hired,2025-01-02,kim@acme.example,2025-04-01\n"
NEITHER = "  hint: write hired, or leave hired_as empty"
NEAR = "  hint: did you mean 'kim@acme.example'?"
SCORES = "prospect,interviewer,held_on,competency,score,evidence\n"


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    return Mirror(database)


def told(mirror: Mirror, folder: Path, text: str, *, scores: bool = False) -> tuple[int, int]:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    cards = books().scorecards
    if scores:
        return import_scores(mirror.database, path, cards=cards, now=NOW)
    return import_prospects(mirror.database, path, cards=cards, today=TODAY)


def complaints(mirror: Mirror, folder: Path, text: str, *, scores: bool = False) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        told(mirror, folder, text, scores=scores)
    return [str(problem).replace(f"{folder}/", "") for problem in refused.value.problems]


def rows(mirror: Mirror, table: type[SQLModel]) -> list[SQLModel]:
    with Session(mirror.database) as session:
        return list(session.exec(select(table)))


def prospect(mirror: Mirror, number: str) -> ProspectRow:
    row = ProspectRow
    with Session(mirror.database) as session:
        return session.exec(select(row).where(col(row.external_id) == number)).one()


def test_prospects_are_read_once_and_brought_up_to_date_after_that(
    mirror: Mirror, tmp_path: Path
) -> None:
    assert told(mirror, tmp_path, HEADER + DANA + KIM_HIRED) == (2, 2)
    kim = prospect(mirror, "C2")
    assert (kim.person_id, kim.first_deal_on) == (KIM, date(2025, 4, 1))
    moved = DANA.replace("bench,2026-03-02", "active,2026-03-06")
    assert told(mirror, tmp_path, HEADER + moved + KIM_HIRED) == (0, 2)
    dana = prospect(mirror, "C1")
    assert (dana.state, dana.last_touch_on) == ("active", date(2026, 3, 6))
    assert len(rows(mirror, ProspectRow)) == 2


def test_a_file_of_another_system_names_things_its_own_way(mirror: Mirror, tmp_path: Path) -> None:
    text = "Candidate ID;Candidate;Job;Source;Status\nC1;Dana;mid_market_ae;event;bench\n"
    assert told(mirror, tmp_path, text) == (1, 1)
    assert prospect(mirror, "C1").last_touch_on == TODAY


def test_every_bad_line_is_named_with_its_field_and_nothing_is_written(
    mirror: Mirror, tmp_path: Path
) -> None:
    text = (
        HEADER
        + DANA
        + "C1,Lee Wong,mid_market_ae,referral,bench,,,\n"
        + "C3,,mid_market_ea,referal,bench,2.3.2026,,\n"
        + "C4,Sam,mid_market_ae,event,bench,,sam@acme.example,\n"
        + "C5,Noor,mid_market_ae,event,hired,,kym@acme.example,\n"
    )
    assert complaints(mirror, tmp_path, text) == [
        "file.csv:3: id: 'C1' stands in line 2 already",
        "file.csv:4: name: is empty\n  hint: every line needs its name",
        "file.csv:4: role: 'mid_market_ea' is no role\n  hint: did you mean 'mid_market_ae'?",
        "file.csv:4: source: 'referal' is no source\n  hint: did you mean 'referral'?",
        "file.csv:4: last_touch_on: '2.3.2026' is no day\n  hint: write it like 2026-12-24",
        f"file.csv:5: state: 'bench' goes with no hired_as\n{NEITHER}",
        f"file.csv:6: hired_as: nobody in the CRM is called 'kym@acme.example'\n{NEAR}",
    ]
    assert rows(mirror, ProspectRow) == []


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("C1,Dana,mid_market_ae,event,bench,2026-03-10,,", "last_touch_on", "lies ahead"),
        ("C1,Dana,mid_market_ae,event,bench,,,2026-01-01", "first_deal_on", "state hired only"),
        ("C1,Kim,mid_market_ae,event,hired,,kim@acme.example,2027-01-01", "first_deal_on", "ahead"),
        (f"C1,{'x' * 121},mid_market_ae,event,bench,,,", "name", "longer than 120"),
        ("C1,Da\0na,mid_market_ae,event,bench,,,", "name", "no text that can be kept"),
        (f"C1,{'x' * 4_000},mid_market_ae,event,bench,,,", "name", "no text that can be kept"),
        ('C1,"Dana,mid_market_ae,event,bench,,,', "", "2 columns, where the header has 8"),
    ],
)
def test_what_cannot_be_is_told_with_its_line(
    mirror: Mirror, tmp_path: Path, line: str, column: str, message: str
) -> None:
    found = complaints(mirror, tmp_path, f"{HEADER}{line}\n")
    assert found[0].startswith(f"file.csv:2: {column}")
    assert message in found[0]
    assert rows(mirror, ProspectRow) == []


def test_a_name_over_two_lines_is_one_name_and_tabs_may_part_columns(
    mirror: Mirror, tmp_path: Path
) -> None:
    text = (HEADER + DANA).replace(",", "\t").replace("Dana Ortiz", '"Dana\n\u2028 Ortiz"')
    assert told(mirror, tmp_path, text) == (1, 1)
    assert prospect(mirror, "C1").name == "Dana Ortiz"


def test_one_person_of_the_crm_is_one_prospect(mirror: Mirror, tmp_path: Path) -> None:
    told(mirror, tmp_path, HEADER + KIM_HIRED)
    [problem] = complaints(mirror, tmp_path, HEADER + KIM_HIRED.replace("C2", "C9"))
    assert problem == "file.csv:2: hired_as: another prospect became this person already"


def test_scores_are_read_once_and_a_line_without_one_awaits_it(
    mirror: Mirror, tmp_path: Path
) -> None:
    told(mirror, tmp_path, HEADER + DANA)
    text = (
        SCORES
        + "C1,kim@acme.example,2026-03-02,drive,4,Knew the numbers\n"
        + "C1,kim@acme.example,2026-03-02,curiosity,2,\n"
        + "C1,sam@acme.example,2026-03-03,,,\n"
    )
    assert told(mirror, tmp_path, text, scores=True) == (2, 3)
    assert told(mirror, tmp_path, text, scores=True) == (0, 3)
    assert len(rows(mirror, ScoreRow)) == 2
    found = [row for row in rows(mirror, InterviewRow) if isinstance(row, InterviewRow)]
    states = {(row.interviewer_id, row.scored_at is None, row.is_independent) for row in found}
    assert states == {(KIM, False, None), (SAM, True, None)}


def test_bad_scores_are_named_with_their_field(mirror: Mirror, tmp_path: Path) -> None:
    told(mirror, tmp_path, HEADER + DANA)
    text = (
        SCORES
        + "C1,kim@acme.example,2026-03-02,drive,4,\n"
        + "C7,kim@acme.example,2026-03-02,drive,6,\n"
        + "C1,kim@acme.example,2026-03-02,driv,3.5,\n"
    )
    assert complaints(mirror, tmp_path, text, scores=True) == [
        "file.csv:3: prospect: no prospect has the number 'C7'\n  hint: import the prospects first",
        "file.csv:3: score: '6' is no score\n  hint: write a whole number from 1 to 5",
        "file.csv:4: score: '3.5' is no score\n  hint: write a whole number from 1 to 5",
        "file.csv:4: competency: 'driv' is no competency\n  hint: did you mean 'drive'?",
    ]
    assert rows(mirror, ScoreRow) == []


def test_a_score_ahead_of_its_talk_or_given_twice_is_refused(
    mirror: Mirror, tmp_path: Path
) -> None:
    told(mirror, tmp_path, HEADER + DANA)
    text = (
        SCORES
        + "C1,kim@acme.example,2026-03-02,drive,4,\n"
        + "C1,Kim@acme.example,2026-03-02,drive,2,\n"
        + "C1,kim@acme.example,2026-03-12,drive,4,\n"
    )
    assert complaints(mirror, tmp_path, text, scores=True) == [
        "file.csv:3: competency: is scored in line 2 already",
        "file.csv:4: held_on: 2026-03-12 lies ahead\n  hint: leave the score empty till then",
    ]
    assert rows(mirror, ScoreRow) == []


def test_whoever_was_forgotten_is_not_brought_back_by_the_next_file(
    mirror: Mirror, tmp_path: Path
) -> None:
    told(mirror, tmp_path, HEADER + DANA.replace("2026", "2024"))
    assert forget_prospects(runtime_at(NOW, mirror.database)) == 1
    assert told(mirror, tmp_path, HEADER + DANA) == (0, 1)
    assert prospect(mirror, "C1").name is None
    words = SCORES + "C1,kim@acme.example,2024-03-02,drive,4,Dana spoke of home\n"
    assert told(mirror, tmp_path, words, scores=True) == (1, 1)
    assert [row.evidence for row in rows(mirror, ScoreRow) if isinstance(row, ScoreRow)] == [None]

"""Hiring on the command line, as typed."""

from pathlib import Path

from tests.cli.conftest import Console

HEADER = "id,name,role,source,state,last_touch_on,hired_as\n"
SCORES = "prospect,interviewer,held_on,competency,score,evidence\n"


def test_files_of_an_applicant_system_are_read_or_refused_with_their_lines(
    pacesetter: Console, export: Path
) -> None:
    assert pacesetter("import", str(export)).code == 0
    prospects, scores = pacesetter.home / "prospects.csv", pacesetter.home / "scores.csv"
    prospects.write_text(HEADER + "C1,Dana Ortiz,smb_ae,referal,bench,2026-03-02,\n")
    said = pacesetter("hiring", "import", str(prospects))
    assert said.code == 2
    assert "prospects.csv:2: source: 'referal' is no source" in said.errors
    prospects.write_text(HEADER + "C1,Dana Ortiz,smb_ae,referral,bench,2019-03-02,\n")
    assert pacesetter("hiring", "import", str(prospects)).out == "1 of 1 prospects were new\n"
    scores.write_text(SCORES + "C1,kim@acme.example,2019-03-02,drive,4,Knew the numbers\n")
    assert pacesetter("hiring", "import-scores", str(scores)).out == "1 of 1 scores were new\n"
    taught = pacesetter("hiring", "analysis").out
    assert "0 hires, 1 prospects with scores" in taught
    assert "may be concluded, and not before" in taught
    assert pacesetter("hiring", "forget").out == "1 prospects were forgotten\n"
    unknown = pacesetter("hiring", "analysis", "astronaut")
    assert unknown.code == 1
    assert "no scorecard for a role called 'astronaut'" in unknown.errors


def test_talks_that_were_noted_elsewhere_are_read(pacesetter: Console, export: Path) -> None:
    assert pacesetter("import", str(export)).code == 0
    talks = pacesetter.home / "talks.csv"
    talks.write_text("manager,rep,held_on\nmaria@acme.example,kim@acme.example,2026-03-02\n")
    assert pacesetter("talks", "import", str(talks)).out == "1 of 1 lines were new\n"

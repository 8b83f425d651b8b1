"""import, pull, coach, digest, deliver and replay, as typed."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import serve
from tests.cli.conftest import Console
from tests.given import Story

FIELDS = ["kind", "day", "to", "about", "rule", "metric", "valence", "verdict", "reason", "text"]
EMPTY = (
    "error: nothing has been pulled yet, so there is nothing to measure or to say\n"
    "  hint: run `pacesetter pull`, or `pacesetter import DIR` with a Salesforce data export\n"
)


def test_an_import_says_what_it_read_and_may_be_repeated(imported: Console, export: Path) -> None:
    said = imported("import", str(export))
    assert said.code == 0
    assert "opportunity                         0 changed" in said.out
    assert "the mirror is current as of 2026-03-0" in said.out


def test_a_missing_column_is_named_with_its_file(
    pacesetter: Console, rewritten: Callable[[str, str, str], Path]
) -> None:
    said = pacesetter("import", str(rewritten("Opportunity.csv", '"StageName"', '"Stage"')))
    assert said.code == 2
    assert "Opportunity.csv:1: column StageName is missing" in said.errors
    assert "hint: " in said.errors


def test_an_export_without_people_is_imported_with_a_warning(
    pacesetter: Console, export: Path
) -> None:
    folder = pacesetter.home / "without"
    shutil.copytree(export, folder)
    (folder / "User.csv").unlink()
    said = pacesetter("import", str(folder))
    assert said.code == 0
    assert "warning: User.csv is not there: there is nobody to coach" in said.errors


def test_what_is_no_day_and_no_format_is_refused(pacesetter: Console) -> None:
    for words in (
        ["replay", "--from", "2026-02-30", "--to", "2026-03-09"],
        ["replay", "--from", "2026-03-08", "--to", "2026-03-09", "--format", "xml"],
        ["metrics", "--as-of", "2026-03-09", "--format", "xml"],
    ):
        said = pacesetter(*words)
        assert (said.code, said.out) == (2, "")
        assert "write " in said.errors


def test_a_bad_date_is_named_with_file_line_and_column(
    pacesetter: Console, rewritten: Callable[[str, str, str], Path]
) -> None:
    said = pacesetter("import", str(rewritten("Opportunity.csv", '"2026-03-02"', '"2.3.2026"')))
    assert said.code == 2
    assert "Opportunity.csv:2: column CloseDate" in said.errors
    assert "2.3.2026" in said.errors


def test_whatever_needs_the_mirror_says_that_it_is_still_empty(pacesetter: Console) -> None:
    for words in (["coach", "--dry-run"], ["digest"], ["metrics", "--as-of", "2026-03-09"]):
        said = pacesetter(*words)
        assert (said.code, said.out, said.errors) == (1, "", EMPTY)


def test_a_replay_line_has_exactly_the_fields_that_others_rely_on(
    imported: Console, story: Story
) -> None:
    words = ("replay", "--from", "2026-03-09", "--to", "2026-03-10", "--format", "jsonl")
    said = imported(*words)
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert {tuple(line) for line in lines} == {tuple(FIELDS)}
    assert {line["kind"] for line in lines} <= {"nudge", "digest", "manager_nudge"}
    assert {line["valence"] for line in lines} <= {"warning", "positive", "neutral"}
    nudges = [line for line in lines if line["verdict"] != "hold" and line["kind"] == "nudge"]
    late = next(line for line in nudges if line["rule"] == "past_due_close_date")
    assert (late["day"], late["to"]) == ("2026-03-09", story.people["Kim"])
    assert "close date in the past" in late["text"]
    assert imported(*words).out == said.out


def test_a_replay_sums_up_how_much_would_have_been_said_to_whom_and_what_was_held(
    imported: Console,
) -> None:
    words = ("replay", "--from", "2026-03-05", "--to", "2026-03-10", "--format")
    lines = [json.loads(line) for line in imported(*words, "jsonl").out.splitlines()]
    nudges = [line for line in lines if line["kind"] in {"nudge", "manager_nudge"}]
    said = [line for line in nudges if line["verdict"] != "hold"]
    held = Counter(line["reason"] for line in nudges if line["verdict"] == "hold")
    assert said
    assert held
    told = imported(*words, "summary").out
    assert f"{len(said)} nudges to {len({line['to'] for line in said})} people" in told
    assert f"in 2 calendar weeks, {held.total()} held back" in told
    assert "nudges by week from          03-02 03-09   all  held back" in told
    for reason in held:
        assert reason in told
    in_full = imported(*words, "text").out
    assert in_full.endswith(told)
    assert " Kim Acme, past_due_close_date: send" in in_full


def test_a_dry_run_says_what_would_be_said_and_leaves_no_trace(
    imported: Console, story: Story
) -> None:
    coached = imported("coach", "--dry-run", "--as-of", "2026-03-09")
    assert "2026-03-09 Kim Acme, past_due_close_date: send" in coached.out
    digest = imported("digest", "--dry-run", "--as-of", "2026-03-09")
    assert "Maria's team → channel: " in digest.out
    assert "Maria's team → manager: Maria, your team's week" in digest.out
    assert imported("why", story.people["Kim"]).code == 1


def test_days_in_the_wrong_order_are_refused(pacesetter: Console) -> None:
    said = pacesetter("replay", "--from", "2026-03-10", "--to", "2026-03-09")
    assert said.code == 2
    assert "--from 2026-03-10 lies after --to 2026-03-09" in said.errors


def test_a_replay_of_years_in_which_nothing_is_known_is_refused(imported: Console) -> None:
    said = imported("replay", "--from", "2026-03-09", "--to", "2090-01-01")
    assert said.code == 2
    assert "--to 2090-01-01 lies far after" in said.errors


def test_a_replay_of_days_before_the_first_record_says_that_it_knows_nothing_of_them(
    imported: Console,
) -> None:
    early = imported("replay", "--from", "2024-02-28", "--to", "2024-03-01")
    assert early.code == 0
    assert "note: nothing is on record before 202" in early.errors
    assert "note:" not in early.out
    days = {json.loads(line)["day"] for line in early.out.splitlines()}
    assert days <= {"2024-02-28", "2024-02-29", "2024-03-01"}
    late = imported("replay", "--from", "2026-03-28", "--to", "2026-03-30", "--signals")
    assert (late.code, late.errors) == (0, "")
    told = {json.loads(line)["day"] for line in late.out.splitlines()}
    assert "2026-03-30" in told


def test_missing_credentials_are_named_with_what_to_do(pacesetter: Console) -> None:
    pulled = pacesetter("pull")
    assert pulled.code == 2
    assert "SALESFORCE_CLIENT_ID: is not set\n  hint: " in pulled.errors
    delivered = pacesetter("deliver", SLACK_BOT_TOKEN="hunter2")
    assert delivered.code == 2
    assert "SLACK_BOT_TOKEN: does not look like such a token\n  hint: " in delivered.errors
    assert "SLACK_APP_TOKEN: neither it nor SLACK_SIGNING_SECRET is set" in delivered.errors
    assert "hunter2" not in delivered.errors


def test_a_wrong_secret_names_the_variable_and_is_never_shown(
    pacesetter: Console, story: Story
) -> None:
    clock = SandboxClock()
    store = Store.from_changes(sorted(story.changes, key=lambda each: each.at), clock=clock)
    with serve(create_app(store, clock)) as server:
        said = pacesetter(
            "pull",
            SALESFORCE_LOGIN_URL=server.url,
            SALESFORCE_CLIENT_ID="a-client-that-nobody-knows",
            SALESFORCE_CLIENT_SECRET="hunter2-and-more",
        )
    store.close()
    assert said.code == 1
    assert "SALESFORCE_CLIENT_ID" in said.errors
    assert "hint: " in said.errors
    assert "hunter2" not in said.errors + said.out


def test_days_off_and_past_roles_are_read_from_files(
    pacesetter: Console, export: Path, tmp_path: Path
) -> None:
    assert pacesetter("import", str(export)).code == 0
    leave, people = tmp_path / "leave.csv", tmp_path / "people.csv"
    leave.write_text("person,first_day,last_day\nkim@acme.example,2026-12-24,2027-01-02\n")
    assert "1 of 1 lines were new" in pacesetter("leave", "import", str(leave)).out
    people.write_text(
        "person,role,team,first_day,last_day\n"
        "kim@acme.example,smb_ae,maria@acme.example,2024-01-08,2025-06-30\n"
    )
    assert "1 assignments of 1 people" in pacesetter("people", "import", str(people)).out
    people.write_text("person,role\n")
    refused = pacesetter("people", "import", str(people))
    assert refused.code == 2
    assert "people.csv:1: the header lacks team, first_day, last_day" in refused.errors

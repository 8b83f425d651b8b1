"""Help, manifest, doctor and the database, as typed."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import jsonschema

from tests.cli.conftest import Console

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT.parent / "shared" / "slack" / "manifest.schema.2.0.0.json"
COMMANDS = (
    "demo run pull coach digest deliver replay metrics check why doctor manifest db sandbox import"
)


def test_help_lists_every_command_of_the_contract(pacesetter: Console) -> None:
    said = pacesetter("--help")
    assert said.code == 0
    listed = {line.strip("│ ").split(" ")[0] for line in said.out.splitlines()}
    assert set(COMMANDS.split()) <= listed


def test_help_waits_for_nothing_heavy() -> None:
    heavy = ("simple_salesforce", "slack_bolt", "scipy", "sqlalchemy", "sqlglot", "alembic")
    code = f"import sys, bot.cli.app; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(  # noqa: S603 - our own interpreter, with a line of ours
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_manifest_is_one_that_slack_accepts(pacesetter: Console) -> None:
    said = pacesetter("manifest")
    manifest = json.loads(said.out)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(manifest)
    commands = {each["command"] for each in manifest["features"]["slash_commands"]}
    assert {"/team-health", "/my-week", "/nudges"} <= commands


def test_the_manifest_describes_commands_in_the_language_of_the_house(
    pacesetter: Console,
) -> None:
    folder = pacesetter.home / "playbooks" / "wording" / "de"
    folder.mkdir(parents=True)
    english = json.loads(pacesetter("manifest").out)["features"]["slash_commands"]
    words = "".join(
        f"{json.dumps(each[key])}: {json.dumps('Auf Deutsch ' + each['command'])}\n"
        for each in english
        for key in ("description", "usage_hint")
        if key in each
    )
    (folder / "phrases.yaml").write_text(words, encoding="utf-8")
    known = {"PACESETTER_PLAYBOOKS": str(folder.parents[1])}
    said = json.loads(pacesetter("manifest", "--locale", "de_DE", **known).out)
    german = said["features"]["slash_commands"]
    assert [each["command"] for each in german] == [each["command"] for each in english]
    assert {each["description"][:11] for each in german} == {"Auf Deutsch"}


def test_the_database_says_what_it_lacks_and_is_brought_up_to_date(pacesetter: Console) -> None:
    before = pacesetter("db", "check")
    assert before.code == 1
    assert "pending: 0001" in before.out
    assert "hint: run `pacesetter db upgrade`" in before.out
    assert pacesetter("db", "upgrade").code == 0
    after = pacesetter("db", "check")
    assert (after.code, after.out) == (0, "the database is up to date\n")
    with sqlite3.connect(pacesetter.home / "pacesetter.sqlite3") as connection:
        connection.execute("DROP TABLE inbox")
        connection.execute("ALTER TABLE cursor DROP COLUMN problem")
    changed = pacesetter("db", "check")
    assert changed.code == 1
    assert "lacking: the column cursor.problem\nlacking: the table inbox\nhint: " in changed.out


def test_a_database_that_cannot_be_used_is_named_without_its_password(pacesetter: Console) -> None:
    away = pacesetter("db", "check", DATABASE_URL="postgresql://kim:hunter2@127.0.0.1:1/x")
    assert away.code == 2
    assert "DATABASE_URL: the database cannot be opened" in away.errors
    assert "hunter2" not in away.errors
    (pacesetter.home / "notes.txt").write_text("no database at all, just words" * 9)
    notes = pacesetter("db", "check", DATABASE_URL="sqlite:///notes.txt")
    assert "DATABASE_URL: the database cannot be opened: file is not a database" in notes.errors


def test_a_home_that_is_no_folder_is_refused_in_words(pacesetter: Console) -> None:
    file = pacesetter.home / "file"
    file.touch()
    said = pacesetter("db", "check", PACESETTER_HOME=str(file))
    assert said.code == 2
    assert "hint: set PACESETTER_HOME" in said.errors


def test_the_doctor_looks_everywhere_and_names_each_variable_once(pacesetter: Console) -> None:
    said = pacesetter("doctor")
    assert said.code == 1
    assert said.out.count("SALESFORCE_CLIENT_ID: is not set") == 1
    assert said.out.count("SLACK_BOT_TOKEN: is not set") == 1
    assert "nothing has been pulled yet" in said.out


def test_doctor_names_those_in_app_yaml_whom_the_crm_does_not_know(
    pacesetter: Console, export: Path
) -> None:
    assert "people: nobody" not in pacesetter("doctor").out
    assert pacesetter("import", str(export)).code == 0
    path = pacesetter.home / "app.yaml"
    path.write_text(path.read_text() + "people: {kym@acme.example: {share: 0.5}}\n")
    said = pacesetter("doctor")
    assert "nobody in the CRM is called 'kym@acme.example'" in said.out
    assert said.code == 1

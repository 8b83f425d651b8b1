"""``pacesetter preview`` as typed: no database, no credentials, the team's own words."""

import json
from pathlib import Path

import pytest

from integrations.sandbox.slack.blockkit.validate import complaints_about_blocks
from tests.cli.conftest import ROOT, Console

TEMPLATES = ROOT / "bot" / "render" / "templates"


@pytest.fixture
def playbooks(tmp_path: Path) -> Path:
    """A team's folder in which there is nothing yet but its wording."""
    folder = tmp_path / "playbooks"
    (folder / "wording" / "nudges").mkdir(parents=True)
    return folder


def test_without_a_key_all_templates_are_listed(pacesetter: Console, playbooks: Path) -> None:
    (playbooks / "wording" / "nudges" / "kudos.j2").write_text("x", encoding="utf-8")
    said = pacesetter("preview", PACESETTER_PLAYBOOKS=str(playbooks))
    listed = [line.split()[0] for line in said.out.splitlines()]
    ours = (path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.j2"))
    assert listed == sorted(str(path)[:-3] for path in ours if not path.name.startswith("_"))
    assert [line for line in said.out.splitlines() if "yours" in line] == [
        "nudges/kudos                  yours: nudges/kudos.j2"
    ]


def test_it_reads_as_in_slack_and_needs_neither_settings_nor_database(
    pacesetter: Console,
) -> None:
    (pacesetter.home / "app.yaml").write_text("organisation: [broken", encoding="utf-8")
    said = pacesetter("preview", "team_health", DATABASE_URL="postgresql://nobody@127.0.0.1:9/x")
    assert (said.code, said.errors) == (0, "")
    assert said.out.startswith("commands/team_health · en_US · our words\n")
    assert "# Team health: Maria's *East* team" in said.out
    assert list(pacesetter.home.glob("*.db")) == []


def test_numbers_and_days_are_those_of_the_locale(pacesetter: Console) -> None:
    said = pacesetter("preview", "commands/pipeline", "--locale", "de_DE")
    assert "*Start: 900.000 $*" in said.out
    assert "Di., 31. März" in said.out


def test_the_teams_words_are_shown_in_the_readers_language(
    pacesetter: Console, playbooks: Path
) -> None:
    source = '{% extends "ours/nudges/quiet_week.j2" %}{% block text %}Noch da?{% endblock %}'
    path = playbooks / "wording" / "de" / "nudges" / "quiet_week.j2"
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    asked = ("preview", "nudges/quiet_week.j2", "--locale")
    german = pacesetter(*asked, "de-AT", PACESETTER_PLAYBOOKS=str(playbooks))
    english = pacesetter(*asked, "en_GB", PACESETTER_PLAYBOOKS=str(playbooks))
    assert german.out.startswith(f"nudges/quiet_week · de-AT · {path}\n\nnotification: Noch da?\n")
    assert "our words" in english.out.splitlines()[0]


@pytest.mark.parametrize("key", ["digests/manager", "nudges/no_activity"])
def test_json_is_what_the_block_kit_builder_takes(pacesetter: Console, key: str) -> None:
    pasted = json.loads(pacesetter("preview", key, "--format", "json").out)
    assert list(pasted) == ["blocks"]
    assert complaints_about_blocks(pasted["blocks"], surface="message") == []


def test_the_json_of_a_modal_is_its_view(pacesetter: Console) -> None:
    pasted = json.loads(pacesetter("preview", "snooze", "--format", "json").out)
    assert pasted["type"] == "modal"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["quiet_wek"], "no template 'quiet_wek'\n  hint: did you mean 'quiet_week'?"),
        (["nudge/kudos"], "no template 'nudge/kudos'\n  hint: did you mean 'nudges/kudos'?"),
        (["manager"], "several templates\n  hint: write digests/manager or home/manager"),
        (["nudges/_buttons"], "a part of other templates"),
        (["../../app"], "no template '../../app'"),
        (["kudos", "--locale", "xx"], "'xx' is no locale; write one like de_DE or en_GB"),
        (["kudos", "--format", "xml"], "'xml' is no format; write text or json"),
    ],
)
def test_a_slip_is_answered_with_the_remedy(
    pacesetter: Console, words: list[str], complaint: str
) -> None:
    said = pacesetter("preview", *words)
    assert said.code != 0
    assert complaint in said.errors
    assert said.out == ""


def test_a_mistake_in_a_wording_is_told_with_file_line_and_hint(
    pacesetter: Console, playbooks: Path
) -> None:
    path = playbooks / "wording" / "nudges" / "kudos.j2"
    path.write_text("{% block text %}\n{{ first_nam }}\n{% endblock %}", encoding="utf-8")
    said = pacesetter("preview", "kudos", PACESETTER_PLAYBOOKS=str(playbooks))
    assert said.code == 1
    assert said.errors == (
        "error: wording/nudges/kudos.j2:2: 'first_nam' is undefined\n"
        "  hint: did you mean 'first_name'?\n"
    )


def test_check_tries_every_wording_with_its_example(pacesetter: Console, playbooks: Path) -> None:
    for folder in ("metrics", "roles", "plays"):
        (playbooks / folder).symlink_to(ROOT / "playbooks" / folder)
    path = playbooks / "wording" / "nudges" / "kudos.j2"
    path.write_text("{% block text %}{{ first_name }}, well done!{% endblock %}", encoding="utf-8")
    assert pacesetter("check", PACESETTER_PLAYBOOKS=str(playbooks)).code == 0
    path.rename(path.with_name("kudoz.j2"))
    said = pacesetter("check", PACESETTER_PLAYBOOKS=str(playbooks))
    assert said.code == 2
    assert "wording/nudges/kudoz.j2: it takes the place of no template" in said.errors

"""Every recipe of docs/extending.md is followed to the letter, in a copy of the tree."""

import compileall
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.architecture.tree import ROOT

RECIPE = re.compile(r"\*\*`([\w/.]+)`\*\*\n\n```\w+\n(.*?)```", re.DOTALL)
WORLD = ("bot", "integrations", "playbooks", "tests", "app.yaml", "pyproject.toml")
FILES: Mapping[str, str] = dict(
    RECIPE.findall((ROOT / "docs" / "extending.md").read_text(encoding="utf-8"))
)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree as byte code, so that not every process of every recipe compiles it anew."""
    folder = tmp_path_factory.mktemp("compiled")
    for name in WORLD:
        if (ROOT / name).is_dir():
            # With what has been compiled already, pytest's own rewriting of tests too.
            shutil.copytree(ROOT / name, folder / name)
        else:
            shutil.copy2(ROOT / name, folder / name)
    for package in ("bot", "integrations"):
        compileall.compile_dir(folder / package, quiet=2)
    return folder


@pytest.fixture
def copy(compiled: Path, tmp_path: Path) -> Path:
    """A tree of one's own to write into."""
    return Path(shutil.copytree(compiled, tmp_path / "tree", copy_function=given_or_linked))


def given_or_linked(source: str, target: str) -> None:
    """Thousands of files are only read; snapshots and settings are written into."""
    (shutil.copy2 if source.endswith((".ambr", "app.yaml")) else os.link)(source, target)


def follow(copy: Path, *paths: str) -> None:
    for path in paths:
        assert not (ROOT / path).exists(), "the recipe is about something that is there already"
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_text(FILES[path], encoding="utf-8")


def run(copy: Path, *words: str) -> str:
    """What a command says, run on the copy."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", *words],
        cwd=copy,
        env={"PYTHONPATH": str(copy), "PACESETTER_HOME": str(copy / "home"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run_tests(copy: Path, *words: str) -> str:
    # In one process: the few tests of a recipe are done before others have started.
    return run(copy, "pytest", "-n0", *words)


def change_settings(copy: Path, **changes: object) -> None:
    path = copy / "app.yaml"
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, value in changes.items():
        part, _, key = name.partition("__")
        if key:
            settings[part][key] = value
        else:
            settings[part] = value
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")


def test_a_metric_is_one_file(copy: Path) -> None:
    follow(copy, "playbooks/metrics/long_calls.yaml")
    assert "\nlong_calls " in run(copy, "bot", "metrics")
    tested = run_tests(copy, "tests/metrics", "-k", "long_calls and sqlite")
    assert "1 passed" in tested


def test_a_role_is_one_file_and_a_line_in_the_settings(copy: Path) -> None:
    follow(copy, "playbooks/roles/partner_manager.yaml")
    roles = [{"title_contains": "partner", "role": "partner_manager"}]
    change_settings(copy, roles=roles)
    models = len(list((ROOT / "playbooks" / "roles").glob("*.yaml"))) + 1
    assert f"{models} success models" in run(copy, "bot", "check")


def test_a_nudge_is_three_files(copy: Path) -> None:
    follow(
        copy,
        "bot/coaching/rules/closing_today.py",
        "bot/render/templates/nudges/closing_today.j2",
        "tests/coaching/rules/test_closing_today.py",
    )
    # A rule that nobody knows would be refused here.
    change_settings(copy, nudges__rules_in_shadow=["closing_today"])
    run(copy, "bot", "check")
    tested = run_tests(copy, "tests/coaching", "-k", "closing_today", "--snapshot-update")
    assert re.search(r"[1-9]\d passed", tested)
    assert "snapshot generated" in tested


def test_a_slash_command_is_in_the_manifest_once_its_files_are_there(copy: Path) -> None:
    follow(
        copy,
        "bot/surfaces/commands/plays.py",
        "bot/render/templates/commands/plays.j2",
        "bot/render/examples/commands/plays.yaml",
    )
    manifest = json.loads(run(copy, "bot", "manifest"))
    commands = [each["command"] for each in manifest["features"]["slash_commands"]]
    assert "/plays" in commands
    assert "• discovery_calls\n• <!channel> *next* & steps" in run(copy, "bot", "preview", "plays")


def test_a_pay_plan_and_a_check_of_plans_are_one_file_each(copy: Path) -> None:
    follow(
        copy,
        "playbooks/compensation/hunter.yaml",
        "bot/compensation/checks/c21_share_of_variable_pay.py",
    )
    # A plan or a check that nobody knows would be refused here.
    change_settings(copy, pay={"plans": {"mid_market_ae": "hunter"}, "thresholds": {"C21": 0.5}})
    run(copy, "bot", "check")


def test_an_indicator_is_one_file(copy: Path) -> None:
    follow(copy, "bot/queries/indicators/reps_led.py")
    assert "1 passed" in run_tests(copy, "tests/queries/test_indicators.py", "-k", "reps_led")


def test_wording_of_ones_own_is_used_by_the_readers_language(copy: Path) -> None:
    follow(
        copy,
        "playbooks/wording/nudges/quiet_week.j2",
        "playbooks/wording/de/nudges/quiet_week.j2",
        "playbooks/wording/de/words.yaml",
        "playbooks/wording/de/phrases.yaml",
    )
    assert "is everything in the log?" in run(copy, "bot", "preview", "quiet_week")
    german = run(copy, "bot", "preview", "quiet_week", "--locale", "de_DE")
    assert "Kim, seit 3 Arbeitstagen ist nichts eingetragen." in german
    assert "Sonst sind es etwa 4,4 am Tag." in german
    held = run(copy, "bot", "preview", "untold", "--locale", "de_DE")
    assert "heute wurde schon genug gesagt" in held
    run(copy, "bot", "check")


def test_a_mistake_in_a_recipe_is_explained_with_its_line(copy: Path) -> None:
    follow(copy, "playbooks/metrics/long_calls.yaml")
    path = copy / "playbooks" / "metrics" / "long_calls.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("seconds >=", "second >="))
    with pytest.raises(AssertionError, match=r"long_calls\.yaml:\d+: .*\n.*hint: .*seconds"):
        run(copy, "bot", "check")


def test_every_file_of_the_page_is_followed() -> None:
    used = Path(__file__).read_text(encoding="utf-8")
    assert len(FILES) == 15
    assert [path for path in FILES if f'"{path}"' not in used] == []

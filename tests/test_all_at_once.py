"""A mistake in a file's shape hides no unknown name in it: everything is said at once."""

import shutil
from pathlib import Path

import pytest

from bot.bootstrap import load
from bot.domain.errors import ConfigError

ROOT = Path(__file__).parents[1]
SETTINGS = """\
curency: EUR
roles:
  - {title_contains: smb, role: smb_aee, x: 1}
  - {role: smb_ae}
nudges:
  per_day: many
  rules_off: [no_such_rule]
schedule:
  coach_at: "18:00"
organisation:
  fiscal: {pattern: 4-4-5, year_starts: someday}
  fiscal_start_month: 2
people:
  kim@acme.example: {works: [mon, tuseday], country: XX, shoe: 42}
"""


def complaints(folder: Path) -> str:
    with pytest.raises(ConfigError) as refused:
        load({"PACESETTER_CONFIG": str(folder / "app.yaml")}, home=folder)
    return str(refused.value)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Our own playbooks beside settings that are in order."""
    shutil.copytree(ROOT / "playbooks", tmp_path / "playbooks")
    (tmp_path / "app.yaml").write_text("roles: []\n", encoding="utf-8")
    return tmp_path


def change(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text, encoding="utf-8")


def test_settings_are_complained_about_all_at_once(home: Path) -> None:
    (home / "app.yaml").write_text(SETTINGS, encoding="utf-8")
    said = complaints(home)
    for words in (
        "app.yaml:1: unknown key 'curency'",
        "app.yaml:3: unknown key 'x'",
        "app.yaml:3: no role playbook called 'smb_aee'\n  hint: did you mean 'smb_ae'?",
        "app.yaml:4: this line fits nobody",
        "app.yaml:6: nudges.per_day: should be a whole number",
        "app.yaml:7: no rule called 'no_such_rule'\n  hint: ",
        "app.yaml:9: nobody is coached after quiet hours begin at 17:30",
        "app.yaml:11: 'someday' is no first day of a fiscal year\n  hint: ",
        "app.yaml:12: a year of weeks begins on a day of its own\n  hint: ",
        "app.yaml:14: 'tuseday' is no day of the week\n  hint: ",
        "app.yaml:14: no public holidays are known for 'XX'\n  hint: ",
        "app.yaml:14: unknown key 'shoe'",
    ):
        assert words in said


def test_so_are_playbooks(home: Path) -> None:
    metrics, roles = home / "playbooks" / "metrics", home / "playbooks" / "roles"
    change(
        metrics / "won_count.yaml",
        ("guard: average_won_amount", "guard: average_wn_amount"),
        ("better: higher", "beter: higher"),
        ("where: is_won", "where: is_wno"),
    )
    change(
        roles / "smb_ae.yaml", ("because:", "becuase:"), ("  meetings_held:", "  meetings_hled:")
    )
    said = complaints(home)
    for words in (
        "won_count.yaml:7: unknown key 'beter'",
        "won_count.yaml:4: no metric called 'average_wn_amount'",
        "no column called 'is_wno'",
        "roles/smb_ae.yaml:2: unknown key 'becuase'",
        "no metric called 'meetings_hled'\n  hint: did you mean 'meetings_held'?",
    ):
        assert words in said


def test_what_was_learned_is_looked_at_even_where_the_shape_is_wrong(home: Path) -> None:
    role = home / "playbooks" / "roles" / "smb_ae.yaml"
    with role.open("a", encoding="utf-8") as file:
        file.write(
            "learned:\n  day: 2026-03-09\n  ranges:\n"
            "    no_such: {grade: strong, low: [3, 1], high: [4, 5]}\n"
        )
    said = complaints(home)
    assert "'reps' is missing" in said
    assert "'no_such' has no target here" in said
    assert "an interval is two numbers\n  hint: the smaller one goes first" in said
    assert "evidence 'expert' does not go with `learned:`" in said

"""What app.yaml may say about hiring."""

from pathlib import Path

import pytest

from bot.domain.errors import ConfigError
from bot.domain.hiring import HiringPolicy
from bot.domain.ids import RoleKey
from bot.settings import Settings, load_settings


def load(folder: Path, text: str) -> Settings:
    (folder / "app.yaml").write_text(text, encoding="utf-8")
    environment = {"PACESETTER_CONFIG": str(folder / "app.yaml")}
    roles = frozenset({"smb_ae"})
    return load_settings(environment, home=folder, playbooks=folder, known_roles=roles)


def test_left_out_it_is_what_the_documentation_says(tmp_path: Path) -> None:
    assert load(tmp_path, "").organisation.hiring == HiringPolicy()


def test_who_hires_is_named_by_mail_in_whatever_case(tmp_path: Path) -> None:
    text = "hiring:\n  retention_days: 90\n  managers: {smb_ae: [Dana@Acme.example]}\n"
    found = load(tmp_path, text).organisation.hiring
    assert found.retention_days == 90
    assert found.managers == {RoleKey("smb_ae"): frozenset({"dana@acme.example"})}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hiring:\n  managers: {smb_ea: []}\n", ":2: no role playbook called 'smb_ea'"),
        ("hiring:\n  retention_days: 3\n", ":2: hiring.retention_days: should be"),
        ("hiring:\n  retain: 90\n", ":2: unknown key 'retain'"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, text)
    assert expected in str(refused.value)

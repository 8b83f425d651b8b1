"""What is committed names no machine, no registry and no secret."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, tracked_files

# Put together from parts, so that this file does not say what it forbids.
REGISTRIES = (
    "pypi" + ".org",
    "python" + "hosted",
    "npm" + "js.org",
    "deb" + "ian.org",
    "/opt/py" + "pi",
)
MACHINE = re.compile(r"(?<![\w.:/-])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/\w+|Us" + r"ers/\w+)/")
SECRETS = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}",
    "a Slack token": r"xox[abeprs]-\d{9,}-\d{9,}-\w{20,}",
    "a Slack app token": r"xapp-1-A\w{8,}-\d{9,}-[0-9a-f]{40,}",
    "a Salesforce session": r"00D\w{12,15}![\w.]{60,}",
    "a cloud key": r"AKIA[0-9A-Z]{16}",
    "a GitHub token": r"gh[pousr]_\w{30,}",
}


def texts() -> dict[Path, str]:
    found = {}
    for path in tracked_files():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            found[path] = content.decode("utf-8")
    return found


def test_no_file_names_a_package_registry() -> None:
    named = [
        (str(path), host) for path, text in texts().items() for host in REGISTRIES if host in text
    ]
    assert named == []


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    named = [
        (str(path), found.group())
        for path, text in texts().items()
        for found in MACHINE.finditer(text)
    ]
    assert named == []


@pytest.mark.parametrize(("name", "pattern"), SECRETS.items(), ids=SECRETS)
def test_no_file_holds(name: str, pattern: str) -> None:
    assert [str(path) for path, text in texts().items() if re.search(pattern, text)] == [], name


def test_files_are_no_larger_than_people_read() -> None:
    large = {
        str(path): size
        for path in tracked_files()
        if (size := (ROOT / path).stat().st_size) > 400_000
    }
    assert large == {}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("cd /wo" + "rk/main", id="a-shell-line"),
        pytest.param('Path("/ro' + 'ot/.cache")', id="a-path-in-quotes"),
    ],
)
def test_a_path_of_a_machine_would_be_found(text: str) -> None:
    assert MACHINE.search(text)

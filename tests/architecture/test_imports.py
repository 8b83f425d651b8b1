"""Nothing happens on import; and nobody is mocked, because nobody needs to be."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, named, parsed

SCRIPT = Path(__file__).with_name("import_everything.py")


def import_everything(*packages: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-B", str(SCRIPT), *packages],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_every_module_imports_with_an_empty_environment_and_opens_nothing() -> None:
    done = import_everything(*PACKAGES)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param("import sqlite3; sqlite3.connect(':memory:')", id="opens-a-database"),
        pytest.param("import socket; socket.create_connection(('127.0.0.1', 9))", id="connects"),
        pytest.param("open('left_behind.txt', 'w')", id="writes-a-file"),
        pytest.param("import os; os.environ['PACESETTER_CONFIG']", id="needs-the-environment"),
        pytest.param(
            "from threading import *; Thread(target=Event().wait, daemon=True).start()",
            id="starts-a-thread",
        ),
    ],
)
def test_a_module_that_does_something_on_import_is_caught(deed: str, tmp_path: Path) -> None:
    (tmp_path / "eager").mkdir()
    (tmp_path / "eager" / "__init__.py").write_text("")
    (tmp_path / "eager" / "module.py").write_text(f"{deed}\n")
    assert import_everything("eager", folder=tmp_path).returncode == 1


def test_no_start_of_the_program_waits_for_scipy_stats() -> None:
    """It takes as long to load as everything else of scipy; the few who need it load it then."""
    waiting = [
        f"{named(path)}:{node.lineno}"
        for path, tree in parsed("bot")
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        and any(f"{node.module}.{each.name}".startswith("scipy.stats") for each in node.names)
    ]
    assert waiting == []


def test_no_test_replaces_our_code_while_it_runs() -> None:
    banned = [
        f"{named(path)}:{call.lineno}"
        for path, tree in parsed("tests")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in {"setattr", "skip"}
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in {"monkeypatch", "pytest"}
    ]
    assert banned == []

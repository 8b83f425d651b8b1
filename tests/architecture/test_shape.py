"""Small is tested: what does not fit on a screen or two is split by noun."""

import ast

from tests.architecture.tree import named, sources, tracked_files

MOST_LINES_IN_A_MODULE = 300
MOST_LINES_IN_A_FUNCTION = 40
SOURCES = sources("bot", "integrations", "playbooks", "tests")
OURS = {"bot", "integrations", "playbooks", "tests", "app.yaml", "pyproject.toml", "README.md"}
BESIDE = {
    ".ci",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "docs",
    "requirements.lock",
}
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common", "managers", "services"}


def test_modules_and_functions_fit_on_a_screen() -> None:
    texts = {named(source): source.read_text(encoding="utf-8") for source in SOURCES}
    lengths = {name: len(text.splitlines()) for name, text in texts.items()}
    functions = {
        f"{name}:{each.lineno} {each.name}": (each.end_lineno or 0) - each.lineno + 1
        for name, text in texts.items()
        for each in ast.walk(ast.parse(text))
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: many for name, many in lengths.items() if many > MOST_LINES_IN_A_MODULE} == {}
    assert {name: many for name, many in functions.items() if many > MOST_LINES_IN_A_FUNCTION} == {}


def test_nothing_is_called_after_nothing() -> None:
    assert [named(path) for path in SOURCES if path.stem in VAGUE] == []


def test_the_root_holds_only_what_the_map_names() -> None:
    assert {path.parts[0] for path in tracked_files()} == OURS | BESIDE

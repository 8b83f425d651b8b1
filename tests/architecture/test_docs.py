"""Documentation is made from the program or held to it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.catalogues import LAYERS
from tests.architecture.generated import PARTS, UnknownPart, documents, filled
from tests.architecture.tree import ROOT, named, parsed

PROSE = [*documents(), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")
COMMAND = re.compile(r"(?<!\[)`pacesetter ([a-z]+)(?: ([a-z]+))?")
VARIABLE = re.compile(
    r"(?:environ\w*(?:\.get\(|\[)|in environ\w* |^[A-Z_]+ = )\s*\"([A-Z][A-Z_]{3,})\""
)
#: Read by the libraries below us or by the desktop, documented where they matter.
NOT_OURS = {"XDG_DATA_HOME"}


@pytest.mark.parametrize("path", documents(), ids=named)
def test_generated_parts_say_what_the_program_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert filled(text) == text, "run `make update`"


def test_every_part_that_can_be_made_is_shown_somewhere() -> None:
    shown = "".join(path.read_text(encoding="utf-8") for path in documents())
    assert [name for name in PARTS if f"<!-- made: {name} -->" not in shown] == []


def test_a_part_that_nobody_makes_is_refused() -> None:
    with pytest.raises(UnknownPart):
        filled("<!-- made: up -->\n<!-- end -->")


@pytest.mark.parametrize("path", PROSE, ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    targets = LINK.findall(path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_readme_has_the_two_commands_that_everything_begins_with() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "    pip install uv && uv run pacesetter demo\n" in readme
    assert "    pip install uv && uv run pytest\n" in readme


@pytest.mark.parametrize("path", PROSE, ids=named)
def test_commands_that_the_prose_names_exist(path: Path) -> None:
    known = set(re.findall(r"`pacesetter ([a-z ]+?)(?= [\[A-Z-]|`)", PARTS["commands"]()))
    words = {word for command in known for word in (command, command.split()[0])}
    found = COMMAND.findall(path.read_text(encoding="utf-8"))
    assert {first for first, _ in found} <= words


def test_every_path_in_the_prose_exists() -> None:
    pattern = re.compile(r"`((?:bot|integrations|playbooks|tests|docs)/[\w/.]+)`")
    missing = [
        (named(path), mentioned)
        for path in PROSE
        if path.name != "extending.md"  # names files that the reader is to write
        for mentioned in pattern.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / mentioned).exists() and not mentioned.startswith("playbooks/wording")
    ]
    assert missing == []


def test_every_variable_of_the_environment_is_documented() -> None:
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    read = {name for path, _ in parsed("bot", "integrations") for name in _variables(path)}
    assert {"DATABASE_URL", "PACESETTER_CONFIG", "SLACK_BOT_TOKEN"} <= read
    assert [name for name in sorted(read - NOT_OURS) if f"`{name}`" not in operations] == []


def _variables(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    return set(VARIABLE.findall(text)) | set(
        re.findall(r"\"((?:SLACK|SALESFORCE)_[A-Z_]+)\"", text)
    )


def test_every_layer_says_what_it_holds_and_none_that_is_gone() -> None:
    made = PARTS["layers"]()
    assert [name for name in LAYERS if f"`{name}`" not in made] == []


def test_every_word_of_the_glossary_names_something() -> None:
    rows = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").split("\n| ")[3:]
    words = [word for row in rows for word in re.findall(r"\*\*(\w+)\*\*", row.split(" | ")[0])]
    assert len(words) > 40
    names = set(_names())
    assert [word for word in words if not _forms(word) & names] == []


def _forms(word: str) -> set[str]:
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).lower()
    return {word, f"{word}Row", snake, f"{snake}s", snake.upper()}


def _names() -> Iterator[str]:
    for path, tree in parsed("bot", "integrations"):
        yield from path.relative_to(ROOT).with_suffix("").parts
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                yield node.name
            elif isinstance(node, ast.AnnAssign | ast.Assign):
                targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
                yield from (each.id for each in targets if isinstance(each, ast.Name))


def test_decisions_are_numbered_and_short() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:4] for path in files] == [f"{n:04}" for n in range(1, len(files) + 1)]
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert all(f"**{part}.**" in text for part in ("Context", "Choice", "Cost"))
        assert len(text.splitlines()) <= 20

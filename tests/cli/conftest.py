"""The command line as people run it: a process of its own, with a home of its own."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from integrations.sandbox.org import Org, write_export
from tests.cli.starter import Starter, starter
from tests.given import BERLIN, CONFIG, Story, acme

ROOT = Path(__file__).parents[2]
MONDAY = date(2026, 3, 9)
#: Nothing of the developer's own Salesforce or Slack may get in.
FOREIGN = ("SALESFORCE_", "SLACK_", "PACESETTER_", "DATABASE_")


@dataclass(frozen=True)
class Said:
    out: str
    errors: str
    code: int


@dataclass(frozen=True)
class Console:
    """``pacesetter`` with its own home; app.yaml in it is the one that counts."""

    home: Path
    starter: Starter

    def __call__(self, *words: str, **environment: str) -> Said:
        done = self.starter.run(
            words,
            home=self.home,
            environment={**inherited(), "PACESETTER_HOME": str(self.home), **environment},
        )
        assert "Traceback" not in done.stderr
        return Said(out=done.stdout, errors=done.stderr, code=done.returncode)


def inherited() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {**ours, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}


@pytest.fixture(scope="session")
def console_starter() -> Iterator[Starter]:
    with starter(inherited()) as process:
        yield process


@pytest.fixture
def pacesetter(console_starter: Starter, tmp_path: Path) -> Console:
    (tmp_path / "app.yaml").write_text(CONFIG, encoding="utf-8")
    return Console(tmp_path, console_starter)


def small_team() -> Story:
    """Kim's deals are past due; she won one last week. Sam does not sell anything."""
    return (
        acme(MONDAY)
        .with_deal("Initech", "Kim", amount=90_000, closes=MONDAY - timedelta(days=7))
        .with_deal("Globex", "Kim", amount=60_000, closes=MONDAY - timedelta(days=3))
        .with_deal(
            "Umbrella",
            "Kim",
            amount=12_345,
            stage="Closed Won",
            created=MONDAY - timedelta(days=5),
            closes=MONDAY - timedelta(days=5),
        )
    )


@pytest.fixture(scope="session")
def story() -> Story:
    return small_team()


@pytest.fixture(scope="session")
def export(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small team as Salesforce's Data Export writes it."""
    folder = tmp_path_factory.mktemp("export")
    changes = sorted(story.changes, key=lambda each: each.at)
    organisation = Org(changes=changes, people=(), channels=(), truth=None)  # type: ignore[arg-type]  # an export tells none
    write_export(organisation, folder, datetime(2026, 3, 9, 6, tzinfo=BERLIN).astimezone(UTC))
    return folder


@pytest.fixture(scope="session")
def imported(
    console_starter: Starter, export: Path, tmp_path_factory: pytest.TempPathFactory
) -> Console:
    """A home into which the export was imported; tests may only read from it."""
    home = tmp_path_factory.mktemp("imported")
    (home / "app.yaml").write_text(CONFIG, encoding="utf-8")
    console = Console(home, console_starter)
    done = console("import", str(export))
    assert done.code == 0, done.errors
    return console


@pytest.fixture
def rewritten(export: Path, tmp_path: Path) -> Callable[[str, str, str], Path]:
    """The export with one thing changed in one file."""

    def rewrite(file: str, before: str, after: str) -> Path:
        folder = tmp_path / "rewritten"
        folder.mkdir()
        for path in export.glob("*.csv"):
            text = path.read_text(encoding="utf-8")
            if path.name == file:
                assert before in text
                text = text.replace(before, after, 1)
            (folder / path.name).write_text(text, encoding="utf-8")
        return folder

    return rewrite

"""Migrations lead to exactly the tables that the code has, on both databases, or change nothing."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from bot.domain.errors import ConfigError
from bot.storage.database import open_database
from bot.storage.migrate import SCRIPTS, downgrade, pending, revise, upgrade
from bot.storage.schema import metadata

HINT = "run `pacesetter db revision MESSAGE` (before the first release: `make first-migration`)"
BROKEN = '''"""Half of it works."""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{previous}"


def upgrade() -> None:
    op.create_table("half_done", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO half_done VALUES (1)")
    op.execute("SELECT nothing FROM nowhere")
'''


@pytest.fixture
def empty(database_url: str) -> Iterator[Engine]:
    """A database without any table."""
    engine = open_database(database_url)
    downgrade(engine, to="base")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    yield engine
    engine.dispose()


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SCRIPTS, tmp_path / "migrations"))


def tables_of(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata()))


def head() -> str:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    [only] = ScriptDirectory.from_config(config).get_heads()
    return only


def test_there_is_one_head_and_it_is_the_last_file() -> None:
    files = sorted((SCRIPTS / "versions").glob("[0-9]*_*.py"))
    assert files[-1].name.startswith(f"{head()}_")
    assert [path.name[:4] for path in files] == [f"{n:04}" for n in range(1, len(files) + 1)]


def test_an_upgraded_database_has_the_tables_of_the_code(empty: Engine) -> None:
    assert pending(empty)
    upgrade(empty)
    assert differences(empty) == [], HINT
    assert tables_of(empty) == set(metadata().tables)
    assert pending(empty) == []


def test_the_way_down_leaves_nothing_and_leads_up_again(empty: Engine) -> None:
    upgrade(empty)
    downgrade(empty, to="base")
    assert tables_of(empty) == set()
    upgrade(empty)
    assert differences(empty) == [], HINT


def test_a_second_upgrade_changes_nothing_and_does_not_even_load_the_tool(empty: Engine) -> None:
    upgrade(empty)
    address = empty.url.render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", UPGRADE + "print('alembic' in sys.modules)", address],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"


UPGRADE = """
import sys
from bot.storage.database import open_database
from bot.storage.migrate import upgrade
upgrade(open_database(sys.argv[1]))
"""


@pytest.fixture
def untouched_url(empty: Engine, tmp_path: Path) -> str:
    """A database that nobody has opened: on SQLite there is not even a file."""
    if empty.dialect.name == "sqlite":
        return f"sqlite:///{tmp_path / 'untouched.sqlite3'}"
    return empty.url.render_as_string(hide_password=False)


def test_processes_that_start_at_once_all_find_the_tables(untouched_url: str) -> None:
    starting = [
        subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", UPGRADE, untouched_url], stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    complaints = [process.communicate(timeout=60)[1] for process in starting]
    assert [process.returncode for process in starting] == [0, 0, 0], complaints
    upgraded = open_database(untouched_url)
    assert tables_of(upgraded) == set(metadata().tables)
    upgraded.dispose()


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty: Engine, scripts: Path) -> None:
    upgrade(empty)
    number = f"{int(head()) + 1:04}"
    broken = BROKEN.format(number=number, previous=head())
    (scripts / "versions" / f"{number}_broken.py").write_text(broken)
    with pytest.raises(Exception, match="nowhere"):
        upgrade(empty, scripts=scripts)
    assert tables_of(empty) == set(metadata().tables)
    assert pending(empty, scripts=scripts) == [f"{number} Broken"]
    assert pending(empty) == []


def test_nothing_of_a_first_upgrade_that_fails_is_left(empty: Engine, scripts: Path) -> None:
    number = f"{int(head()) + 1:04}"
    broken = BROKEN.format(number=number, previous=head())
    (scripts / "versions" / f"{number}_broken.py").write_text(broken)
    with pytest.raises(Exception, match="nowhere"):
        upgrade(empty, scripts=scripts)
    assert inspect(empty).get_table_names() == []


def test_a_copied_table_keeps_the_rows_that_point_to_it(empty: Engine, scripts: Path) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE team_of_test (id INTEGER PRIMARY KEY, name TEXT)"))
        connection.execute(
            text(
                "CREATE TABLE rep_of_test (id INTEGER PRIMARY KEY, team INTEGER NOT NULL"
                " REFERENCES team_of_test(id) ON DELETE CASCADE)"
            )
        )
        connection.execute(text("INSERT INTO team_of_test VALUES (1, 'North')"))
        connection.execute(text("INSERT INTO rep_of_test VALUES (1, 1)"))
    number = f"{int(head()) + 1:04}"
    (scripts / "versions" / f"{number}_name.py").write_text(
        f'revision, down_revision = "{number}", "{head()}"\n'
        "from alembic import op\n"
        "import sqlalchemy as sa\n"
        "def upgrade():\n"
        "    with op.batch_alter_table('team_of_test') as batch:\n"
        "        batch.alter_column('name', nullable=False, existing_type=sa.Text())\n"
    )
    upgrade(empty, scripts=scripts)
    with empty.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM rep_of_test")) == 1


def test_a_database_that_a_newer_version_used_is_refused_with_words(empty: Engine) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="a newer Pacesetter has used it"):
        upgrade(empty)


def test_a_database_that_cannot_be_opened_is_refused_with_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be opened"):
        upgrade(open_database(f"sqlite:///{tmp_path}/nowhere/at_all.sqlite3"))


def test_a_way_down_to_nowhere_is_refused_with_words(empty: Engine) -> None:
    with pytest.raises(ConfigError, match="'0815' of the database is not known"):
        downgrade(empty, to="0815")


def test_a_revision_of_unchanged_tables_does_nothing(scripts: Path) -> None:
    written = revise("Nothing new", scripts=scripts)
    assert written.name == f"{int(head()) + 1:04}_nothing_new.py"
    assert "op." not in written.read_text().replace("from alembic import op", ""), HINT


def test_a_new_migration_would_read_as_the_first_one_reads(scripts: Path) -> None:
    """No type of ours is imported into a migration, where it could change under its feet."""
    for path in (scripts / "versions").glob("*.py"):
        path.unlink()
    written = revise("First tables", scripts=scripts)
    assert "bot." not in written.read_text()

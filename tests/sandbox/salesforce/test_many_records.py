"""Very many records are served without being held in memory: they go from the file to SQLite."""

import csv
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import serve
from tests.bench.pull_run import discard_pages
from tests.bench.task_org import COLUMNS, NOW, task_rows

FEW, MANY = 2_000, 8_000
#: As much as a page of two thousand records and its JSON take.
MEGABYTES = 8


def _exported(folder: Path, tasks: int) -> Path:
    folder.mkdir()
    with (folder / "Task.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow([*COLUMNS, "Mood__c"])
        writer.writerows([*row, "fine"] for row in task_rows(tasks))
    return folder


def _peak(work: Callable[[], object]) -> float:
    """Megabytes of Python objects that were alive at once."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 2**20


def test_loading_an_export_takes_no_more_memory_for_four_times_the_records(tmp_path: Path) -> None:
    clock = SandboxClock(starts_at=NOW, frozen=True)

    def loaded(tasks: int) -> float:
        folder = _exported(tmp_path / str(tasks), tasks)
        return _peak(lambda: Store.from_folder(folder, clock=clock).close())

    loaded(10)
    assert loaded(MANY) < loaded(FEW) + 1


def test_serving_all_pages_holds_one_at_a_time(tmp_path: Path) -> None:
    clock = SandboxClock(starts_at=NOW, frozen=True)
    store = Store.from_folder(_exported(tmp_path / "many", MANY), clock=clock)
    rows: list[int] = []
    with serve(create_app(store, clock)) as server:

        def read() -> None:
            rows.append(discard_pages(server.url, clock)[0])

        peak = _peak(read)
    store.close()
    assert rows == [MANY]
    # The client's page and the server's.
    assert peak < 3 * MEGABYTES

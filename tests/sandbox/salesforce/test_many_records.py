"""Very many records are served without being held in memory: they go from the file to SQLite."""

import csv
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import httpx

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.sessions import Credentials
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import serve
from tests.bench.pull_run import discard_pages
from tests.bench.task_org import COLUMNS, NOW, task_rows
from tests.sandbox.salesforce.conftest import token

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


def test_of_a_family_of_thousands_a_page_is_shown_at_a_time(tmp_path: Path) -> None:
    clock = SandboxClock(starts_at=NOW, frozen=True)
    account, people = long_id("001000000000001"), 3 * FEW
    (tmp_path / "Account.csv").write_text(f"Id,Name\n{account},Acme\n")
    with (tmp_path / "Contact.csv").open("w") as file:
        file.write("Id,LastName,AccountId\n")
        file.writelines(
            f"{long_id(f'003{number:012d}')},Person {number},{account}\n"
            for number in range(people)
        )
    store = Store.from_folder(tmp_path, clock=clock)
    known = Credentials()
    names: list[str] = []
    with serve(create_app(store, clock)) as server, httpx.Client(base_url=server.url) as client:
        client.headers["Authorization"] = f"Bearer {token(server.url, known)}"

        def read() -> None:
            asked = {"q": "SELECT Id, (SELECT LastName FROM Contacts ORDER BY Id) FROM Account"}
            reply = client.get("/services/data/v61.0/query", params=asked)
            page = reply.json()["records"][0]["Contacts"]
            names.extend(each["LastName"] for each in page["records"])
            while not page["done"]:
                page = client.get(page["nextRecordsUrl"]).json()
                names.extend(each["LastName"] for each in page["records"])

        peak = _peak(read)
    store.close()
    assert names == [f"Person {number}" for number in range(people)]
    assert peak < MEGABYTES

"""Real processes on one database: killed, stopped, started again."""

import signal
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import Engine as Database

from integrations.sandbox.clock import SandboxClock
from tests.forks import FROM, signalled
from tests.jobs.instances import MONDAY_NOON, Firings, Until
from tests.jobs.process import KEYS, main

pytestmark = pytest.mark.slow


class Office:
    """Processes that share a database, a clock and a diary."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.clock = SandboxClock(folder / "clock.json", starts_at=MONDAY_NOON, frozen=True)
        self._url = database_url
        self._folder = folder
        self._diary = folder / "diary.txt"
        self.processes: list[ForkServerProcess] = []

    def start(self, *, job_seconds: float) -> ForkServerProcess:
        clock = str(self._folder / "clock.json")
        process = FROM.Process(target=main, args=(self._url, clock, str(self._diary), job_seconds))
        process.start()
        self.processes.append(process)
        return process

    def lines(self, process: ForkServerProcess | None = None) -> list[str]:
        if not self._diary.exists():
            return []
        lines = [line.split(" ", 1) for line in self._diary.read_text().splitlines()]
        return [words for pid, words in lines if process is None or pid == str(process.pid)]

    def ended(self) -> Counter[str]:
        return Counter(words for words in self.lines() if words.startswith("ended"))


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Iterator[Office]:
    office = Office(tmp_path, database_url)
    yield office
    for process in office.processes:
        process.kill()
        process.join()


def each(times: int) -> Counter[str]:
    return Counter({f"ended {key}": times for key in KEYS})


def ended_well(process: ForkServerProcess) -> bool:
    process.join(60)
    return process.exitcode == 0


def begun(office: Office, process: ForkServerProcess) -> bool:
    return sum(words.startswith("began") for words in office.lines(process)) == len(KEYS)


def test_when_a_process_is_killed_in_mid_job_another_takes_over_within_seconds(
    office: Office, until: Until, settled: Firings
) -> None:
    doomed = office.start(job_seconds=60)
    until(lambda: begun(office, doomed))
    heir = office.start(job_seconds=0.2)
    until(lambda: "ready" in office.lines(heir))
    doomed.kill()
    killed_at = monotonic()
    until(lambda: office.ended() == each(1))
    assert monotonic() - killed_at < 45
    rows = settled()
    assert [(row.state, row.attempt) for row in rows] == [("done", 2)] * len(KEYS)
    assert office.ended() == each(1)


def test_a_start_after_a_kill_finishes_what_was_under_way(
    office: Office, until: Until, settled: Firings
) -> None:
    doomed = office.start(job_seconds=60)
    until(lambda: begun(office, doomed))
    doomed.kill()
    doomed.join()
    office.start(job_seconds=0.2)
    until(lambda: office.ended() == each(1))
    assert {row.state for row in settled()} == {"done"}


def test_two_processes_share_the_work_and_double_none_of_it(
    office: Office, until: Until, settled: Firings
) -> None:
    processes = [office.start(job_seconds=0.1) for _ in range(2)]
    until(lambda: all("ready" in office.lines(process) for process in processes))
    for hour in range(1, 5):
        until(lambda so_far=hour: office.ended() == each(so_far))  # type: ignore[misc]  # a default holds the loop's value
        office.clock.wind(timedelta(hours=1))
    until(lambda: office.ended() == each(5))
    assert {row.state for row in settled()} == {"done"}
    assert len(settled()) == 5 * len(KEYS)


def test_sigterm_finishes_what_is_under_way(office: Office, until: Until, firings: Firings) -> None:
    process = office.start(job_seconds=2)
    until(lambda: begun(office, process))
    process.terminate()
    assert ended_well(process)
    assert office.ended() == each(1)
    assert office.lines()[-1] == "stopped"
    assert {row.state for row in firings()} == {"done"}


def test_a_process_that_sleeps_through_its_lease_settles_nothing_afterwards(
    office: Office, until: Until, settled: Firings, database: Database
) -> None:
    sleeper = office.start(job_seconds=6)
    until(lambda: begun(office, sleeper))
    sleep(0.5)  # so that it does not fall asleep in the middle of a transaction
    signalled(sleeper, signal.SIGSTOP)
    heir = office.start(job_seconds=0.2)
    until(lambda: "ready" in office.lines(heir))
    if database.dialect.name == "postgresql":
        # It holds the jobs' locks for as long as it is connected, so nobody takes over at all.
        sleep(10)
        assert office.ended() == Counter()
    else:
        until(lambda: office.ended() == each(1))
    finished = [(row.id, row.finished_at) for row in (settled() if office.ended() else [])]
    signalled(sleeper, signal.SIGCONT)
    sleeper.terminate()
    assert ended_well(sleeper)
    assert [(row.id, row.finished_at) for row in settled()][: len(finished)] == finished
    assert {row.state for row in settled()} == {"done"}

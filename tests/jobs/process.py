"""One process of ours, to be killed.

Six jobs, due once an hour, each of which takes SECONDS and writes into the diary when it begins
and, in the same moment as its work counts, when it ends. Stops on SIGTERM.
"""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from bot.jobs.catalog import Job
from bot.jobs.engine import open_engine
from bot.jobs.scheduler import Scheduler
from bot.jobs.triggers import Every
from bot.storage.database import open_database
from integrations.sandbox.clock import SandboxClock

KEYS = ("one", "two", "three", "four", "five", "six")


def main(url: str, clock_file: str, diary: str, seconds: float) -> None:
    clock = SandboxClock(Path(clock_file))
    jobs = tuple(
        Job(
            key=key,
            trigger=Every(span=timedelta(hours=1)),
            run=working(Path(diary), key, seconds),
        )
        for key in KEYS
    )
    database = open_database(url)
    engine = open_engine(database, clock, jobs)
    scheduler = Scheduler(database, clock, engine, jobs, zone=ZoneInfo("Europe/Berlin"))
    stopping = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    engine.start()
    scheduler.start()
    write(Path(diary), "ready")
    while not stopping.wait(0.5):
        # The signal may reach another thread; Python then calls the handler when this one wakes.
        pass
    scheduler.stop()
    write(Path(diary), "stopped" if engine.stop(30) else "gave up")


def working(diary: Path, key: str, seconds: float) -> Callable[[], None]:
    def run() -> None:
        write(diary, f"began {key}")
        time.sleep(seconds)
        write(diary, f"ended {key}")

    return run


def write(diary: Path, words: str) -> None:
    line = f"{os.getpid()} {words}\n".encode()
    handle = os.open(diary, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, line)
    os.close(handle)

"""Threads of this process: each job has a lane, and in a lane one thing happens at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Lock, Thread
from time import monotonic

from bot.jobs.attempt import attempt
from bot.jobs.catalog import Job
from bot.storage.firings import FiringState

#: So long a job that runs everywhere rests after it failed, rather than failing every few seconds.
REST = timedelta(minutes=1)


class Lanes:
    def __init__(self) -> None:
        self._threads: dict[str, Thread] = {}
        self._rests_until: dict[str, datetime] = {}
        self._lock = Lock()

    def is_busy(self, lane: str) -> bool:
        thread = self._threads.get(lane)
        return thread is not None and thread.is_alive()

    def run(self, lane: str, work: Callable[[], None]) -> bool:
        """Begin ``work``, which raises nothing, in a thread; False while the lane is busy.

        The thread dies with the process: when the patience of whoever stops us has run out, a
        job that hangs must not keep the process alive.
        """
        with self._lock:
            if self.is_busy(lane):
                return False
            thread = Thread(target=work, name=f"job-{lane}", daemon=True)
            self._threads[lane] = thread
            thread.start()
            return True

    def run_here(self, job: Job, due_at: datetime) -> None:
        """Run a job that every instance runs for itself, unless it still runs or rests."""
        if due_at >= self._rests_until.get(job.key, due_at):
            self.run(job.key, partial(self._attempt_here, job, due_at))

    def _attempt_here(self, job: Job, due_at: datetime) -> None:
        ended = attempt(job, due_at=due_at, number=1)
        if ended.state is not FiringState.DONE:
            self._rests_until[job.key] = due_at + max(REST, ended.retry_after)

    def wait(self, *, deadline: float) -> bool:
        """Wait for all lanes until a ``monotonic()`` instant; False when something still runs."""
        for thread in list(self._threads.values()):
            thread.join(max(0.0, deadline - monotonic()))
        return not any(self.is_busy(lane) for lane in self._threads)

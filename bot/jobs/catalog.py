"""Every job as data: its key, when it is due, what it does.

A job catches up on everything that is left to do and may be repeated at any time: after downtime
the newest firing alone is worked off, and one whose process died in the middle is run again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Protocol

from bot.jobs.triggers import Daily, Every, Trigger

#: Local times differ by multiples of this, all over the world.
ZONE_STEP = timedelta(minutes=15)
#: When what nobody waits for is done.
AT_NIGHT = time(3, 0)
WRITE_BACK_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    key: str
    trigger: Trigger
    #: Raises TransientError to be run again; see ``bot.jobs.attempt``.
    run: Callable[[], object]
    #: Every instance runs it for itself, and its firings are not written down. For work that
    #: several processes may share at any time.
    runs_everywhere: bool = False
    #: How long its firings are remembered.
    kept_for: timedelta = timedelta(days=35)


class Schedule(Protocol):
    """The part of app.yaml called ``schedule``."""

    @property
    def pull_every_minutes(self) -> int: ...

    @property
    def coach_at(self) -> str:
        """For example 08:30."""

    @property
    def digest_at(self) -> str:
        """For example 08:00."""

    @property
    def digest_on(self) -> str:
        """For example monday."""

    @property
    def deliver_every_seconds(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """What the jobs do; each is bound to its runtime and adapters already."""

    pull: Callable[[], object]
    coach: Callable[[], object]
    digest: Callable[[], object]
    deliver: Callable[[], object]
    forget: Callable[[], object]
    write_back: Callable[[], object]


def all_jobs(schedule: Schedule, deeds: Deeds) -> tuple[Job, ...]:
    return (
        Job(
            key="pull",
            trigger=Every(span=timedelta(minutes=schedule.pull_every_minutes)),
            run=deeds.pull,
            kept_for=timedelta(days=2),
        ),
        Job(
            key="coach",
            trigger=_at_in_every_zone(time.fromisoformat(schedule.coach_at)),
            run=deeds.coach,
            kept_for=timedelta(days=2),
        ),
        Job(
            key="digest",
            trigger=Daily(
                at=time.fromisoformat(schedule.digest_at), weekdays=frozenset({schedule.digest_on})
            ),
            run=deeds.digest,
        ),
        Job(key="forget", trigger=Daily(at=AT_NIGHT), run=deeds.forget),
        # The outbox lets each message be claimed once, whoever looks. A row for each of the 17,000
        # firings a day would say nothing, and a queue would make messages wait.
        Job(
            key="deliver",
            trigger=Every(span=timedelta(seconds=schedule.deliver_every_seconds)),
            run=deeds.deliver,
            runs_everywhere=True,
        ),
        # Claimed like messages, one row at a time; usually there is nothing to do.
        Job(
            key="write_back",
            trigger=Every(span=timedelta(seconds=WRITE_BACK_SECONDS)),
            run=deeds.write_back,
            runs_everywhere=True,
        ),
    )


def _at_in_every_zone(at: time) -> Every:
    """Due whenever it is ``at`` somewhere: the deed itself picks the people whose day begins.

    Not on weekdays only, because Monday begins in Auckland while it is Sunday in New York.
    """
    return Every(span=ZONE_STEP, offset=timedelta(minutes=at.minute) % ZONE_STEP)

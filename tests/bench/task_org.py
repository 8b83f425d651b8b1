"""A Salesforce with very many tasks, in a process of its own.

``python -m tests.bench.task_org --tasks N --clock FILE`` prints its address, changes as many tasks
as each line of its input says (and winds the clock by a quarter of an hour), and ends with it.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from integrations.sandbox.changes import Change
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.database import Row
from integrations.sandbox.salesforce.ids import long_id
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.salesforce.values import instant_text
from integrations.sandbox.serving import serve
from tests.outside import INSTANCE

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
YEAR = timedelta(days=360)
WEEKS = 52
REPS = 200
BETWEEN_PULLS = timedelta(minutes=15)
#: Which tasks change.
NEWEST, ALL = "newest", "all"
#: So many calls that no benchmark meets the day's limit.
DAILY_CALLS = 10_000_000
COLUMNS = (
    "Id", "OwnerId", "WhoId", "WhatId", "AccountId", "Subject", "TaskSubtype", "Type", "Status",
    "IsClosed", "ActivityDate", "CompletedDateTime", "CallDurationInSeconds", "CallDisposition",
    "IsRecurrence", "IsArchived", "CreatedDate", "LastModifiedDate", "SystemModstamp", "IsDeleted",
    "Description",
)  # fmt: skip
SUBTYPES = ("Call", "Email", "Task")


def task_id(number: int) -> str:
    return long_id(f"00T{number:012d}")


def rep_id(number: int) -> str:
    return long_id(f"005{number % REPS:012d}")


def open_org(clock: SandboxClock, *, tasks: int) -> Store:
    person = Change(
        at=NOW - YEAR - timedelta(days=1),
        sobject="User",
        id=rep_id(0),
        fields={"Username": "kim@example.com", "LastName": "Kim", "Alias": "kim", "IsActive": True},
    )
    store = Store.from_changes([person], clock=clock)
    store.database.load(store.schema.objects["Task"], COLUMNS, task_rows(tasks))
    return store


def task_rows(tasks: int) -> Iterator[Row]:
    """Evenly over a year that ends an hour before now, one after the other."""
    begin, step = NOW - YEAR, (YEAR - timedelta(hours=1)) / max(1, tasks)
    for number in range(tasks):
        at = begin + number * step
        stamp = instant_text(at.replace(microsecond=0))
        subtype = SUBTYPES[number % len(SUBTYPES)]
        is_call, is_closed = subtype == "Call", number % 5 != 0
        yield (
            task_id(number), rep_id(number), long_id(f"003{number % 9_973:012d}"),
            long_id(f"006{number % 4_999:012d}"), long_id(f"001{number % 3_001:012d}"),
            f"{subtype} about the offer, no. {number}", subtype, subtype,
            "Completed" if is_closed else "Not Started", int(is_closed), stamp[:10],
            stamp if is_closed else None, 30 + number % 900 if is_call else None,
            "Connected" if is_call else None, 0, 0, stamp, stamp, stamp, 0,
            f"Talked about prices, dates and the people who decide; next step is {number % 7}.",
        )  # fmt: skip


def change_tasks(
    store: Store, clock: SandboxClock, *, tasks: int, count: int, newest: bool
) -> None:
    """So many, evenly over the newest or over all, change now; then it is a quarter of an hour on.

    People correct what they wrote down this week; an administrator changes what is as old as may
    be.
    """
    kind, at = store.schema.objects["Task"], clock.now()
    among = max(count, tasks // WEEKS) if newest else tasks
    with store.transaction():
        for place in range(count):
            number = tasks - among + place * among // count
            subject = f"Changed at {at:%d %H:%M}"
            store.put(kind, task_id(number), {"Subject": subject}, at=at)
    clock.wind(BETWEEN_PULLS)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--tasks", type=int, required=True)
    words.add_argument("--clock", type=Path, required=True)
    asked = words.parse_args()
    clock = SandboxClock(asked.clock, starts_at=NOW, frozen=True)
    store = open_org(clock, tasks=asked.tasks)
    app = create_app(store, clock, daily_calls=DAILY_CALLS, instance_url=INSTANCE)
    with serve(app, log_level="error") as server:
        tell(url=server.url)
        for line in sys.stdin:
            count, which = line.split()
            change_tasks(store, clock, tasks=asked.tasks, count=int(count), newest=which == NEWEST)
            tell(now=clock.now().isoformat())
    store.close()


def tell(**what: str) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""What filling all readings costs, and a day's run after it, beside what DuckDB needs.

``uv run python -m tests.bench.fill`` prints the table of docs/why/speed.md.
Every ratio is of two times of the same run, since machines differ and are noisy.
"""

import argparse
import gc
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from bot.domain.choices import STANDARD
from bot.flows.coach import decide, look
from bot.flows.roll_up import fill_dirty, kept_daily, make_facts, refresh, roll_up
from bot.queries.rep_views import Moment
from bot.runtime import Runtime
from bot.service import spare_the_collector
from bot.storage.current import as_filled
from bot.storage.database import open_database, reading, transaction
from bot.storage.facts.select import Knowledge
from bot.storage.migrate import upgrade
from bot.storage.roster import read_roster
from tests.bench import duck
from tests.bench.large_team import MONDAY, Size, changed_tasks, write_changes, write_large_team
from tests.coached_team import runtime_at
from tests.mirrored import ORGANISATION, Mirror, berlin, metrics

NOW = berlin(MONDAY + timedelta(days=1), 9)
TODAY = NOW.date()
DAYS = 8
#: Where a day takes a fifth of a second, more of them have to be looked at.
SHORT_DAYS = 10
KNOWLEDGE = Knowledge(day=TODAY, now=NOW)


@dataclass(slots=True)
class Stopwatch:
    seconds: dict[str, float] = field(default_factory=dict)

    def time(self, what: str, work: Callable[[], object]) -> None:
        gc.collect()
        begin = time.perf_counter()
        work()
        self.seconds[what] = time.perf_counter() - begin
        sys.stderr.write(f"{what}: {self.seconds[what]:.2f} s\n")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--reps", type=int, default=1000)
    asked.add_argument("--activities", type=int, default=5_000_000)
    asked.add_argument("--weeks", type=int, default=13)
    asked.add_argument("--changes", type=int, default=5000)
    given = asked.parse_args()
    size = Size(reps=given.reps, activities=given.activities, weeks=given.weeks)
    sys.stdout.write(report(size, changes=given.changes))


def report(size: Size, *, changes: int) -> str:
    """The table, with the same week four times as long beside it."""
    with tempfile.TemporaryDirectory() as folder:
        watch = measure(size, Path(folder), changes=changes)
    short = Size(reps=max(8, size.reps // 5), activities=size.activities // 25, weeks=size.weeks)
    long = Size(reps=short.reps, activities=4 * short.activities, weeks=4 * short.weeks)
    days = []
    for each in (short, long):
        with tempfile.TemporaryDirectory() as folder:
            days.append(day_after(each, Path(folder), changes=changes // 5))
    return table(watch, days[1] / days[0], size, changes)


def measure(size: Size, folder: Path, *, changes: int) -> Stopwatch:
    watch = Stopwatch()
    database = prepared(size, folder, watch)
    days(database, size, watch, changes=changes)
    duck.write_parquet(folder)
    watch.time("DuckDB", lambda: duck.sums(folder, KNOWLEDGE))
    rows = duck.all_readings(database)
    watch.time("bare insert", lambda: duck.insert_bare(rows, folder))
    database.dispose()
    return watch


def day_after(size: Size, folder: Path, *, changes: int) -> float:
    """Seconds for a day's run."""
    watch = Stopwatch()
    database = prepared(size, folder, watch)
    days(database, size, watch, changes=changes, count=SHORT_DAYS)
    database.dispose()
    return watch.seconds["refresh"] + watch.seconds["compare and judge"]


def prepared(size: Size, folder: Path, watch: Stopwatch) -> Engine:
    """A database in which nothing is left to fill."""
    database = open_database(f"sqlite:///{folder / 'large.sqlite3'}")
    upgrade(database)
    Mirror(database).pulled(as_of=NOW)
    roll_up(database, metrics={}, organisation=ORGANISATION, now=NOW)
    watch.time("made up", lambda: write_large_team(database, size, seed=1))
    runtime = runtime_at(NOW, database)
    watch.time("full fill", lambda: fill(database, runtime))
    return database


def days(
    database: Engine, size: Size, watch: Stopwatch, *, changes: int, count: int = DAYS
) -> None:
    """Some, of which the best is told without the first: a bot that runs for months does little
    for the first time.

    Only minutes lie between them, and all bring as much that is new.
    """
    spare_the_collector()
    seconds: dict[str, list[float]] = {}
    for number in range(1 + count):
        now = NOW + timedelta(minutes=number)
        rows = changed_tasks(size, changes, at=now, over_days=5, seed=2 + number)
        write_changes(database, rows)
        runtime = runtime_at(now, database)
        for what, step in (("make facts", make_facts), ("refresh", refresh)):
            watch.time(
                what, partial(step, database, metrics=metrics(), organisation=ORGANISATION, now=now)
            )
        watch.time("compare and judge", partial(judge_everybody, database, runtime))
        for what in ("make facts", "refresh", "compare and judge"):
            seconds.setdefault(what, []).append(watch.seconds[what])
    watch.seconds.update({what: min(each[1:]) for what, each in seconds.items()})


def fill(database: Engine, playbooks: Runtime) -> None:
    with transaction(database) as session:
        fill_dirty(session, kept_daily(playbooks.metrics, STANDARD), knowledge=KNOWLEDGE)


def judge_everybody(database: Engine, runtime: Runtime) -> None:
    """Every rep's view, compared and judged as coaching does it; nothing is written."""
    now = runtime.clock.now()
    with reading(database) as session:
        knowledge = as_filled(session, Knowledge(day=TODAY, now=now))
        roster = read_roster(session, runtime.organisation)
        moment = Moment(knowledge=knowledge, as_of=now)
        views, histories = look(session, runtime, roster.reps.values(), moment, roster=roster)
    for rep, view in views.items():
        decide(runtime, view, histories[rep], now=now)


def table(watch: Stopwatch, growth: float, size: Size, changes: int) -> str:
    took = watch.seconds
    floor = took["DuckDB"] + took["bare insert"]
    day = took["refresh"] + took["compare and judge"]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = (
        ("A full first fill, of DuckDB's sums and the bare insert", took["full fill"] / floor, 3),
        (f"A day after {changes:,} changes, of a full first fill", day / took["full fill"], 0.05),
        ("A day's run with four times the history, of one with it", growth, 1.2),
    )
    facts = took["make facts"] / took["full fill"]
    given = f"{size.reps:,} reps, {size.activities:,} activities in {size.weeks} weeks"
    lines = [
        f"{given}; {len(metrics())} metrics; peak memory {memory:.0f} MB",
        "",
        "| What | Ratio | At most |",
        "| --- | --- | --- |",
        *(f"| {what} | {ratio:.3g} | {most:.3g} |" for what, ratio, most in rows),
        f"| Making facts of the {changes:,} before it, of a full first fill | {facts:.3g} | |",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

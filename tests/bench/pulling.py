"""What a pull costs beside reading and discarding the same pages, and whether that grows.

``uv run python -m tests.bench.pulling`` prints the table of docs/why/speed.md. The org is in a
process of its own, and so is each reading of it. Machines are noisy: a ratio is of the best of a
few turns taken by turns, or, of later pulls, which take a tenth of a second, the median of many.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from statistics import median
from typing import IO, Any

from tests.bench.extractors import EXTRACTORS
from tests.bench.pull_run import Run
from tests.bench.task_org import ALL, NEWEST
from tests.outside import reached_from_outside

PAGE = 2_000
#: So many turns of a later pull for one of a first load.
LATER_TURNS = 8
#: Of memory, in megabytes, for a first load.
MEMORY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    tasks: int = 200_000
    small: int = 10_000
    large: int = 1_000_000
    changes: int = 2_000
    turns: int = 3
    #: Whether other extractors take their turn too; it takes minutes.
    others: int = 1


@dataclass(slots=True)
class Org:
    """A running ``tests.bench.task_org``."""

    url: str
    folder: Path
    process: "subprocess.Popen[str]"

    def change(self, tasks: int, which: str) -> None:
        _ask(self.process, f"{tasks} {which}")

    def read(self, what: str, *more: str) -> Run:
        with self.reading(what, *more) as process:
            run = Run(**_line(process))
        sys.stderr.write(f"{what} {' '.join(more)}: {run}\n")
        return run

    @contextmanager
    def reading(self, what: str, *more: str) -> "Iterator[subprocess.Popen[str]]":
        """A running ``tests.bench.pull_run``."""
        words = ["tests.bench.pull_run", what, *more, "--url", self.url]
        with _process(*words, "--clock", str(self.folder / "clock.json")) as process:
            yield process

    def database(self, name: str) -> str:
        return str(self.folder / f"{name}.sqlite3")


@dataclass(slots=True)
class Table:
    rows: list[tuple[str, float, float]] = field(default_factory=list)

    def add(self, what: str, value: float, most: float) -> None:
        self.rows.append((what, value, most))

    def text(self) -> str:
        head = ["| What | Measured | At most |", "| --- | --- | --- |"]
        rows = (
            f"| {what} | {value:.3g} | {'' if math.isinf(most) else f'{most:.3g}'} |"
            for what, value, most in self.rows
        )
        return "\n".join([*head, *rows])


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    for name in Sizes.__dataclass_fields__:
        words.add_argument(f"--{name}", type=int, default=getattr(Sizes(), name))
    sys.stdout.write(report(Sizes(**vars(words.parse_args()))) + "\n")


def report(sizes: Sizes) -> str:
    table = Table()
    with running_org(sizes.tasks) as org:
        beside_discarding(org, sizes, table)
    loaded, later = first_and_later(sizes)
    where = f"in an org of {sizes.large:,}, of one of {sizes.small:,}"
    for which, most, lie in (
        (NEWEST, 1.2, "among the week's tasks"),
        (ALL, math.inf, "all over the year's"),
    ):
        ratio = median(large.seconds / small.seconds for small, large in later[which])
        table.add(f"{sizes.changes:,} changes {lie} pulled {where}", ratio, most)
    pages = max(1, math.ceil(sizes.changes / PAGE))
    _, last = later[NEWEST][-1]
    table.add("Its calls beyond one for each page", last.calls - pages, 1)
    table.add(f"Memory of a first load of {sizes.large:,}, MB", loaded.peak_megabytes, MEMORY)
    return table.text()


def beside_discarding(org: Org, sizes: Sizes, table: Table) -> None:
    best: dict[str, Run] = {}
    for turn in range(sizes.turns):
        for what, words in (
            ("discard", ["discard"]),
            ("pages", ["pull", "--pages", "--database", org.database(f"pages{turn}")]),
            ("discard-bulk", ["discard-bulk"]),
            ("bulk", ["pull", "--database", org.database(f"bulk{turn}")]),
        ):
            run = org.read(*words)
            if what not in best or run.seconds < best[what].seconds:
                best[what] = run
    tasks = f"{sizes.tasks:,} tasks"
    table.add(
        f"Storing {tasks} by pages, of reading and discarding them",
        best["pages"].seconds / best["discard"].seconds, 1.4,
    )  # fmt: skip
    table.add(
        f"Storing {tasks} by bulk jobs, of reading and discarding them by pages",
        best["bulk"].seconds / best["discard"].seconds, 1.4,
    )  # fmt: skip
    pages = math.ceil(sizes.tasks / PAGE)
    table.add("Calls beyond one for each page", best["pages"].calls - pages, 1)
    if sizes.others:
        beside_others(org, best["discard"].seconds, table)
    table.add(f"Memory of a first load of {tasks}, MB", best["bulk"].peak_megabytes, MEMORY)
    whole = org.read("command", "--database", org.database("whole"))
    table.add(
        "Of all that pacesetter pull does, facts included, MB", whole.peak_megabytes, math.inf
    )


def beside_others(org: Org, discarding: float, table: Table) -> None:
    """For comparison; nothing is asked of them."""
    port = int(org.url.rpartition(":")[2])
    with reached_from_outside(port, org.folder) as outside:
        for name, extract in EXTRACTORS.items():
            seconds = extract(outside, org.folder)
            sys.stderr.write(f"{name}: {seconds:.1f} s\n")
            table.add(f"{name}, of reading and discarding", seconds / discarding, math.inf)


def first_and_later(sizes: Sizes) -> tuple[Run, dict[str, list[tuple[Run, Run]]]]:
    """A first load of the large org; then, by where changes lie, pulls of them in both orgs.

    The orgs take turns: what else a machine does lasts for minutes, and would be told of one.
    """
    later: dict[str, list[tuple[Run, Run]]] = {NEWEST: [], ALL: []}
    with ExitStack() as stack:
        small, large = (
            stack.enter_context(running_org(tasks)) for tasks in (sizes.small, sizes.large)
        )
        mirrors = [("--database", org.database("mirror")) for org in (small, large)]
        _, loaded = small.read("pull", *mirrors[0]), large.read("pull", *mirrors[1])
        pullers = [
            stack.enter_context(org.reading("pulls", *mirror))
            for org, mirror in zip((small, large), mirrors, strict=True)
        ]
        for _, which in product(range(LATER_TURNS * sizes.turns), later):
            for org in (small, large):
                org.change(sizes.changes, which)
            runs = [Run(**_ask(puller, "pull")) for puller in pullers]
            sys.stderr.write(f"{which}: {runs}\n")
            later[which].append((runs[0], runs[1]))
    return loaded, later


@contextmanager
def running_org(tasks: int) -> Iterator[Org]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words = ("tests.bench.task_org", "--tasks", str(tasks))
        with _process(*words, "--clock", str(folder / "clock.json")) as process:
            yield Org(url=str(_line(process)["url"]), folder=folder, process=process)


@contextmanager
def _process(*words: str) -> "Iterator[subprocess.Popen[str]]":
    """The end of its input is its end."""
    process = subprocess.Popen(  # noqa: S603 -- this very interpreter
        [sys.executable, "-m", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        yield process
        _stream(process.stdin).close()


def _ask(process: "subprocess.Popen[str]", what: str) -> dict[str, Any]:
    _stream(process.stdin).write(f"{what}\n")
    _stream(process.stdin).flush()
    return _line(process)


def _line(process: "subprocess.Popen[str]") -> dict[str, Any]:
    told: dict[str, Any] = json.loads(_stream(process.stdout).readline())
    return told


def _stream(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("the org was started without a pipe")
    return stream


if __name__ == "__main__":
    main()

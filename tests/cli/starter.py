"""Starts ``pacesetter`` again and again without importing everything anew, which takes seconds.

Each run is a process of its own: a fork of one that has imported the program and done nothing
else. From there on it is as if it had been started by its name.
"""

import gc
import json
import os
import pkgutil
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[2]
SECONDS = 120


class Starter:
    """The process that forks, from outside."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._folder = folder

    def run(
        self, words: Sequence[str], *, home: Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        out, errors = self._folder / "out", self._folder / "errors"
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answers is not None
        order = {"words": words, "home": str(home), "environment": dict(environment)}
        asked.write(json.dumps({**order, "out": str(out), "errors": str(errors)}) + "\n")
        asked.flush()
        ready, _, _ = select.select([answers], [], [], SECONDS)
        assert ready, f"pacesetter {' '.join(words)} takes more than {SECONDS} seconds"
        return subprocess.CompletedProcess(
            ["pacesetter", *words],
            int(answers.readline()),
            out.read_text(encoding="utf-8"),
            errors.read_text(encoding="utf-8"),
        )


@contextmanager
def starter(environment: Mapping[str, str]) -> Iterator[Starter]:
    with (
        TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, "-m", "tests.cli.starter"],
            cwd=ROOT,
            env={**environment, "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        yield Starter(process, Path(folder))
        process.terminate()


def import_all() -> None:
    for package in (import_module("bot"), import_module("integrations")):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name:
                import_module(module.name)
    # Or each child would go through all of it at its end, to find nothing to give back.
    gc.collect()
    gc.freeze()


def serve() -> None:
    """Run one order after another; only the children come back from here, to do theirs."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            become(json.loads(line))
            return
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    sys.exit(0)


def become(order: Mapping[str, Any]) -> None:
    os.chdir(order["home"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["pacesetter", *order["words"]]
    written = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(order["out"], written, 0o600), 1)
    os.dup2(os.open(order["errors"], written, 0o600), 2)


if __name__ == "__main__":
    import_all()
    serve()
    import_module("bot.__main__").main()

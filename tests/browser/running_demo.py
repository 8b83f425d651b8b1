"""`pacesetter demo` in a process of its own, once the bot has said its first words."""

import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Demo:
    page: str
    folder: Path
    process: subprocess.Popen[str]

    def somebody_nudged(self) -> str:
        """Slack id of a rep who has a nudge to read already."""
        with closing(sqlite3.connect(self.folder / "pacesetter.sqlite3")) as database:
            [found] = database.execute(
                "SELECT recipient FROM delivery WHERE kind = 'nudge' AND state = 'sent' LIMIT 1"
            ).fetchone()
        return str(found)


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    words = [sys.executable, "-m", "bot", "demo", "--port", "0", "--keep", str(folder)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own interpreter and module
        assert process.stdout is not None
        address = ""
        for line in process.stdout:
            if found := re.search(r"Open (http://127\.0\.0\.1:\d+)", line):
                address = found[1]
                break
        assert address, "the demo ended before it was ready"
        yield Demo(page=address, folder=folder, process=process)
        process.terminate()
        assert process.wait(timeout=60) in {0, -signal.SIGKILL}

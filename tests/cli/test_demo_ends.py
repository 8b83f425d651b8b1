"""However the demo is ended, it takes along whatever it has started."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
#: A shell starts what it runs in the background like this.
IN_THE_BACKGROUND = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); \
os.execv(sys.executable, [sys.executable, '-m', 'bot', *sys.argv[1:]])"
SLOWEST_SECONDS = 60


@dataclass(frozen=True)
class Demo:
    process: subprocess.Popen[str]

    def wait_for(self, words: str) -> int:
        """The port of the first line that has these words before an address."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(words + r" http://127\.0\.0\.1:(\d+)", line):
                return int(found[1])
        pytest.fail("the demo ended before it was ready")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    words = [sys.executable, "-c", IN_THE_BACKGROUND, "demo", "--port", "0"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [*words, "--keep", str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Demo(process)
        process.kill()


def children_of(parent: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.add(int(stat.parent.name))
    return found


def is_alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def require_gone(children: set[int], port: int) -> None:
    deadline = time.monotonic() + SLOWEST_SECONDS
    while any(map(is_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(is_alive, children))
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))


def test_a_demo_in_the_background_ends_at_sigterm(demo: Demo) -> None:
    port = demo.wait_for("open at")
    children = children_of(demo.process.pid)
    assert children
    demo.process.terminate()
    assert demo.process.wait(timeout=SLOWEST_SECONDS) == 0
    require_gone(children, port)


def test_ctrl_c_reaches_it_there_too_while_it_still_starts(demo: Demo) -> None:
    assert demo.process.stdout is not None
    assert "Making up" in demo.process.stdout.readline()
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(timeout=SLOWEST_SECONDS) == 0


def test_world_and_bot_end_with_a_demo_that_was_killed(demo: Demo) -> None:
    port = demo.wait_for("Open")
    children = children_of(demo.process.pid)
    assert len(children) == 2
    demo.process.kill()
    require_gone(children, port)

"""However the demo is ended, it takes along whatever it has started.

That it does so when it is killed is tried on the demo of tests/browser, which is running anyway.
"""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.process_tree import SLOWEST_SECONDS, children_of, require_gone

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
#: A shell starts what it runs in the background like this.
IN_THE_BACKGROUND = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); \
os.execv(sys.executable, [sys.executable, '-m', 'bot', *sys.argv[1:]])"


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


def world_and_bot(demo: Demo) -> set[int]:
    deadline = time.monotonic() + SLOWEST_SECONDS
    while len(children := children_of(demo.process.pid)) < 2:
        assert time.monotonic() < deadline, "the bot was not started"
        time.sleep(0.05)
    return children


def test_a_demo_in_the_background_ends_at_sigterm(demo: Demo) -> None:
    port = demo.wait_for("open at")
    children = world_and_bot(demo)
    demo.process.terminate()
    assert demo.process.wait(timeout=SLOWEST_SECONDS) == 0
    require_gone(children, port)


def test_ctrl_c_reaches_it_there_too_while_it_still_starts(demo: Demo) -> None:
    assert demo.process.stdout is not None
    assert "Making up" in demo.process.stdout.readline()
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(timeout=SLOWEST_SECONDS) == 0

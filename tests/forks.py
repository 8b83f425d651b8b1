"""Processes to be killed: each a fork of one that has imported the program, which takes seconds."""

import os
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess

FROM = get_context("forkserver")
FROM.set_forkserver_preload(
    ["tests.flows.crashing", "tests.flows.pull.pulling", "tests.jobs.process"]
)


def signalled(process: ForkServerProcess, number: int) -> None:
    assert process.pid is not None
    os.kill(process.pid, number)

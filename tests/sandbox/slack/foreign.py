"""A program in another language, talked to in lines of JSON."""

import itertools
import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from tests.node_support import node_clients, node_command
from tests.sandbox.slack.stage import Json

LONGEST_WAIT = 60


class Foreign:
    """What the program heard comes out of ``heard``; ``ask`` has it do something."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._answers: queue.Queue[Json] = queue.Queue()
        self._heard: queue.Queue[Json] = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=(process.stdout,), daemon=True)
        self._reader.start()

    def heard(self, what: str) -> Json:
        """The next thing it heard of this kind; others before it are passed over."""
        while (line := self._heard.get(timeout=LONGEST_WAIT))["heard"] != what:
            pass
        return line

    def call(self, method: str, **args: Any) -> Json:
        answer: Json = self.ask("call", method=method, args=args)
        return answer

    def ask(self, what: str, **given: Any) -> Any:
        """Raises ForeignError with what the client made of a refusal."""
        number = next(self._numbers)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "ask": what, "given": given}) + "\n")
        self._process.stdin.flush()
        line = self._answers.get(timeout=LONGEST_WAIT)
        assert line["id"] == number
        if "error" in line:
            raise ForeignError(line["error"])
        return line["answer"]

    def _read(self, lines: IO[str]) -> None:
        for line in lines:
            told = json.loads(line)
            (self._heard if "heard" in told else self._answers).put(told)


class ForeignError(Exception):
    """The client refused, or told of a refusal; ``error`` is Slack's name for why."""

    def __init__(self, told: Json) -> None:
        super().__init__(told)
        self.code: str = told["code"]
        self.error: str = told["error"]
        self.data: Any = told["data"]


@contextmanager
def node_program(name: str, *words: str) -> Iterator[Foreign]:
    folder = node_clients()
    command = [*node_command("node"), str(folder / name), *words]
    with subprocess.Popen(  # noqa: S603 -- a program of ours
        command, cwd=folder, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield Foreign(process)
        # It ends with its input, however it was started.
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=LONGEST_WAIT) == 0

"""Unmodified programs of others, run in an environment in which Salesforce is the sandbox."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from integrations.sandbox.serving import serve
from integrations.sandbox.tunnel import INSTANCE, open_tunnel
from tests.python_support import python_client

__all__ = ["INSTANCE", "Outside", "open_outside", "reached_from_outside"]
LONGEST_WAIT = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    #: What a program's environment has to say.
    environment: Mapping[str, str]

    def python(self, package: str, *words: str, stdin: str | None = None) -> str:
        """Run one of a package's programs, or its ``python``; what it printed."""
        name, *more = words
        return self.program([str(python_client(package) / name), *more], stdin=stdin)

    def program(self, words: Sequence[str], *, stdin: str | None = None) -> str:
        """Raises RuntimeError with what the program complained of."""
        done = subprocess.run(  # noqa: S603 -- tests say which
            words, input=stdin, capture_output=True, text=True, check=False,
            timeout=LONGEST_WAIT, env={**os.environ, **self.environment},
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{words[-2:]} ended with {done.returncode}: {done.stderr[-3000:]}")
        return done.stdout


@contextmanager
def open_outside(app: ASGIApp, folder: Path) -> Iterator[Outside]:
    """``app`` must tell ``INSTANCE`` as the organisation's address."""
    with serve(app, log_level="critical") as inner, reached_from_outside(inner.port, folder) as it:
        yield it


@contextmanager
def reached_from_outside(port: int, folder: Path) -> Iterator[Outside]:
    """The same for a sandbox that is running already."""
    with open_tunnel(port, folder) as environment:
        yield Outside(environment=environment)

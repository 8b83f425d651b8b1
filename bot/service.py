"""The program as it runs for months: doors open, the schedule firing, until told to stop."""

import gc
import socket
import threading
from dataclasses import dataclass
from typing import Protocol

import structlog
import uvicorn
from starlette.types import ASGIApp

from bot.domain.errors import ConfigError, Problem
from bot.jobs.engine import Engine
from bot.jobs.scheduler import Scheduler

DEFAULT_HTTP_PORT = "3000"
HIGHEST_PORT = 65535
#: How long a stop waits for what is under way.
STOP_SECONDS = 30.0

log = structlog.get_logger()


def parse_port(text: str) -> int:
    """Raises ConfigError for what is no port."""
    if text.isdecimal() and int(text) <= HIGHEST_PORT:
        return int(text)
    hint = f"write a number from 0 to {HIGHEST_PORT}; without it the port is {DEFAULT_HTTP_PORT}"
    raise ConfigError([Problem(file="PORT", message=f"'{text}' is no port", hint=hint)])


class Door(Protocol):
    """How Slack reaches us."""

    def open(self) -> None: ...

    def close(self) -> None: ...


class _Socket(Protocol):
    def connect(self) -> None: ...

    def close(self) -> None: ...


class SocketDoor:
    def __init__(self, handler: _Socket) -> None:
        self._handler = handler

    def open(self) -> None:
        self._handler.connect()

    def close(self) -> None:
        self._handler.close()


class HttpDoor:
    """Signed HTTP behind uvicorn, on all addresses: Slack calls us."""

    def __init__(self, app: ASGIApp, *, port: int) -> None:
        self._port = port
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        # asyncio turns off Nagle only where the protocol is named.
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._thread = threading.Thread(
            target=self._server.run,
            kwargs={"sockets": [self._listener]},
            name="http-door",
            daemon=True,
        )

    def open(self) -> None:
        """Raises ConfigError when the port cannot be had."""
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._listener.bind(("0.0.0.0", self._port))  # noqa: S104 - Slack is to reach it
        except OSError as error:
            message = f"{self._port} cannot be listened at: {error.strerror}"
            hint = "set PORT to a free port, and send there what comes for Slack's request URL"
            raise ConfigError([Problem(file="PORT", message=message, hint=hint)]) from error
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(STOP_SECONDS)
        self._listener.close()


#: The interpreter's own numbers are for programs of a few thousand things.
COLLECT_AFTER = (50_000, 20, 20)


def spare_the_collector() -> None:
    """What stays for months is not gone through again each time a thousand reps are looked at."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    engine: Engine
    scheduler: Scheduler
    door: Door

    def start(self) -> None:
        spare_the_collector()
        self.engine.start()
        self.door.open()
        self.scheduler.start()
        log.info("service.started")

    def stop(self) -> None:
        """Take nothing more in, finish what is under way, and close the doors."""
        self.scheduler.stop()
        self.engine.stop(STOP_SECONDS)
        self.door.close()
        log.info("service.stopped")

"""The program as it runs for months: doors open, the schedule firing, until told to stop."""

import threading
from dataclasses import dataclass
from typing import Protocol

import structlog
import uvicorn
from starlette.types import ASGIApp

from bot.jobs.engine import Engine
from bot.jobs.scheduler import Scheduler

DEFAULT_HTTP_PORT = "3000"
#: How long a stop waits for what is under way.
STOP_SECONDS = 30.0

log = structlog.get_logger()


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
        settings = uvicorn.Config(app, host="0.0.0.0", port=port, log_level="warning")  # noqa: S104 - it is to be reached from outside
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(target=self._server.run, name="http-door", daemon=True)

    def open(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(STOP_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    engine: Engine
    scheduler: Scheduler
    door: Door

    def start(self) -> None:
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

"""Serve an ASGI application on a loopback port from a thread, and stop it cleanly."""

import socket
import threading
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp

#: How long a server may take to accept connections, and to finish what is under way.
START_SECONDS = 20.0
STOP_SECONDS = 5


class RunningServer:
    """A listening server; leaving the ``with`` block (or ``stop()``) ends it.

    ``url`` is ``http://127.0.0.1:PORT``, without a trailing slash.
    """

    def __init__(self, server: uvicorn.Server, listener: socket.socket) -> None:
        self._server = server
        self._listener = listener
        self._thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name="sandbox-server", daemon=True
        )
        self.port: int = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Return once requests are served. Raises RuntimeError when the app cannot start."""
        self._thread.start()
        pause = threading.Event()
        for _ in range(int(START_SECONDS / 0.01)):
            if self._server.started:
                return
            if not self._thread.is_alive():
                break
            pause.wait(0.01)
        self.stop()
        raise RuntimeError("the sandbox server did not start; its own log lines say why")

    def stop(self) -> None:
        """Refuse new connections, finish open requests for a few seconds, then end them."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS + 1)
        if self._thread.is_alive():
            self._server.force_exit = True
            self._thread.join(STOP_SECONDS)
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def serve(app: ASGIApp, *, port: int = 0, **uvicorn_settings: Any) -> RunningServer:  # noqa: ANN401 -- passed through to uvicorn.Config as they are
    """Start ``app`` on 127.0.0.1 and return when it listens; port 0 picks a free one.

    Raises OSError when the port is taken.
    """
    listener = _bound(port)
    settings: dict[str, Any] = {
        "log_level": "warning",
        "access_log": False,
        # The other one writes all names of headers in lower case.
        "http": "h11",
        "ws": "websockets-sansio",
        "timeout_graceful_shutdown": STOP_SECONDS,
        **uvicorn_settings,
    }
    running = RunningServer(uvicorn.Server(uvicorn.Config(app, **settings)), listener)
    running.start()
    return running


def require_free(port: int) -> None:
    """Raises OSError when the port is taken: to be asked before slow work is done for a server."""
    _bound(port).close()


def _bound(port: int) -> socket.socket:
    # asyncio turns off Nagle only where the protocol is named, and then saves 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener

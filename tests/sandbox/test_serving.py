import socket
import threading

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from integrations.sandbox.serving import serve


async def _greet(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def _echo(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text((await websocket.receive_text()).upper())
    await websocket.close()


def _app() -> Starlette:
    return Starlette(routes=[Route("/", _greet), WebSocketRoute("/socket", _echo)])


def test_a_served_app_answers_at_its_url_until_it_is_stopped() -> None:
    with serve(_app()) as server:
        assert httpx.get(server.url + "/").text == "hello"
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url + "/")


def test_web_sockets_are_served_without_any_deprecation_warning() -> None:
    with (
        serve(_app()) as server,
        connect(server.url.replace("http", "ws") + "/socket") as websocket,
    ):
        websocket.send("hi")
        assert websocket.recv() == "HI"


def test_a_taken_port_is_refused() -> None:
    with serve(_app()) as server, pytest.raises(OSError, match="in use"):
        serve(_app(), port=server.port)


def test_stopping_does_not_wait_for_idle_connections() -> None:
    with serve(_app()) as server:
        idle = socket.create_connection(("127.0.0.1", server.port))
        stopper = threading.Thread(target=server.stop)
        stopper.start()
        stopper.join(10)
        idle.close()
        assert not stopper.is_alive()

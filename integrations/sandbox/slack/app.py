"""Puts the sandbox together as one ASGI application."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.api.endpoint import web_api
from integrations.sandbox.slack.connection import RAW_SEND
from integrations.sandbox.slack.credentials import Credentials
from integrations.sandbox.slack.delivery.deliveries import Deliveries
from integrations.sandbox.slack.delivery.sockets import SocketHub
from integrations.sandbox.slack.driver_routes import driver_routes
from integrations.sandbox.slack.installation import install
from integrations.sandbox.slack.limits import RateLimits
from integrations.sandbox.slack.page.routes import PageSettings, page_routes
from integrations.sandbox.slack.sandbox import Sandbox
from integrations.sandbox.slack.side_routes import side_routes
from integrations.sandbox.slack.state.workspace import Workspace
from integrations.sandbox.slack.timings import Timings

#: How often messages that were scheduled are looked for.
SCHEDULE_SECONDS = 0.5


class SlackApp(Starlette):
    """The application; ``sandbox`` drives it from outside."""

    sandbox: Sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            scope[RAW_SEND] = send
            installation = self.sandbox.installation
            if not installation.address:
                installation.workspace.address = _address(scope)
        await super().__call__(scope, receive, send)


def create_app(
    workspace: Workspace,
    credentials: Credentials,
    clock: SandboxClock,
    *,
    timings: Timings | None = None,
    limits: RateLimits | None = None,
    manifest: Mapping[str, Any] | None = None,
    request_url: str | None = None,
    http_only: bool = False,
    page: PageSettings | None = None,
) -> SlackApp:
    """A workspace ready to be served. Its driver is the application's ``sandbox``."""
    installation = install(
        workspace, credentials, clock, timings=timings, limits=limits, manifest=manifest
    )
    hub = SocketHub(installation)
    deliveries = Deliveries(installation, hub, request_url=request_url, http_only=http_only)
    sandbox = Sandbox(installation, deliveries)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        deliveries.attach(asyncio.get_running_loop())
        schedule = asyncio.create_task(_post_scheduled(workspace))
        yield
        schedule.cancel()
        await deliveries.detach()

    app = SlackApp(
        routes=[
            Route("/api/{method}", web_api(installation).reply, methods=["GET", "POST"]),
            *side_routes(installation),
            WebSocketRoute("/link/", hub.serve),
            *driver_routes(sandbox),
            *page_routes(sandbox, page or PageSettings()),
        ],
        lifespan=lifespan,
    )
    app.sandbox = sandbox
    return app


def _address(scope: Scope) -> str:
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"").decode("latin-1")
    secure = scope["scheme"] in {"https", "wss"}
    return f"{'https' if secure else 'http'}://{host}"


async def _post_scheduled(workspace: Workspace) -> None:
    while True:
        workspace.post_due()
        await asyncio.sleep(SCHEDULE_SECONDS)

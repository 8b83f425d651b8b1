"""Put the simulated Salesforce together, with its control panel outside ``/services``."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.salesforce.bulk_jobs import BulkJobs
from integrations.sandbox.salesforce.cursors import Cursors
from integrations.sandbox.salesforce.faults import Fault, Faults
from integrations.sandbox.salesforce.gateway import Gateway
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.organisation import organization_id
from integrations.sandbox.salesforce.request_log import RequestLog
from integrations.sandbox.salesforce.resources import NEWEST, OLDEST
from integrations.sandbox.salesforce.sessions import SESSION_TIME, Credentials, Sessions
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.salesforce.streaming import refuse
from integrations.sandbox.salesforce.usage import DAILY_CALLS, Usage

PAGE_SIZE = 2_000
_Endpoint = Callable[[Request], Awaitable[Response]]


def create_app(
    store: Store,
    clock: SandboxClock,
    *,
    faults: Faults | None = None,
    credentials: Credentials | None = None,
    page_size: int = PAGE_SIZE,
    daily_calls: int = DAILY_CALLS,
    session_time: timedelta = SESSION_TIME,
    instance_url: str | None = None,
    log: RequestLog | None = None,
) -> Starlette:
    """An ASGI application that answers like Salesforce from what ``store`` holds.

    ``page_size`` is what queries return at a time unless a client asks for 200 to 2,000.
    ``instance_url`` is what logins give as the organisation's address; by default the server's own.
    """
    instance = _instance(
        store,
        clock,
        credentials=credentials or Credentials(),
        usage=Usage(daily_calls=daily_calls),
        faults=faults if faults is not None else Faults(),
        log=log if log is not None else RequestLog(),
        session_time=session_time,
        instance_url=instance_url,
        page_size=page_size,
    )
    gateway = Gateway(instance)
    return Starlette(
        routes=[
            Route("/", _front_page(instance)),
            Route("/sandbox/health", _health(instance)),
            Route("/sandbox/log", _log(instance), methods=["GET", "DELETE"]),
            Route("/sandbox/faults", _faults(instance), methods=["GET", "POST", "DELETE"]),
            Route("/cometd/{version:path}", refuse, methods=["POST"]),
            Mount("/services", _whole(gateway)),
            Mount("/id", _whole(gateway)),
        ]
    )


def _instance(
    store: Store,
    clock: SandboxClock,
    *,
    credentials: Credentials,
    usage: Usage,
    faults: Faults,
    log: RequestLog,
    session_time: timedelta,
    instance_url: str | None,
    page_size: int,
) -> Instance:
    row = store.database.rows("SELECT Id FROM Organization LIMIT 1")
    organization = str(row[0][0]) if row else organization_id()
    return Instance(
        store=store,
        credentials=credentials,
        sessions=Sessions(organization_id=organization[:15], lasts=session_time),
        usage=usage,
        faults=faults,
        cursors=Cursors(store.database),
        jobs=BulkJobs(store.database),
        log=log,
        instance_url=instance_url,
        page_size=page_size,
        organization_id=organization,
        started_at=clock.now(),
    )


def _whole(gateway: Gateway) -> ASGIApp:
    """The gateway reads whole paths; undo what mounting takes off them."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await gateway({**scope, "root_path": ""}, receive, send)

    return app


def _front_page(instance: Instance) -> _Endpoint:
    async def front_page(_request: Request) -> Response:
        return JSONResponse(
            {
                "what": "A simulated Salesforce. Nothing here is real, and nothing here is secret.",
                "api_versions": f"{OLDEST}.0 to {NEWEST}.0",
                "now": instance.store.clock.now().isoformat(),
                "see": ["/sandbox/health", "/sandbox/log", "/sandbox/faults", "/services/data"],
            }
        )

    return front_page


def _health(instance: Instance) -> _Endpoint:
    async def health(_request: Request) -> Response:
        now = instance.store.advance()
        counts = {
            name: instance.store.count(sobject)
            for name, sobject in instance.store.schema.objects.items()
        }
        return JSONResponse({"ok": True, "now": now.isoformat(), "records": counts})

    return health


def _log(instance: Instance) -> _Endpoint:
    async def log(request: Request) -> Response:
        if request.method == "DELETE":
            instance.log.clear()
        return JSONResponse(instance.log.listing())

    return log


def _faults(instance: Instance) -> _Endpoint:
    async def faults(request: Request) -> Response:
        """GET lists, POST switches one on, DELETE switches off ?number=N or all."""
        if request.method == "POST":
            try:
                number = instance.faults.add(Fault.from_json(await request.json()))
            except (ValueError, TypeError) as error:
                return JSONResponse({"error": str(error)}, status_code=400)
            return JSONResponse({"number": number}, status_code=201)
        if request.method == "DELETE":
            number_text = request.query_params.get("number", "")
            instance.faults.clear(int(number_text) if number_text.isdigit() else None)
        return JSONResponse(instance.faults.listing())

    return faults

"""The door: reads a request, plays the faults that are switched on, checks the session, replies."""

import gzip
import logging
import threading
import zlib
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl

import anyio
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from integrations.sandbox.salesforce.errors import ApiError, json_error
from integrations.sandbox.salesforce.faults import Fault, FaultKind
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.routes import dispatch, is_soap, needs_session, refusal
from integrations.sandbox.salesforce.soap import SPENT, operation_in
from integrations.sandbox.salesforce.wire import Call, Reply

#: Longest address and headers that Salesforce reads.
LONGEST_HEAD = 16_384
SMALLEST_COMPRESSED = 1_000
UNAVAILABLE_PAGE = (
    "<html><head><title>Service Unavailable</title></head><body><h1>503 Service Unavailable</h1>"
    "<p>The server is temporarily unable to service your request.</p></body></html>"
)


class Gateway:
    """The ASGI application below ``/services`` and ``/id``."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        # Requests arrive on many threads; the organisation is one.
        self._turn = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        struck = self._instance.faults.strike(request.url.path)
        await anyio.sleep(sum(f.seconds for f in struck if f.kind is FaultKind.LATENCY))
        try:
            call = await _call(request)
        except ApiError as error:
            reply, drop = Reply.refusal(error), False
            call = Call(method=request.method, path=request.url.path)
        else:
            reply = await anyio.to_thread.run_sync(self._safe_answer, call, struck)
            drop = any(fault.kind is FaultKind.DROP_CONNECTION for fault in struck)
            if drop:
                reply = replace(reply, verdict=f"fault:{FaultKind.DROP_CONNECTION}")
        self._instance.log.add(
            at=self._instance.store.clock.now(),
            method=call.method,
            path=call.path,
            query=call.query,
            status=reply.status,
            verdict=reply.verdict,
        )
        await _send(call, reply, send, drop=drop)

    def _safe_answer(self, call: Call, struck: list[Fault]) -> Reply:
        """A mistake of the sandbox's own looks to the client like one of Salesforce's."""
        try:
            return self._answer(call, struck)
        except Exception:
            logging.getLogger(__name__).exception("could not answer %s %s", call.method, call.path)
            message = "An unexpected error occurred. The sandbox's own log tells more."
            return Reply.refusal(ApiError(500, "UNKNOWN_EXCEPTION", message))

    def _answer(self, call: Call, struck: list[Fault]) -> Reply:
        with self._turn:
            now = self._instance.store.advance()
            self._end_things(struck, now)
            if not needs_session(call.path):
                return _played(call, struck) or self._open_answer(call, now)
            reply = self._rest_answer(call, struck, now)
            usage = {"Sforce-Limit-Info": self._instance.usage.header(now)}
            return replace(reply, headers={**usage, **reply.headers})

    def _open_answer(self, call: Call, now: datetime) -> Reply:
        """Logins and the like take the session as they find it, if there is one."""
        authorization = call.headers.get("authorization")
        if not authorization and "oauth_token" in call.query:
            authorization = f"Bearer {call.query['oauth_token']}"
        if authorization and not authorization.lower().startswith("basic"):
            try:
                session = self._instance.sessions.resume(authorization, now=now)
            except ApiError:
                session = None
            call = replace(call, session=session)
        return dispatch(self._instance, call, now)

    def _end_things(self, struck: list[Fault], now: datetime) -> None:
        """Sessions, locators and jobs end for whoever asks next, and in whatever protocol."""
        instance = self._instance
        kinds = {fault.kind for fault in struck}
        if FaultKind.EXPIRE_SESSIONS in kinds:
            instance.sessions.end_all()
        if FaultKind.EXPIRE_LOCATORS in kinds:
            instance.cursors.clear()
        if FaultKind.FAIL_JOBS in kinds:
            instance.jobs.fail(now=now)
            instance.async_jobs.fail(now=now)
        if FaultKind.FORGET_JOBS in kinds:
            instance.jobs.clear()
            instance.async_jobs.clear(instance.store.database)

    def _rest_answer(self, call: Call, struck: list[Fault], now: datetime) -> Reply:
        instance = self._instance
        fault = _played(call, struck)
        if fault is not None:
            return fault
        try:
            session = instance.sessions.resume(_authorization(call), now=now)
        except ApiError as error:
            return refusal(call, error)
        if _is_spent(struck) or not instance.usage.count(now):
            return refusal(call, ApiError(403, "REQUEST_LIMIT_EXCEEDED", SPENT))
        return dispatch(instance, replace(call, session=session), now)


def _authorization(call: Call) -> str | None:
    """Bulk API 1.0 has a header of its own for the session."""
    own = call.headers.get("x-sfdc-session")
    return f"Bearer {own}" if own else call.headers.get("authorization")


def _played(call: Call, struck: list[Fault]) -> Reply | None:
    """What a fault answers in the place of Salesforce."""
    kinds = {fault.kind for fault in struck}
    if FaultKind.UNAVAILABLE in kinds:
        verdict = f"fault:{FaultKind.UNAVAILABLE}"
        return Reply.html(503, UNAVAILABLE_PAGE, verdict=verdict)
    if FaultKind.CONCURRENT_LIMIT in kinds:
        message = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
        return refusal(call, ApiError(403, "REQUEST_LIMIT_EXCEEDED", message))
    if FaultKind.QUERY_TIMEOUT in kinds and _is_query(call):
        message = "Your query request was running for too long."
        return refusal(call, ApiError(400, "QUERY_TIMEOUT", message))
    if _is_spent(struck) and is_soap(call.path) and operation_in(call) != "login":
        return refusal(call, ApiError(403, "REQUEST_LIMIT_EXCEEDED", SPENT))
    return None


def _is_spent(struck: list[Fault]) -> bool:
    return any(fault.kind is FaultKind.REQUEST_LIMIT for fault in struck)


def _is_query(call: Call) -> bool:
    return "/query" in call.path or (is_soap(call.path) and operation_in(call).startswith("query"))


async def _call(request: Request) -> Call:
    """Raises ApiError for a head that is too long or a body that cannot be unpacked."""
    raw = request.scope["raw_path"] + b"?" + request.scope["query_string"]
    head = len(raw) + sum(len(name) + len(value) for name, value in request.headers.raw)
    if head > LONGEST_HEAD:
        raise ApiError(414 if len(raw) > LONGEST_HEAD else 431, "URI_TOO_LONG", "URI Too Long")
    body = await request.body()
    encoding = request.headers.get("content-encoding", "").lower()
    if encoding in {"gzip", "deflate"}:
        try:
            body = gzip.decompress(body) if encoding == "gzip" else zlib.decompress(body)
        except (OSError, EOFError, zlib.error):
            raise json_error(f"The body is not valid {encoding}") from None
    query = dict(parse_qsl(request.url.query, keep_blank_values=True))
    # For clients behind firewalls that let only GET and POST through.
    method = query.pop("_HttpMethod", request.method) if request.method == "POST" else ""
    host, port = request.scope["server"]
    return Call(
        method=(method or request.method).upper(),
        path=request.url.path,
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        server_url=f"http://{host}:{port}",
    )


async def _send(call: Call, reply: Reply, send: Send, *, drop: bool) -> None:
    content = b"" if reply.status in {204, 304} else reply.encoded()
    headers = {"Content-Type": reply.media_type, **reply.headers}
    accepts = call.headers.get("accept-encoding", "").lower()
    if len(content) >= SMALLEST_COMPRESSED and "gzip" in accepts:
        content = gzip.compress(content, compresslevel=1)
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    if reply.status not in {204, 304}:
        headers["Content-Length"] = str(len(content))
    else:
        del headers["Content-Type"]
    # As Salesforce writes them: at least one extractor looks for them with regard to case.
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    if drop and content:
        # More is announced than comes: the server ends the connection when this returns.
        half = content[: len(content) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        return
    body = b"" if call.method == "HEAD" else content
    await send({"type": "http.response.body", "body": body})

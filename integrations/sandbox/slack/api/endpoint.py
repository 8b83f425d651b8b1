"""``/api/{method}``: reads the call, weighs it against token, scopes and limits, answers."""

import asyncio
import json
import time
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from integrations.sandbox.slack.api.call import ApiError, Call
from integrations.sandbox.slack.api.catalog import all_methods
from integrations.sandbox.slack.api.table import Answer, MethodEntry, method_table
from integrations.sandbox.slack.connection import hang_up, reset
from integrations.sandbox.slack.faults import FaultKind
from integrations.sandbox.slack.installation import Installation
from integrations.sandbox.slack.state.values import Json

LONGEST_LOGGED = 300
SECRETS = frozenset({"client_secret", "code", "refresh_token", "token"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WebApi:
    installation: Installation
    methods: Mapping[str, Answer]
    table: Mapping[str, MethodEntry]

    async def reply(self, request: Request) -> Response:
        method = request.path_params["method"]
        faults = self.installation.faults
        if faults.take(FaultKind.RESET, method) is not None:
            self._log(method, "connection reset", {}, 0.0, is_fine=False)
            reset(request.scope)
            return Response(status_code=503)
        started = time.perf_counter()
        arguments, problem = await read_arguments(request)
        arguments |= client_of(request)
        token = _token(request, arguments)
        response = (
            self._ordered_trouble(method) or problem or self._refusal(method, token, arguments)
        )
        if response is None:
            response = await run_in_threadpool(self._carry_out, method, arguments)
        if slow := faults.take(FaultKind.SLOW, method):
            await asyncio.sleep(slow.seconds)
        verdict = _verdict(response)
        took = time.perf_counter() - started
        if faults.take(FaultKind.LOST_REPLY, method) is not None:
            self._log(method, f"{verdict}, reply lost", arguments, took, is_fine=False)
            hang_up(request.scope)
        else:
            self._log(method, verdict, arguments, took, is_fine=verdict == "ok")
        response.headers["x-oauth-scopes"] = ",".join(sorted(self.installation.credentials.scopes))
        return response

    def _ordered_trouble(self, method: str) -> Response | None:
        if fault := self.installation.faults.take(FaultKind.RATE_LIMITED, method):
            return _rate_limited(max(1, round(fault.seconds)))
        if outage := self.installation.faults.take(FaultKind.UNAVAILABLE, method):
            return Response("upstream connect error", status_code=outage.status)
        return None

    def _refusal(self, method: str, token: str, arguments: Json) -> Response | None:
        entry = self.table.get(method)
        if entry is None or method not in self.methods:
            return _failed("unknown_method", {"req_method": method})
        if error := self._token_error(entry, token):
            return _failed(error)
        provided = self.installation.credentials.scopes
        if entry.scopes and not provided & set(entry.scopes):
            needed = {"needed": ",".join(entry.scopes), "provided": ",".join(sorted(provided))}
            return _failed("missing_scope", needed)
        channel = str(arguments.get("channel", ""))
        if wait := self.installation.limits.wait_for(method, entry.tier, channel=channel):
            return _rate_limited(wait)
        missing = [name for name in entry.required if _is_empty(arguments.get(name))]
        if missing:
            lines = [f"[ERROR] missing required field: {name}" for name in missing]
            return _failed("invalid_arguments", {"response_metadata": {"messages": lines}})
        return None

    def _token_error(self, entry: MethodEntry, token: str) -> str | None:
        if entry.token == "none":  # noqa: S105 -- the kind of token, not a token
            return None
        if not token:
            return "not_authed"
        credentials = self.installation.credentials
        kinds = {
            credentials.bot_token: "bot",
            credentials.app_token: "app",
            credentials.config_token: "config",
        }
        kind = kinds.get(token)
        if kind is None:
            return "invalid_auth"
        if self.installation.is_uninstalled:
            return "account_inactive"
        if self.installation.is_revoked and kind == "bot":
            return "token_revoked"
        return None if kind == entry.token else "not_allowed_token_type"

    def _carry_out(self, method: str, arguments: Json) -> Response:
        call = Call(method=method, arguments=arguments, installation=self.installation)
        try:
            return JSONResponse({"ok": True, **self.methods[method](call)})
        except ApiError as error:
            if not self.table[method].documents(error.error) and method != "api.test":
                raise RuntimeError(f"{method} does not document {error.error}") from error
            return _failed(error.error, error.extra)

    def _log(
        self, method: str, verdict: str, arguments: Json, took: float, *, is_fine: bool
    ) -> None:
        detail: Json = {
            key: _short(value) for key, value in arguments.items() if key not in SECRETS
        }
        detail["milliseconds"] = round(took * 1000)
        self.installation.log.write("call", method, verdict, is_fine=is_fine, detail=detail)
        self.installation.workspace.changes.touch()


def web_api(installation: Installation) -> WebApi:
    return WebApi(installation=installation, methods=all_methods(), table=method_table())


async def read_arguments(request: Request) -> tuple[Json, Response | None]:
    """Arguments from the query, a form or a JSON body; a reply instead when the body is broken."""
    arguments: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "POST":
        return arguments, None
    if kind == "application/json":
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            return arguments, _failed("invalid_json")
        if not isinstance(body, dict):
            return arguments, _failed("json_not_object")
        return {**arguments, **body}, None
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form() as form:
            fields = {key: each for key, each in form.items() if not isinstance(each, UploadFile)}
        return {**arguments, **fields}, None
    return arguments, None


def _token(request: Request, arguments: Json) -> str:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    return bearer.strip() if scheme.lower() == "bearer" else str(arguments.get("token", ""))


def client_of(request: Request) -> Json:
    """The client id and secret of HTTP Basic, which OAuth asks for in place of arguments."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, secret = b64decode(encoded).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client_id, "client_secret": secret}


def _is_empty(value: object) -> bool:
    return value is None or value == ""


def _failed(error: str, extra: Json | None = None) -> JSONResponse:
    return JSONResponse({"ok": False, "error": error, **(extra or {})})


def _rate_limited(seconds: int) -> JSONResponse:
    return JSONResponse(
        {"ok": False, "error": "ratelimited"},
        status_code=429,
        headers={"Retry-After": str(seconds)},
    )


def _verdict(response: Response) -> str:
    if not isinstance(response, JSONResponse):
        return f"HTTP {response.status_code}"
    body = json.loads(bytes(response.body))
    return "ok" if body["ok"] else str(body["error"])


def _short(value: object) -> str:
    words = value if isinstance(value, str) else json.dumps(value, default=str)
    return words if len(words) <= LONGEST_LOGGED else words[: LONGEST_LOGGED - 1] + "…"

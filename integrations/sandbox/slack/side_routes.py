"""The addresses beside the Web API that an app is handed: to answer at, and to upload to."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from integrations.sandbox.slack.answers import AnswerRefused, show_answer
from integrations.sandbox.slack.api.endpoint import read_arguments
from integrations.sandbox.slack.installation import Installation
from integrations.sandbox.slack.state.values import Json

Endpoint = Callable[[Request], Awaitable[Response]]


def side_routes(installation: Installation) -> list[Route]:
    return [
        Route("/response/{token}", _response_endpoint(installation), methods=["POST"]),
        Route("/upload/v1/{ticket}", _upload_endpoint(installation), methods=["POST", "PUT"]),
    ]


def _response_endpoint(installation: Installation) -> Endpoint:
    async def respond(request: Request) -> Response:
        used = installation.response_urls.use(request.path_params["token"])
        if isinstance(used, str):
            _note_answer(installation, used, is_fine=False)
            return JSONResponse({"ok": False, "error": used}, status_code=404)
        answer, problem = await read_arguments(request)
        if problem is not None:
            return problem
        try:
            show_answer(installation, used, answer)
        except AnswerRefused as refusal:
            _note_answer(installation, refusal.error, is_fine=False, lines=refusal.lines)
            body: Json = {"ok": False, "error": refusal.error}
            if refusal.lines:
                body["response_metadata"] = {"messages": refusal.lines}
            return JSONResponse(body, status_code=400)
        _note_answer(installation, "ok", is_fine=True)
        return PlainTextResponse("ok")

    return respond


def _note_answer(
    installation: Installation, verdict: str, *, is_fine: bool, lines: list[str] | None = None
) -> None:
    detail: Json = {"messages": lines} if lines else {}
    installation.log.write("call", "response_url", verdict, is_fine=is_fine, detail=detail)
    installation.workspace.changes.touch()


def _upload_endpoint(installation: Installation) -> Endpoint:
    async def upload(request: Request) -> Response:
        kind = request.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            async with request.form() as form:
                parts = [part for part in form.values() if not isinstance(part, str)]
                content = await parts[0].read() if parts else b""
        else:
            content = await request.body()
        with installation.workspace.lock:
            file = installation.workspace.files.receive(request.path_params["ticket"], content)
        if file is None:
            return PlainTextResponse("upload refused", status_code=400)
        return PlainTextResponse(f"OK - {file.length}")

    return upload

"""The addresses beside the Web API that an app is handed: to answer at, and to upload to."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from integrations.sandbox.slack.answers import AnswerRefused, show_answer
from integrations.sandbox.slack.api.endpoint import read_arguments
from integrations.sandbox.slack.installation import Installation
from integrations.sandbox.slack.state.files import PICTURES
from integrations.sandbox.slack.state.values import Json

Endpoint = Callable[[Request], Awaitable[Response]]


def side_routes(installation: Installation) -> list[Route]:
    return [
        Route("/response/{token}", _response_endpoint(installation), methods=["POST"]),
        Route("/upload/v1/{ticket}", _upload_endpoint(installation), methods=["POST", "PUT"]),
        Route("/files-pri/{id}/{name:path}", _file_endpoint(installation)),
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


def _file_endpoint(installation: Installation) -> Endpoint:
    async def file(request: Request) -> Response:
        bearer = f"Bearer {installation.credentials.bot_token}"
        is_known = request.headers.get("authorization") == bearer
        file_id = request.path_params["id"].rpartition("-")[2]
        found = installation.workspace.files.find(file_id)
        may_read = is_known and "files:read" in installation.credentials.scopes
        if not may_read or installation.is_uninstalled or installation.is_revoked:
            # Slack shows its page to sign in, which many an app has saved as a picture.
            return HTMLResponse("<!doctype html><title>Sign in</title>", status_code=200)
        if found is None or found.content is None:
            return PlainTextResponse("no such file", status_code=404)
        kind = PICTURES.get(found.extension, "application/octet-stream")
        return Response(found.content, media_type=kind)

    return file

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from integrations.sandbox.slack.acts import all_values
from integrations.sandbox.slack.connection import is_server_stopping
from integrations.sandbox.slack.page.environment import page_environment
from integrations.sandbox.slack.page.scene import Whereabouts, scene_at
from integrations.sandbox.slack.page.sidebar import is_with_app
from integrations.sandbox.slack.page.troubles import TROUBLES
from integrations.sandbox.slack.sandbox import Sandbox
from integrations.sandbox.slack.state.files import PICTURES
from integrations.sandbox.slack.state.values import Json, View

STATIC = {
    "blocks.css": "text/css",
    "icon.svg": "image/svg+xml",
    "morph.js": "text/javascript",
    "page.css": "text/css",
    "page.js": "text/javascript",
    "tools.js": "text/javascript",
}
TABS = frozenset({"home", "messages", "log"})
POLICY = (
    "default-src 'self'; img-src 'self' http: https: data:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
GUARDS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
NOWHERE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Not here</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/page/static/page.css"><body class="nowhere"><main>
<h1>There is no such person or place.</h1><p><a href="/">Back to the workspace</a></p></main>"""
LOOK_SECONDS = 0.1
KEEP_ALIVE_LOOKS = 150
START_OF_WORK = time(8)
DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSettings:
    """What whoever starts the server wants people to read first and to be at first."""

    intro: str = ""
    #: Whose eyes the page opens with; the first person when not given.
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    sandbox: Sandbox
    settings: PageSettings

    async def show(self, request: Request) -> Response:
        html = await run_in_threadpool(self._drawn, dict(request.query_params))
        if html is None:
            return HTMLResponse(NOWHERE, status_code=404, headers=GUARDS)
        return HTMLResponse(html, headers=GUARDS)

    async def updates(self, request: Request) -> Response:
        """Server-sent events: the workspace's version each time it changes."""
        changes = self.sandbox.workspace.changes

        async def versions() -> AsyncIterator[str]:
            seen, looks = -1, 0
            while not is_server_stopping(request.scope):
                if changes.version != seen:
                    seen = changes.version
                    yield f"data: {seen}\n\n"
                looks += 1
                if looks % KEEP_ALIVE_LOOKS == 0:
                    yield ": still here\n\n"
                await asyncio.sleep(LOOK_SECONDS)

        return StreamingResponse(
            versions(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def file(self, request: Request) -> Response:
        found = self.sandbox.workspace.files.find(request.path_params["file"])
        if found is None or found.content is None or not found.is_complete:
            return PlainTextResponse("no such file", status_code=404)
        kind = PICTURES.get(found.extension)
        headers = {"X-Content-Type-Options": "nosniff"}
        if kind is None:
            # Whatever it is, the browser keeps it and does not run it.
            kind = "application/octet-stream"
            headers["Content-Disposition"] = "attachment"
        return Response(found.content, media_type=kind, headers=headers)

    def _drawn(self, asked: dict[str, str]) -> str | None:
        try:
            where = self._whereabouts(asked)
            scene = scene_at(self.sandbox, where)
        except LookupError:
            return None
        title = scene.app.name
        if where.tab == "channel":
            title = scene.heading
        page = page_environment().get_template("page.html")
        return page.render(
            scene=scene,
            title=title,
            intro=self.settings.intro,
            next_monday=next_monday(
                self.sandbox.installation.clock.now(), scene.eyes.zone
            ).isoformat(),
            on_offer=TROUBLES,
            home_values=_values(scene.home),
            modal_values=_values(scene.modal),
        )

    def _whereabouts(self, asked: dict[str, str]) -> Whereabouts:
        """Raises LookupError for people and places that do not exist or may not be seen."""
        workspace = self.sandbox.workspace
        default = self.settings.person or next(iter(workspace.people))
        person = workspace.person(asked.get("as") or default).id
        thread = asked.get("thread", "")
        if "with" in asked:
            friend = workspace.person(asked["with"]).id
            if friend != person:
                channel = workspace.private_chat([person, friend]).id
                return Whereabouts(person=person, tab="channel", channel=channel, thread=thread)
        if "in" not in asked:
            tab = asked.get("tab", "messages")
            return Whereabouts(person=person, tab=tab if tab in TABS else "messages", thread=thread)
        conversation = workspace.conversation(asked["in"])
        if conversation.is_private and person not in conversation.members:
            if not conversation.is_direct:
                raise LookupError(conversation.id)
            return Whereabouts(person=person, tab="messages")
        if is_with_app(conversation, workspace.bot.user_id):
            return Whereabouts(person=person, tab="messages", thread=thread)
        return Whereabouts(person=person, tab="channel", channel=conversation.id, thread=thread)


def page_routes(sandbox: Sandbox, settings: PageSettings) -> list[BaseRoute]:
    page = Page(sandbox=sandbox, settings=settings)
    return [
        Route("/", page.show),
        Route("/page/updates", page.updates),
        Route("/page/files/{file}", page.file),
        Route("/page/static/{name}", static),
    ]


async def static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        return PlainTextResponse("no such file", status_code=404)
    content = files(__package__ or "").joinpath("static", name).read_bytes()
    return Response(content, media_type=STATIC[name], headers={"Cache-Control": "no-cache"})


def next_monday(now: datetime, zone: ZoneInfo) -> datetime:
    """The coming Monday, 08:00 in the zone; never now itself."""
    there = now.astimezone(zone)
    monday = there.date() + timedelta(days=(DAYS_OF_A_WEEK - there.weekday()) % DAYS_OF_A_WEEK)
    coming = datetime.combine(monday, START_OF_WORK, tzinfo=zone)
    if coming <= now:
        following = monday + timedelta(days=DAYS_OF_A_WEEK)
        coming = datetime.combine(following, START_OF_WORK, tzinfo=zone)
    return coming


def _values(view: View | None) -> dict[str, dict[str, Json]]:
    return all_values(view.content["blocks"], view.chosen) if view else {}

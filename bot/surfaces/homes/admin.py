"""What an admin should see at a glance: is it fed, does anything hang, who changed what."""

from bot.domain.ids import SlackUserId
from bot.domain.message import View
from bot.queries import admin
from bot.runtime import Runtime
from bot.surfaces.home import Home


def view(visitor: SlackUserId, runtime: Runtime) -> View:
    found = admin.ask(runtime, asker=visitor)
    shown = {"admin": found, "part": "overview", "note": ""}
    reader = {"locale": found.locale, "zone": found.zone}
    return runtime.renderer.render_view("home/admin.j2", {**shown, **reader})


HOME = Home(rank=0, suits=lambda visitor: visitor.is_admin, view=view, is_below=True)

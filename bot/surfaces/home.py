"""The Home tab: who looks decides what stands there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from slack_bolt import App

from bot.domain.errors import Refusal
from bot.domain.ids import SlackUserId
from bot.domain.message import View
from bot.ports import Messenger
from bot.queries.permissions import Visitor, require_visitor
from bot.queries.reader import reader_of
from bot.render.block_kit import check
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.surfaces import homes
from bot.surfaces.discovery import modules_in
from bot.surfaces.once import is_first_time
from bot.surfaces.slack_calls import Body, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    #: Among the homes that suit a visitor, the one with the highest rank is shown.
    rank: int
    suits: Callable[[Visitor], bool]
    view: Callable[[SlackUserId, Runtime], View]
    #: Stands below whatever else is shown.
    is_below: bool = False


def load_homes() -> Sequence[Home]:
    """Every home in the folder ``homes``, the one to prefer first."""
    found = [module.HOME for module in modules_in(homes)]
    return sorted(found, key=lambda home: -home.rank)


def register(
    app: App, shown: Sequence[Home], runtime: Runtime, messenger: Messenger, turn: Turn
) -> None:
    def listen(body: Body) -> None:
        event = body["event"]
        if event.get("tab") != "home":
            return
        visitor = SlackUserId(str(event["user"]))
        with turn:
            if not is_first_time(runtime, "event", body, mark="event_id"):
                return
            page = home_for(visitor, shown, runtime)
        messenger.publish_home(visitor, page)

    app.event("app_home_opened")(listen)


def home_for(visitor: SlackUserId, shown: Sequence[Home], runtime: Runtime) -> View:
    """Whom we do not know is told how to be known."""
    try:
        with reading(runtime.database) as session:
            seen = require_visitor(session, visitor, runtime.organisation)
        suitable = [home for home in shown if home.suits(seen)]
        main = [home for home in suitable if not home.is_below][:1]
        below = [home for home in suitable if home.is_below]
        return _joined([home.view(visitor, runtime) for home in (*main, *below)])
    except Refusal as refusal:
        words = {"message": refusal.message, "hint": refusal.hint, **reader_of(runtime, visitor)}
        return runtime.renderer.render_view("home/stranger.j2", words)


def _joined(pages: Sequence[View]) -> View:
    """One page of several, each checked by itself and together."""
    blocks = [block for page in pages for block in cast("list[object]", page.payload["blocks"])]
    page = View(payload={**pages[0].payload, "blocks": blocks})
    check(page)
    return page

"""What people write to the bot: it answers with what it can do."""

from collections.abc import Callable, Mapping

from slack_bolt import App

from bot.domain.ids import SlackUserId
from bot.runtime import Runtime
from bot.surfaces.command import Command, explain
from bot.surfaces.once import is_first_time
from bot.surfaces.slack_calls import Body


def register(app: App, commands: Mapping[str, Command], runtime: Runtime) -> None:
    """Every message event is listened to: one that nobody listens to counts as a failure."""

    def listen(body: Body, say: Callable[..., object]) -> None:
        event = body["event"]
        is_from_a_person = event.get("user") and not (event.get("subtype") or event.get("bot_id"))
        if not is_from_a_person or event.get("channel_type") != "im":
            return
        if is_first_time(runtime, "event", body, mark="event_id"):
            message = explain(list(commands.values()), runtime, asker=SlackUserId(event["user"]))
            say(text=message.text, blocks=[dict(block) for block in message.blocks])

    app.event("message")(listen)

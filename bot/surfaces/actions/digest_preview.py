"""Whether the digest that a manager was shown first goes to the channel."""

from functools import partial

from bot.domain.ids import DeliveryId
from bot.flows.preview_digest import settle_preview
from bot.runtime import Runtime
from bot.surfaces.action import Action, Effect, Press, Replace
from bot.surfaces.nudge_slip import nudge_in


def _settle(press: Press, runtime: Runtime, *, goes: bool) -> Effect:
    held = DeliveryId(int(nudge_in(press.value)))
    return Replace(settle_preview(runtime, held=held, by=press.presser, goes=goes))


ACTIONS = (
    Action(key="digest.post", answer=partial(_settle, goes=True)),
    Action(key="digest.drop", answer=partial(_settle, goes=False)),
)

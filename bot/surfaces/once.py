"""Slack delivers some things more than once, and a signed body can be replayed for minutes."""

from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.inbox import receive


def is_first_time(runtime: Runtime, kind: str, key: object) -> bool:
    """False when this very thing was dealt with before; what bears no key is always new."""
    if not key:
        return True
    with transaction(runtime.database) as session:
        return receive(session, f"{kind}:{key}"[:255], now=runtime.clock.now())

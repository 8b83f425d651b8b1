"""Slack delivers some things twice, and whoever sees a signed body may send it again."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.inbox import receive


def is_first_time(runtime: Runtime, kind: str, body: Mapping[str, Any], *, mark: str) -> bool:
    """False when this very thing was dealt with before; a body without its ``mark`` is always new.

    What is delivered again is the same throughout, so that nothing is lost where a proxy or another
    server than Slack's gives the same mark to two things.
    """
    if not body.get(mark):
        return True
    whole = json.dumps(body, sort_keys=True, default=str).encode()
    key = f"{kind}:{hashlib.sha256(whole).hexdigest()}"
    with transaction(runtime.database) as session:
        return receive(session, key, now=runtime.clock.now())

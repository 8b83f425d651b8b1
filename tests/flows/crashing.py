"""A delivery to be run in a process of its own, which kills itself on the way."""

import os
import signal
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from bot.domain.message import Receipt
from bot.flows.deliver import deliver
from bot.runtime import Runtime
from bot.storage.database import open_database
from integrations.sandbox.clock import SandboxClock
from integrations.slack.bolt_app import build_client
from integrations.slack.credentials import SlackCredentials
from integrations.slack.messenger import SlackMessenger


def run(database: str, api: str, now: datetime, moment: str) -> None:
    class Dying(SlackMessenger):
        def send(self, *args: Any, **kwargs: Any) -> Receipt:
            if moment == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            receipt = super().send(*args, **kwargs)
            if moment == "after" or (moment == "thread" and kwargs["part"] == 1):
                os.kill(os.getpid(), signal.SIGKILL)
            return receipt

    credentials = SlackCredentials(bot_token="xoxb-sandbox-bot-token", api_url=api)
    clock = SandboxClock(starts_at=now, frozen=True)
    runtime = SimpleNamespace(clock=clock, database=open_database(database))
    client = build_client(credentials)
    deliver(cast("Runtime", runtime), Dying(client, draw=lambda _svg, **_how: b""))

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from integrations.sandbox.slack.faults import FaultKind, Faults


@dataclass(slots=True, kw_only=True)
class Trigger:
    person: str
    #: On the monotonic clock: a trigger lives in real time, however the sandbox clock is wound.
    expires_at: float
    #: The view the person was looking at, under which ``views.push`` puts another.
    view_id: str | None
    is_used: bool = False


class TriggerRefused(Exception):
    """The trigger opens nothing; ``error`` is Slack's name for why."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class Triggers:
    """Short-lived leave to open a modal, given with every payload that a person caused."""

    def __init__(
        self, seconds: float, faults: Faults, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._faults = faults
        self._monotonic = monotonic
        self._by_id: dict[str, Trigger] = {}
        self._lock = threading.Lock()

    def mint(self, person: str, *, view_id: str | None = None) -> str:
        is_stale = self._faults.take(FaultKind.EXPIRED_TRIGGER) is not None
        expires_at = self._monotonic() + (0 if is_stale else self._seconds)
        number = secrets.randbelow(10**12)
        trigger_id = f"{number}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        with self._lock:
            self._by_id[trigger_id] = Trigger(person=person, expires_at=expires_at, view_id=view_id)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Use the trigger up. Raises TriggerRefused when it is unknown, used or too old."""
        with self._lock:
            trigger = self._by_id.get(trigger_id)
            if trigger is None:
                raise TriggerRefused("invalid_trigger_id")
            if trigger.is_used:
                raise TriggerRefused("exchanged_trigger_id")
            if self._monotonic() >= trigger.expires_at:
                raise TriggerRefused("expired_trigger_id")
            trigger.is_used = True
            return trigger

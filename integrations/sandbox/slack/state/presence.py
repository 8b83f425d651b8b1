from datetime import time
from zoneinfo import ZoneInfo

from integrations.sandbox.changes import SlackPerson
from integrations.sandbox.clock import SandboxClock

WORK_BEGINS, WORK_ENDS = time(8), time(18)
SATURDAY = 5
STATES = ("active", "away")


class Presence:
    """Who is at their desk: during working hours of their own zone, unless they said otherwise."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._said: dict[str, str] = {}

    def of(self, person: SlackPerson) -> str:
        """One of the STATES."""
        if person.id in self._said:
            return self._said[person.id]
        there = self._clock.now().astimezone(ZoneInfo(person.zone))
        is_working = there.weekday() < SATURDAY and WORK_BEGINS <= there.time() < WORK_ENDS
        return "active" if is_working else "away"

    def say(self, person: str, state: str) -> None:
        """One of the STATES, or "auto" for whatever the hour says. Raises ValueError."""
        if state == "auto":
            self._said.pop(person, None)
        elif state in STATES:
            self._said[person] = state
        else:
            raise ValueError(f"{state!r} is not one of auto, {', '.join(STATES)}")

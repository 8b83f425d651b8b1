"""Troubles to order: what a network and a busy Slack do to an app, a counted number of times."""

import threading
from dataclasses import dataclass
from enum import StrEnum

ANY_METHOD = "*"


class FaultKind(StrEnum):
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    #: The call is carried out, then the connection is closed without a reply.
    LOST_REPLY = "lost_reply"
    #: The connection is reset before the call is carried out.
    RESET = "reset"
    SLOW = "slow"
    #: An event that was acknowledged is delivered once more.
    REDELIVERY = "redelivery"
    EXPIRED_TRIGGER = "expired_trigger"
    #: A picture that was just uploaded is not processed yet, and a block cannot show it.
    FILE_NOT_READY = "file_not_ready"


@dataclass(slots=True, kw_only=True)
class Fault:
    kind: FaultKind
    #: A Web API method or "*"; events and triggers ignore it.
    method: str = ANY_METHOD
    times: int = 1
    #: ``Retry-After`` of a rate limit, or how slow a slow reply is.
    seconds: float = 1.0
    status: int = 503


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def take(self, kind: FaultKind, method: str = ANY_METHOD) -> Fault | None:
        """Use up one occurrence of the first fault that fits."""
        with self._lock:
            for fault in self._waiting:
                if fault.kind is kind and fault.method in {method, ANY_METHOD}:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[Fault]:
        with self._lock:
            return list(self._waiting)

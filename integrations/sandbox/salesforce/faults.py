"""Troubles that can be switched on while the simulated Salesforce runs."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    #: 503 with an HTML page, as the load balancer in front of Salesforce writes it.
    UNAVAILABLE = "unavailable"
    #: The connection ends in the middle of the body.
    DROP_CONNECTION = "drop_connection"
    #: All sessions end.
    EXPIRE_SESSIONS = "expire_sessions"
    #: Query locators are forgotten.
    EXPIRE_LOCATORS = "expire_locators"
    #: Bulk query jobs that are under way end as Failed.
    FAIL_JOBS = "fail_jobs"
    #: Bulk query jobs are forgotten with their results, as after seven days.
    FORGET_JOBS = "forget_jobs"
    #: 403, the daily limit is used up.
    REQUEST_LIMIT = "request_limit"
    #: 403, too many long calls at once.
    CONCURRENT_LIMIT = "concurrent_limit"
    #: 400, the query ran too long.
    QUERY_TIMEOUT = "query_timeout"
    #: Answers take ``seconds`` longer.
    LATENCY = "latency"
    #: Pages hold at most ``size`` records, whatever was asked for.
    SMALL_PAGES = "small_pages"
    #: ``field`` of ``sobject`` is invisible to the user (field-level security).
    HIDDEN_FIELD = "hidden_field"
    #: ``field`` of ``sobject`` is now called ``value``; its label stays.
    RENAMED_FIELD = "renamed_field"
    #: ``value`` of ``field`` of ``sobject`` can no longer be chosen; records may still hold it.
    RETIRED_VALUE = "retired_value"
    #: Whoever writes to ``sobject`` breaks a validation rule, which says ``value``.
    VALIDATION_RULE = "validation_rule"
    #: A transaction has been open for ``seconds``, so latestDateCovered lies that far back.
    SLOW_TRANSACTION = "slow_transaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One trouble. It begins after ``after`` matching calls and lasts for ``times`` of them."""

    kind: FaultKind
    #: None lasts until it is cleared.
    times: int | None = None
    after: int = 0
    #: Only calls whose path contains this.
    path: str = ""
    seconds: float = 0.0
    size: int = 0
    sobject: str = ""
    field: str = ""
    value: str = ""

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Fault":
        """Raises ValueError naming what cannot be read."""
        known = set(cls.__dataclass_fields__)
        unknown = set(body) - known
        if unknown or "kind" not in body:
            raise ValueError(f"a fault has a kind and any of {', '.join(sorted(known - {'kind'}))}")
        kinds = ", ".join(FaultKind)
        try:
            kind = FaultKind(body["kind"])
        except ValueError:
            raise ValueError(f"unknown kind {body['kind']!r}; there are {kinds}") from None
        return cls(**{**body, "kind": kind})


@dataclass(slots=True)
class _Armed:
    number: int
    fault: Fault
    seen: int = 0

    @property
    def is_over(self) -> bool:
        times = self.fault.times
        return times is not None and self.seen > self.fault.after + times


@dataclass(slots=True)
class Faults:
    """The troubles that are switched on; safe to change while requests are served."""

    _armed: list[_Armed] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _count: int = 0

    def add(self, fault: Fault) -> int:
        """Switch a trouble on and return its number."""
        with self._lock:
            self._count += 1
            self._armed.append(_Armed(self._count, fault))
            return self._count

    def clear(self, number: int | None = None) -> None:
        """Switch one trouble off, or all."""
        with self._lock:
            self._armed = [
                armed for armed in self._armed if number is not None and armed.number != number
            ]

    def strike(self, path: str) -> list[Fault]:
        """Count a call, and return the troubles that hit it."""
        with self._lock:
            hits = []
            for armed in self._armed:
                if armed.fault.path not in path:
                    continue
                armed.seen += 1
                if armed.seen > armed.fault.after and not armed.is_over:
                    hits.append(armed.fault)
            return hits

    def standing(self, kind: FaultKind) -> Iterator[Fault]:
        """Troubles of a kind that are a state rather than an event."""
        with self._lock:
            found = [a.fault for a in self._armed if a.fault.kind is kind and not a.is_over]
        yield from found

    def listing(self) -> list[dict[str, Any]]:
        with self._lock:
            return [
                {"number": armed.number, "calls_seen": armed.seen, **asdict(armed.fault)}
                for armed in self._armed
            ]

"""What was asked of the simulated Salesforce and how it answered, without anybody's secrets."""

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

REMEMBERED = 5_000
_SECRET = re.compile(r"token|secret|password|assertion|session|code", re.IGNORECASE)
REDACTED = "***"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    at: str
    method: str
    path: str
    #: The query string, its secrets struck out.
    query: str
    status: int
    #: "ok", the errorCode of the refusal, or "fault:KIND".
    verdict: str


def redacted(query: Mapping[str, str]) -> str:
    safe = {name: REDACTED if _SECRET.search(name) else value for name, value in query.items()}
    return urlencode(safe, safe="*")


class RequestLog:
    """The latest requests, oldest first."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._entries: deque[LogEntry] = deque(maxlen=size)

    def add(
        self,
        *,
        at: datetime,
        method: str,
        path: str,
        query: Mapping[str, str],
        status: int,
        verdict: str,
    ) -> None:
        self._entries.append(
            LogEntry(
                at=at.isoformat(),
                method=method,
                path=path,
                query=redacted(query),
                status=status,
                verdict=verdict,
            )
        )

    @property
    def entries(self) -> tuple[LogEntry, ...]:
        return tuple(self._entries)

    def clear(self) -> None:
        self._entries.clear()

    def listing(self) -> list[dict[str, Any]]:
        # The copy is made at once; meanwhile the server goes on writing.
        return [asdict(entry) for entry in self.entries]

"""Values that no mirror column can hold, remembered by field so that somebody may mend them."""

import threading
from collections.abc import Mapping

import structlog

_log = structlog.get_logger()


class Unusable:
    """Of one object; threads may share it."""

    def __init__(self, sobject: str) -> None:
        self._sobject = sobject
        self._lock = threading.Lock()
        #: Field → what is the matter, the first record with it, and how many there were.
        self._known: dict[str, tuple[str, str, int]] = {}

    def note(self, field: str, reason: str, record: object, *, is_left_out: bool) -> None:
        what = (
            f"{reason}, so the record is left out" if is_left_out else f"{reason}, so it is empty"
        )
        with self._lock:
            known, first, count = self._known.get(field, (what, str(record), 0))
            self._known[field] = (known, first, count + 1)
        _log.warning("salesforce.value_unusable", sobject=self._sobject, field=field, id=record)

    def take(self) -> Mapping[str, tuple[str, str]]:
        """Field → the first record and the matter in words; they are forgotten then."""
        with self._lock:
            told = {
                field: (first, f"{self._sobject}.{field}: {what} ({first}{_more(count - 1)})")
                for field, (what, first, count) in self._known.items()
            }
            self._known.clear()
        return told


def _more(others: int) -> str:
    return f", and {others:,} more" if others else ""

"""How many calls the organisation has made in the last 24 hours, and its other limits."""

from collections import deque
from datetime import datetime, timedelta

DAILY_CALLS = 100_000
_PERIOD = timedelta(hours=24)
_SLOT = timedelta(minutes=1)

#: Limits that nothing in the sandbox uses up.
_UNUSED_LIMITS = {
    "DailyAsyncApexExecutions": 250_000,
    "DailyBulkApiBatches": 15_000,
    # What older clients call them.
    "DailyBulkApiRequests": 15_000,
    "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyStreamingApiEvents": 200_000,
    "DataStorageMB": 10_240,
    "FileStorageMB": 10_240,
    "HourlyAsyncReportRuns": 1_200,
    "HourlyDashboardRefreshes": 200,
    "HourlySyncReportRuns": 500,
    "MassEmail": 5_000,
    "SingleEmail": 5_000,
}


class Usage:
    """Counts calls over a rolling day of sandbox time."""

    def __init__(self, *, daily_calls: int = DAILY_CALLS) -> None:
        self.daily_calls = daily_calls
        self.bulk_jobs = 0
        self._slots: deque[tuple[datetime, int]] = deque()
        self._total = 0

    def used(self, now: datetime) -> int:
        while self._slots and self._slots[0][0] <= now - _PERIOD:
            self._total -= self._slots.popleft()[1]
        return self._total

    def count(self, now: datetime, calls: int = 1) -> bool:
        """Count calls; False when the limit had been reached before, and then nothing counts."""
        if self.used(now) >= self.daily_calls:
            return False
        if self._slots and now - self._slots[-1][0] < _SLOT:
            started, number = self._slots[-1]
            self._slots[-1] = (started, number + calls)
        else:
            self._slots.append((now, calls))
        self._total += calls
        return True

    def header(self, now: datetime) -> str:
        return f"api-usage={self.used(now)}/{self.daily_calls}"

    def limits(self, now: datetime) -> dict[str, dict[str, int]]:
        bulk_jobs = 10_000
        return {
            "DailyApiRequests": {
                "Max": self.daily_calls,
                "Remaining": max(0, self.daily_calls - self.used(now)),
            },
            "DailyBulkV2QueryJobs": {"Max": bulk_jobs, "Remaining": bulk_jobs - self.bulk_jobs},
            **{name: {"Max": top, "Remaining": top} for name, top in _UNUSED_LIMITS.items()},
        }

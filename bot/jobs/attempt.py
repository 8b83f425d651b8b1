"""One attempt at a job: run it, and let the class of its error say what happens next.

One of the three places where every exception is caught: whatever goes wrong in a job must not end
the thread that runs the others. It is logged here, once, with the reference under which the firing
can be found.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.domain.errors import CoachingError, TransientError
from bot.jobs.catalog import Job
from bot.storage.firings import FiringState
from bot.storage.trouble import OTHERWISE, trouble_in

log = structlog.get_logger()

FIRST_BACKOFF = timedelta(seconds=30)
LONGEST_BACKOFF = timedelta(hours=1)
#: With the backoff above, about an hour of trying. Also ends a job that kills its process.
MOST_ATTEMPTS = 8
GIVEN_UP = f"given up after {MOST_ATTEMPTS} attempts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How an attempt ended: DONE, FAILED, or WAITING for the next attempt after ``retry_after``."""

    state: FiringState
    error: str | None = None
    retry_after: timedelta = timedelta(0)


def attempt(job: Job, *, due_at: datetime, number: int) -> Ended:
    """Run a job for the firing due at an instant; ``number`` counts the attempts from 1."""
    reference = f"{job.key}@{due_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    try:
        job.run()
    except TransientError as error:
        return _postponed(
            error.message, max(error.retry_after, _backoff(number)), number, reference
        )
    except (OperationalError, IntegrityError) as error:
        # The database was away or locked for long, or another instance wrote the same row first.
        # What a database says may quote values, so only what we know by heart is repeated.
        said, hint = trouble_in(error) or ("", OTHERWISE)
        words = type(error).__name__ if hint == OTHERWISE else f"{said}: {hint}"
        return _postponed(words, _backoff(number), number, reference)
    except CoachingError as error:
        log.error("job.failed", reference=reference, attempt=number, error=error.message)  # noqa: TRY400 - the sentence says it, a traceback adds nothing
        return Ended(state=FiringState.FAILED, error=error.message)
    except Exception as error:
        log.exception("job.failed", reference=reference, attempt=number)
        words = f"{type(error).__name__}, logged as {reference}"
        return Ended(state=FiringState.FAILED, error=words)
    log.info("job.done", reference=reference, attempt=number)
    return Ended(state=FiringState.DONE)


def _postponed(words: str, retry_after: timedelta, number: int, reference: str) -> Ended:
    if number >= MOST_ATTEMPTS:
        log.error("job.failed", reference=reference, attempt=number, error=words)
        return Ended(state=FiringState.FAILED, error=f"{GIVEN_UP}: {words}")
    log.warning(
        "job.postponed",
        reference=reference,
        attempt=number,
        error=words,
        retry_seconds=retry_after.total_seconds(),
    )
    return Ended(state=FiringState.WAITING, error=words, retry_after=retry_after)


def _backoff(number: int) -> timedelta:
    return min(LONGEST_BACKOFF, FIRST_BACKOFF * (1 << (number - 1)))

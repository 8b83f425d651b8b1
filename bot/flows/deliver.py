"""Say what the outbox holds: claim in one transaction, send in none, settle in another.

Nobody is told a thing twice, and nothing is lost. When a process dies or a reply goes astray
between sending and settling, the delivery is in doubt, and Slack is asked whether the message is
there before it is sent again. The reference for that travels in the message's metadata.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import (
    CoachingError,
    CredentialsRefused,
    OutcomeUnknown,
    RateLimited,
    TransientError,
)
from bot.domain.message import Receipt
from bot.flows.pace import Pace
from bot.ports import Messenger
from bot.runtime import Runtime
from bot.storage import outbox
from bot.storage.database import transaction
from bot.storage.outbox import CLAIM_LIFETIME, Claim, Failed, Outcome, Retry, Sent, Unknown
from bot.storage.switches import is_stopped

log = structlog.get_logger()

FIRST_BACKOFF = timedelta(seconds=30)
LONGEST_BACKOFF = timedelta(hours=1)
#: With the backoff above, about six hours of trying.
MOST_ATTEMPTS = 14
#: So long a message may take to show up in Slack's history.
BEFORE_LOOKING = timedelta(seconds=10)
#: Until a person has put new credentials into the environment.
UNTIL_MENDED = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverReport:
    """How many deliveries ended how: sent, found, retry, failed, unknown, lost."""

    ended: Mapping[str, int] = field(default_factory=dict)

    @property
    def sent(self) -> int:
        """Those that arrived, also when that was only found out later."""
        return self.ended.get("sent", 0) + self.ended.get("found", 0)


def deliver(runtime: Runtime, messenger: Messenger, *, pace: Pace | None = None) -> DeliverReport:
    """Work off everything that is due; several processes and threads may do so at once.

    While an admin has stopped everything, nothing is claimed, and all of it waits.
    Raises CredentialsRefused, after putting the delivery back, because the next would fare alike.
    """
    pace = pace or Pace()
    ended: Counter[str] = Counter()
    while True:
        busy = pace.told_enough()
        with transaction(runtime.database) as session:
            if is_stopped(session):
                return DeliverReport(ended=dict(ended))
            claim = outbox.claim_next(session, now=runtime.clock.now(), besides=busy)
        if claim is not None:
            ended[_work_off(claim, runtime, messenger, pace)] += 1
        elif busy:
            pace.rest()
        else:
            return DeliverReport(ended=dict(ended))


def _work_off(claim: Claim, runtime: Runtime, messenger: Messenger, pace: Pace) -> str:
    try:
        receipt, was_found = _say(claim, runtime, messenger, pace)
    except _TakenOver:
        return "lost"
    except CoachingError as error:
        outcome = outcome_of(error, claim=claim, now=runtime.clock.now())
        ended = type(outcome).__name__.lower()
        _settle(claim, outcome, runtime, ended, error=type(error).__name__)
        if isinstance(error, CredentialsRefused):
            raise
        return ended
    ended = "found" if was_found else "sent"
    _settle(claim, Sent(receipt), runtime, ended)
    return ended


def _settle(claim: Claim, outcome: Outcome, runtime: Runtime, ended: str, **more: str) -> None:
    with transaction(runtime.database) as session:
        is_ours = outbox.settle(session, claim, outcome, now=runtime.clock.now())
    log.info(
        "delivery.settled",
        ended=ended,
        delivery=claim.id,
        kind=claim.delivery.kind,
        attempt=claim.delivery.attempt,
        is_ours=is_ours,
        **more,
    )


class _TakenOver(Exception):
    """Our claim grew too old, and another process has the delivery now."""


def _say(claim: Claim, runtime: Runtime, messenger: Messenger, pace: Pace) -> tuple[Receipt, bool]:
    """The receipt of the message, and whether it had been there already."""
    was_found = False
    parent = claim.posted
    if parent is None:
        parent, was_found = _post(
            claim, runtime, messenger, pace, part=0, in_doubt=claim.is_in_doubt
        )
        _note(claim, runtime, parent, 0)
    in_doubt = claim.is_in_doubt
    for part in range(claim.delivery.thread_sent + 1, len(claim.message.thread) + 1):
        # Only the first part that nobody wrote down can be there already.
        _post(claim, runtime, messenger, pace, part=part, in_doubt=in_doubt, thread=parent)
        in_doubt = False
        _note(claim, runtime, parent, part)
    return parent, was_found


def _post(
    claim: Claim,
    runtime: Runtime,
    messenger: Messenger,
    pace: Pace,
    *,
    part: int,
    in_doubt: bool,
    thread: Receipt | None = None,
) -> tuple[Receipt, bool]:
    to = claim.delivery.recipient
    if in_doubt and (found := _look(claim, messenger, thread=thread, part=part)):
        return found, True
    message = claim.message.thread[part - 1] if part else claim.message
    # Pictures are many calls, and a slow Slack can make them last longer than a claim does.
    message = messenger.shown(replace(message, thread=()))
    pace.take(to)
    _hold_on(claim, runtime)
    return messenger.send(to, message, reference=claim.id, thread=thread, part=part), False


def _hold_on(claim: Claim, runtime: Runtime) -> None:
    """Nothing is sent under a claim that another process may have taken over meanwhile."""
    now = runtime.clock.now()
    claimed_at = claim.delivery.claimed_at
    if claimed_at is not None and abs(now - claimed_at) < CLAIM_LIFETIME / 4:
        return
    with transaction(runtime.database) as session:
        is_ours = outbox.renew(session, claim, now=now)
    if not is_ours:
        raise _TakenOver


def _look(
    claim: Claim, messenger: Messenger, *, thread: Receipt | None, part: int
) -> Receipt | None:
    """Looking may fail too; then the delivery stays in doubt."""
    try:
        return messenger.find(claim.id, to=claim.delivery.recipient, thread=thread, part=part)
    except TransientError as error:
        raise OutcomeUnknown(error.message, retry_after=error.retry_after) from error
    except CredentialsRefused as error:
        raise OutcomeUnknown(error.message, retry_after=UNTIL_MENDED, hint=error.hint) from error


def _note(claim: Claim, runtime: Runtime, posted: Receipt, thread_sent: int) -> None:
    with transaction(runtime.database) as session:
        is_ours = outbox.note_progress(
            session, claim, posted=posted, thread_sent=thread_sent, now=runtime.clock.now()
        )
    if not is_ours:
        raise _TakenOver


def outcome_of(error: CoachingError, *, claim: Claim, now: datetime) -> Retry | Failed | Unknown:
    """What the error means for the delivery: the class of the error says what to do next."""
    attempt = claim.delivery.attempt
    match error:
        case OutcomeUnknown():
            wait = max(BEFORE_LOOKING, error.retry_after, _backoff(attempt - 2))
            return Unknown(now + wait, error.message)
        case RateLimited():
            return Retry(now + error.retry_after, error.message)
        case TransientError() if attempt < MOST_ATTEMPTS:
            return Retry(now + max(_backoff(attempt), error.retry_after), error.message)
        case CredentialsRefused():
            return Retry(now + UNTIL_MENDED, error.message)
        case _:
            return Failed(error.message)


def _backoff(attempt: int) -> timedelta:
    doublings = min(max(attempt - 1, 0), 10)
    return min(LONGEST_BACKOFF, FIRST_BACKOFF * (1 << doublings))

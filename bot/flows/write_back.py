"""What people agreed to is written to the CRM, once, and what it refuses is told in plain words.

Nothing is written blindly: a record is read first, and one that somebody has changed since the
person looked is left alone. When nobody knows whether a write arrived, it is looked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.domain.errors import (
    CoachingError,
    CredentialsRefused,
    OutcomeUnknown,
    PermanentError,
    TransientError,
)
from bot.domain.ids import SlackUserId
from bot.ports import CrmWriter
from bot.queries.reader import reader_in
from bot.queries.record_names import name_records
from bot.runtime import Runtime
from bot.storage.crm_writes import NOTE, CrmWriteRow, WriteState, as_text, claim_write, settle_write
from bot.storage.database import transaction
from bot.storage.outbox import enqueue
from bot.storage.switches import EVERYTHING, read_switches

KIND = "write_back"
MOST_ATTEMPTS = 6
#: Waits between attempts, the last one again and again.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
#: As many letters as Salesforce's Description takes.
LONGEST_NOTE = 32_000
#: The CRM's clock and ours may differ by so much when a new record is looked for.
CLOCKS_APART = timedelta(minutes=5)
#: Column → how people call it.
WORDS = {"next_step": "next step", "close_on": "close date", "subject": "task"}

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Refused:
    reason: str


def write_back(runtime: Runtime, open_writer: Callable[[], CrmWriter]) -> int:
    """Write all that is due; how many records it was. Opens the CRM only when there is something.

    Raises CredentialsRefused: what was asked for waits until somebody has mended them.
    """
    written = 0
    while (claimed := _claim(runtime)) is not None:
        try:
            refused = _write(claimed, open_writer())
        except (PermanentError, TransientError) as error:
            _put_off(runtime, claimed, error)
            if isinstance(error, CredentialsRefused):
                raise
        else:
            _settle(runtime, claimed, refused)
            written += refused is None
    return written


def _claim(runtime: Runtime) -> CrmWriteRow | None:
    with transaction(runtime.database) as session:
        if EVERYTHING in read_switches(session):
            return None
        return claim_write(session, now=runtime.clock.now())


def _write(wanted: CrmWriteRow, writer: CrmWriter) -> _Refused | None:
    if wanted.record_id is None:
        since = wanted.asked_at - CLOCKS_APART
        if wanted.is_in_doubt and writer.find(wanted.table_name, wanted.values, since=since):
            return None
        writer.create(wanted.table_name, wanted.values)
        return None
    found = writer.read(wanted.table_name, wanted.record_id, [*wanted.values])
    if found is None:
        return _Refused("the record is no longer in Salesforce.")
    values = {column: value for column, value in wanted.values.items() if column != NOTE}
    there = {column: as_text(found[column]) for column in values}
    if there == values:
        return None
    if any(there[column] != wanted.seen.get(column) for column in values):
        return _Refused(f"somebody changed it there meanwhile: {_told(there)}. I left it as it is.")
    writer.change(wanted.table_name, wanted.record_id, {**values, **_signature(wanted, found)})
    return None


def _signature(wanted: CrmWriteRow, found: Mapping[str, object]) -> Mapping[str, str]:
    """Who asked for it, below what the record's description says; none where that is hidden."""
    if NOTE not in wanted.values or NOTE not in found:
        return {}
    lines = [str(each) for each in (found[NOTE], wanted.values[NOTE]) if each]
    signed = "\n".join(lines)
    return {NOTE: signed} if len(signed) <= LONGEST_NOTE else {}


def _told(values: Mapping[str, str | None]) -> str:
    return ", ".join(
        f"{WORDS.get(column, column)} is now “{value or 'empty'}”"
        for column, value in values.items()
    )


def _put_off(runtime: Runtime, claimed: CrmWriteRow, error: CoachingError) -> None:
    """Later again when that may help; else it is told to the person."""
    if isinstance(error, PermanentError) and not isinstance(error, CredentialsRefused):
        _settle(runtime, claimed, _Refused(error.message))
        return
    if claimed.attempt >= MOST_ATTEMPTS:
        _settle(runtime, claimed, _Refused("Salesforce could not be reached for hours."))
        return
    pause = PAUSES[min(claimed.attempt, len(PAUSES)) - 1]
    _log.info("write_back.put_off", write=claimed.id, reason=error.message)
    with transaction(runtime.database) as session:
        settle_write(
            session,
            claimed,
            state=WriteState.WAITING,
            note=error.message,
            again_at=runtime.clock.now() + pause,
            is_in_doubt=claimed.is_in_doubt or isinstance(error, OutcomeUnknown),
        )


def _settle(runtime: Runtime, claimed: CrmWriteRow, refused: _Refused | None) -> None:
    state = WriteState.WRITTEN if refused is None else WriteState.REFUSED
    note = refused.reason if refused else None
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        if not settle_write(session, claimed, state=state, note=note) or refused is None:
            return
        to = SlackUserId(claimed.asked_by)
        deal = claimed.record_id or claimed.values.get("what_id", "")
        [(name, address)] = name_records(session, runtime.organisation, [deal])
        view = {
            "what": [WORDS[column] for column in claimed.values if column in WORDS],
            "values": [value for column, value in claimed.values.items() if column in WORDS],
            "deal": (name, address),
            "reason": refused.reason,
            **reader_in(session, to, runtime.organisation),
        }
        enqueue(
            session,
            dedupe_key=f"{KIND}:{claimed.id}",
            kind=KIND,
            recipient=to,
            message=runtime.renderer.render("messages/not_written.j2", view),
            not_before=now,
            now=now,
        )

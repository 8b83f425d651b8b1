"""Personal data of prospects goes: when its time is over, or when somebody asks for it."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from bot.domain.hiring import HiringPolicy
from bot.domain.ids import SlackUserId
from bot.queries.hiring_access import require_hirer, require_prospect
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.hiring import ProspectRow, erase_words
from bot.storage.switches import AuditRow

#: Who does what nobody asked for.
OURSELVES = "Pacesetter"


def goes_on(last_touch_on: date, policy: HiringPolicy) -> date:
    """The first day on which nobody may know any more who they were."""
    return last_touch_on + timedelta(days=policy.retention_days + 1)


def forget_prospects(runtime: Runtime) -> int:
    """Erase whoever was touched too long ago, and say so in the audit log; how many they were.

    Of those who were hired as well: who they are, the CRM says.
    """
    now, organisation = runtime.clock.now(), runtime.organisation
    today = now.astimezone(organisation.zone).date()
    row = ProspectRow
    with transaction(runtime.database) as session:
        before = today - timedelta(days=organisation.hiring.retention_days)
        due = select(row.id).where(col(row.erased_at).is_(None), col(row.last_touch_on) < before)
        gone = [found for found in session.exec(due) if found is not None]
        if gone:
            erase_words(session, gone, now=now)
            people = "1 prospect" if len(gone) == 1 else f"{len(gone)} prospects"
            words = f"erased the personal data of {people}, whose time was over"
            _note(session, runtime, by="", name=OURSELVES, deed=words)
    return len(gone)


def forget_prospect(runtime: Runtime, *, by: SlackUserId, prospect: int) -> None:
    """One, on request. Raises NotAllowed for whoever does not hire for the role."""
    with transaction(runtime.database) as session:
        hirer = require_hirer(session, runtime, by)
        row = require_prospect(session, hirer, prospect)
        known = hirer.person.manager or hirer.person.rep
        erase_words(session, [prospect], now=runtime.clock.now())
        words = f"erased the personal data of prospect {row.id}, on request"
        _note(session, runtime, by=by, name=known.name if known else "", deed=words)


def _note(session: Session, runtime: Runtime, *, by: str, name: str, deed: str) -> None:
    row = AuditRow(at=runtime.clock.now(), by_slack_id=by, by_name=name, deed=deed)
    session.add(row)

"""The deals of a nudge for which a next step can be logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from bot.domain.ids import DecisionId, SlackUserId
from bot.queries.nudges import require_own
from bot.queries.permissions import person_of
from bot.queries.record_names import name_records
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.mirror.opportunity import OpportunityRow

SUGGESTED = timedelta(days=3)
#: So many deals are told as they stand in the CRM.
MOST_SHOWN = 5
STEP, STEP_AND_TASK, NOTHING = "step", "step_and_task", "nothing"
TARGETS = (
    ("Set the next step", STEP),
    ("Set the next step and add a task for it", STEP_AND_TASK),
    ("Nothing, keep it here only", NOTHING),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepForm:
    #: (name, id)
    deals: tuple[tuple[str, str], ...]
    suggested: date
    #: (words, what it stands for); empty where nothing is written to the CRM
    targets: tuple[tuple[str, str], ...]
    #: The deals as the CRM has them, for people to see what they replace.
    said_now: tuple[OpportunityRow, ...]


def ask(runtime: Runtime, *, asker: SlackUserId, nudge: DecisionId) -> NextStepForm:
    """Raises NotAllowed for anybody but the one the nudge was said to."""
    with reading(runtime.database) as session:
        person = person_of(session, asker, runtime.organisation)
        records = require_own(session, nudge, person).records
        named = name_records(session, runtime.organisation, records)
        today = runtime.clock.now().astimezone(person.zone).date()
        return NextStepForm(
            deals=tuple((name, record) for (name, _), record in zip(named, records, strict=True)),
            suggested=today + SUGGESTED,
            targets=TARGETS if runtime.organisation.writes_back else (),
            said_now=tuple(_deals(session, records)[:MOST_SHOWN]),
        )


def _deals(session: Session, records: Sequence[str]) -> Sequence[OpportunityRow]:
    wanted = select(OpportunityRow).where(col(OpportunityRow.id).in_(records))
    return session.exec(wanted.order_by(OpportunityRow.name)).all()

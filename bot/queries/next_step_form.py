"""The deals of a nudge for which a next step can be logged."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.ids import DecisionId, SlackUserId
from bot.queries.nudges import require_own
from bot.queries.permissions import person_of
from bot.queries.record_names import name_records
from bot.runtime import Runtime
from bot.storage.database import reading

SUGGESTED = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepForm:
    #: (name, id)
    deals: tuple[tuple[str, str], ...]
    suggested: date


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
        )

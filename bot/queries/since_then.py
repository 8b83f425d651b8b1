"""What a rep got done since a day, in the facts that their role lives by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.domain.ids import MetricKey
from bot.domain.people import Rep
from bot.domain.windows import Window
from bot.queries.rep_views import Moment
from bot.runtime import Runtime
from bot.storage.availability import unavailable_metrics
from bot.storage.current import read_or_measure

TOLD: Sequence[MetricKey] = tuple(
    MetricKey(key)
    for key in ("won_count", "won_amount", "lost_count", "opportunities_created", "meetings_held")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    title: str
    unit: str
    value: float


def happened_since(
    session: Session, runtime: Runtime, rep: Rep, since: date, moment: Moment
) -> tuple[Happened, ...]:
    """What the CRM lacks is left out, and so is what did not happen."""
    window = Window(first=since, last=moment.today, label="since then")
    known = [runtime.metrics[key] for key in TOLD if key in runtime.metrics]
    missing = unavailable_metrics(session, known)
    found = []
    for definition in known:
        if definition.metric.key in missing:
            continue
        readings = read_or_measure(
            session,
            definition,
            reps=[rep.id],
            window=window,
            knowledge=moment.knowledge,
            as_of=moment.as_of,
        )
        value = readings[rep.id].value
        if value:
            metric = definition.metric
            found.append(Happened(title=metric.title, unit=metric.unit, value=value))
    return tuple(found)

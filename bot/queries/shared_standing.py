"""Standing and doubts of one rep, worked out for all who hold the role and then remembered.

Whoever asks is weighed among their peers, so their peers' answers are there as well.
"""

from collections.abc import Hashable, Mapping
from datetime import date, datetime

from sqlmodel import Session

from bot.coaching.doubts import Doubt
from bot.domain.gap import Gap
from bot.domain.ids import MetricKey
from bot.domain.people import Rep
from bot.queries.doubts import read_doubts
from bot.queries.standing import measure_standing
from bot.queries.yardstick import Yardstick
from bot.runtime import Runtime
from bot.storage.facts.select import Knowledge
from bot.storage.version import Same, remembered


def moment_of(knowledge: Knowledge) -> Hashable:
    """The clock as far as an answer depends on it."""
    return knowledge.now.replace(second=0, microsecond=0), knowledge.is_current


def standing_of(
    session: Session,
    runtime: Runtime,
    yardstick: Yardstick,
    rep: Rep,
    *,
    knowledge: Knowledge,
    as_of: datetime,
    on: date,
) -> Mapping[MetricKey, Gap]:
    peers = _peers(yardstick, rep)
    found = remembered(
        session,
        ("standing", Same(runtime), knowledge.day, on, tuple(each.id for each in peers)),
        lambda: measure_standing(
            session, yardstick, peers, knowledge=knowledge, as_of=as_of, on=on
        ),
        moment=moment_of(knowledge),
    )
    return found[rep.id]


def doubts_of(
    session: Session,
    runtime: Runtime,
    yardstick: Yardstick,
    rep: Rep,
    *,
    knowledge: Knowledge,
    as_of: datetime,
) -> tuple[Doubt, ...]:
    peers = _peers(yardstick, rep)
    found = remembered(
        session,
        ("doubts", Same(runtime), knowledge.day, tuple(each.id for each in peers)),
        lambda: read_doubts(session, yardstick, peers, knowledge=knowledge, as_of=as_of),
        moment=moment_of(knowledge),
    )
    return found.get(rep.id, ())


def _peers(yardstick: Yardstick, rep: Rep) -> list[Rep]:
    """All who hold the role; alone, whoever has left."""
    found = [each for each in yardstick.everybody if each.is_active and each.role == rep.role]
    return found if any(each.id == rep.id for each in found) else [rep]

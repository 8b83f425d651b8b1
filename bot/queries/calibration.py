"""How somebody's own scores compare with those of others, for their eyes alone."""

from dataclasses import dataclass

from bot.domain.ids import SlackUserId
from bot.hiring.calibration import FEWEST_SHARED, agreement, leniencies
from bot.hiring.chance import Pooled
from bot.queries.hiring_access import read_hirer
from bot.queries.hiring_analysis import upwards
from bot.queries.hiring_evidence import read_panels
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.hiring import read_prospects


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    #: Prospects whom they and somebody else have scored.
    shared: int
    fewest: int
    #: How many points more or less they give to the same people; None with too few.
    points: Pooled | None
    gives_more: bool
    #: Whether that is more than chance.
    is_sure: bool
    pairs: int
    within_a_point: float | None
    locale: str
    zone: str


def ask(runtime: Runtime, *, asker: SlackUserId) -> Calibration:
    """Of scores that are in, all roles together. Raises UnknownPerson."""
    with reading(runtime.database) as session:
        hirer = read_hirer(session, runtime, asker)
        panels = read_panels(session, read_prospects(session, runtime.scorecards)).values()
    own = hirer.person.crm_id
    shared = [panel for panel in panels if own in panel.scores and len(panel.scores) > 1]
    known, agreed = leniencies(panels).get(own), agreement(shared, of=own)
    return Calibration(
        shared=len(shared),
        fewest=FEWEST_SHARED,
        points=upwards(known.points) if known else None,
        gives_more=known is None or known.points.estimate >= 0,
        is_sure=known is not None and known.is_sure,
        pairs=agreed.pairs if agreed else 0,
        within_a_point=agreed.within_a_point if agreed else None,
        locale=hirer.person.locale,
        zone=hirer.person.zone.key,
    )

"""What changed that is real, for the manager's digest: of one rep, and of the whole team."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import Session

from bot.coaching.rep_view import RepView
from bot.domain.ids import MetricKey
from bot.domain.people import Rep, Team
from bot.runtime import Runtime
from bot.storage.evidence import FindingRow, read_findings

MOST_CHANGES = 3
#: A shared fall is told for so long after its week began.
SHARED_FOR = timedelta(days=15)


def real_changes(seen: Sequence[tuple[Rep, RepView]]) -> tuple[str, ...]:
    """The escalated changes of the last weeks, falls first; soft ones are the rep's own affair."""
    found = [
        (change.kind == "improvement", change.week, rep.first_name, change)
        for rep, view in seen
        for change in view.changes
        if change.tier == "escalate" and change.kind != "trust"
    ]
    found.sort(key=lambda each: (each[0], -each[1].toordinal(), each[2]))
    return tuple(
        f"{name}: {change.title}, {change.observed:.0f} in {change.weeks} weeks "
        f"where about {change.expected:.0f} was usual"
        for _, _, name, change in found[:MOST_CHANGES]
    )


def shared_falls(session: Session, runtime: Runtime, team: Team, today: date) -> tuple[str, ...]:
    """Falls that the whole team, or everybody, shared in the last two weeks; nobody's fault."""
    found = read_findings(session, since=today - SHARED_FOR, until=today)
    return words_of_shared(found, runtime, team)


def words_of_shared(found: Sequence[FindingRow], runtime: Runtime, team: Team) -> tuple[str, ...]:
    return tuple(
        f"{_title(runtime, row.metric)} was at {row.ratio:.0%} of usual in the week of "
        f"{row.week:%d %b}, for {'the whole team' if row.team_id else 'everybody'}: look for one "
        "cause rather than at people"
        for row in found
        if row.team_id in {None, team.id}
    )[:MOST_CHANGES]


def _title(runtime: Runtime, metric: str) -> str:
    known = runtime.metrics.get(MetricKey(metric))
    return known.metric.title if known else metric

"""What changed that is real, for the manager's digest: of one rep, and of the whole team."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from sqlmodel import Session

from bot.coaching.changes import told
from bot.coaching.lull import find_lull
from bot.coaching.rep_view import NoticedChange, RepView
from bot.domain.ids import MetricKey, RepId
from bot.domain.people import Rep, Team
from bot.runtime import Runtime
from bot.storage.evidence import FindingRow, read_findings

MOST_CHANGES = 3
#: A shared fall is told for so long after its week began.
SHARED_FOR = timedelta(days=15)
MOST_LOOKS = 2
WARNINGS = frozenset({"sudden", "drift", "level"})
#: A soft change is worth a manager's look when it is this sure and at most half of what was usual.
SURE, LARGE_AT = 0.99, 0.5


def real_changes(seen: Sequence[tuple[Rep, RepView]]) -> tuple[str, ...]:
    """The escalated changes of the last weeks, falls first."""
    found = _escalated(seen)
    found.sort(key=lambda each: (each[1].kind == "improvement", *_newest_first(each)))
    return _in_words(found, MOST_CHANGES)


def soft_looks(seen: Sequence[tuple[Rep, RepView]]) -> tuple[str, ...]:
    """Soft changes so large that a manager who hears nothing of them would be misled.

    The smaller ones are the rep's own affair; so is whatever hangs on records that are in doubt.
    What is real is told as that, and not once more.
    """
    real = {(rep.id, change.metric) for rep, change in _escalated(seen)}
    found = [
        (rep, change)
        for rep, change in _all(seen)
        if change.tier == "soft"
        and change.kind in WARNINGS
        and change.posterior >= SURE
        and (rep.id, change.metric) not in real
        and not _is_diluted(rep, change, seen)
        and _is_large(change)
    ]
    return _in_words(sorted(found, key=_newest_first), MOST_LOOKS)


Told = tuple[Rep, NoticedChange]


def _escalated(seen: Sequence[tuple[Rep, RepView]]) -> list[Told]:
    return [
        (rep, change)
        for rep, change in _all(seen)
        if change.tier == "escalate" and not _is_diluted(rep, change, seen)
    ]


def _newest_first(each: Told) -> tuple[int, str]:
    return -each[1].week.toordinal(), each[0].first_name


def _in_words(found: Iterable[Told], most: int) -> tuple[str, ...]:
    """Of what is told of one metric of one rep, the first."""
    lines: dict[tuple[RepId, MetricKey], str] = {}
    for rep, change in found:
        words = f"{rep.first_name}, {change.title}: {told(change)}"
        lines.setdefault((rep.id, change.metric), words)
    return tuple(lines.values())[:most]


def has_soft_changes(seen: Sequence[tuple[Rep, RepView]]) -> bool:
    return any(change.kind in WARNINGS for _, change in _all(seen))


def _all(seen: Sequence[tuple[Rep, RepView]]) -> Iterator[Told]:
    for rep, view in seen:
        for change in view.changes:
            if change.kind != "trust" and change.tier != "noted":
                yield rep, change


def _is_large(change: NoticedChange) -> bool:
    low, high = sorted((change.observed, change.expected))
    return low <= LARGE_AT * high


def _is_diluted(rep: Rep, change: NoticedChange, seen: Sequence[tuple[Rep, RepView]]) -> bool:
    """A share over records that the rep was asked to look through first says nothing yet."""
    doubts = {each.id for each, view in seen if any(c.kind == "trust" for c in view.changes)}
    return change.trials is not None and change.kind != "improvement" and rep.id in doubts


def lull_of(seen: Sequence[tuple[Rep, RepView]]) -> tuple[str, ...]:
    lull = find_lull([view for _, view in seen])
    if lull is None:
        return ()
    words = (
        f"The whole team logged {lull.lately} activities on its last five working days, after "
        f"{lull.before} on the five before: look for one cause (a conference, a sync that stopped) "
        "rather than at people"
    )
    return (words,)


def shared_falls(session: Session, runtime: Runtime, team: Team, today: date) -> tuple[str, ...]:
    """Falls that the whole team, or everybody, shared in the last two weeks; nobody's fault."""
    found = read_findings(session, since=today - SHARED_FOR, until=today)
    return words_of_shared(found, runtime, team)


def words_of_shared(found: Sequence[FindingRow], runtime: Runtime, team: Team) -> tuple[str, ...]:
    return tuple(
        f"{_title(runtime, row.metric)} was at {row.ratio:.0%} of usual in the week of "
        f"{row.week.day} {row.week:%b}, for {'the whole team' if row.team_id else 'everybody'}: "
        "look for one cause rather than at people"
        for row in found
        if row.team_id in {None, team.id}
    )[:MOST_CHANGES]


def _title(runtime: Runtime, metric: str) -> str:
    known = runtime.metrics.get(MetricKey(metric))
    return known.metric.title if known else metric

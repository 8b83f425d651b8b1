"""Records that say less than they seem to: no praise rests on them until they are cleared.

Three kinds: logged in bursts, logged late, and next steps that only got another date. A doubt takes
many such records, a good part of all, and twice what is usual among peers, since a tool that writes
down everybody's calls at midnight is nobody's doing. It is a question for the rep, no warning.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bot.domain.ids import MetricKey, RepId
from bot.domain.metric import Metric, Reading
from bot.domain.tenure import PeerGroup

#: Fewer peers than this with records of their own do not say what is usual.
FEWEST_PEERS = 3
TIMES_THE_USUAL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtKind:
    """When a share of records is in doubt, and whose praise then waits."""

    metric: MetricKey
    #: So many such records, and such a share of all.
    fewest: int
    share: float
    #: What follows "24 of 60", and what the rep may do about it.
    words: str
    next_step: str
    #: Praise waits for the metrics of these fact tables, or over these columns.
    tables: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()

    def touches(self, metric: Metric) -> bool:
        is_named = any(column in metric.value_rule for column in self.columns)
        return metric.fact_table in self.tables or is_named


_ACTIVITY = frozenset({"activity", "meeting", "account"})
_ON_DEALS = frozenset({"days_untouched", "last_activity_on", "contacts_engaged", "touches"})
KINDS: Sequence[DoubtKind] = (
    DoubtKind(
        metric=MetricKey("burst_logging_share"),
        fewest=20,
        share=1 / 3,
        words="calls, meetings and tasks were written down in bursts of ten or more",
        next_step="look through the entries that came all at once, and correct what is wrong.",
        tables=_ACTIVITY,
        columns=_ON_DEALS,
    ),
    DoubtKind(
        metric=MetricKey("late_logging_share"),
        fewest=20,
        share=1 / 2,
        words="activities were written down more than a day after they were done",
        next_step="write each one down on its day, if only in a few words.",
        tables=_ACTIVITY,
        columns=_ON_DEALS,
    ),
    DoubtKind(
        metric=MetricKey("restamped_step_share"),
        fewest=5,
        share=1 / 2,
        words="new next steps only got another date, with nothing done meanwhile",
        next_step="write down what is to happen next on the oldest of them, or close it out.",
        columns=frozenset({"next_step"}),
    ),
)
KIND_OF: Mapping[MetricKey, DoubtKind] = {kind.metric: kind for kind in KINDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One rep's doubtful records of the last weeks."""

    metric: MetricKey
    count: int
    of: int
    #: The metrics for which praise waits.
    waiting: frozenset[MetricKey] = frozenset()

    @property
    def words(self) -> str:
        return f"{self.count} of {self.of} {KIND_OF[self.metric].words}"

    @property
    def next_step(self) -> str:
        return KIND_OF[self.metric].next_step


def find_doubts(
    kind: DoubtKind, readings: Mapping[RepId, Reading], group: PeerGroup
) -> dict[RepId, Doubt]:
    """Whose records are in doubt, of those who are judged in the group."""
    found = {}
    for rep in group.judged & readings.keys():
        reading = readings[rep]
        share, count = reading.value or 0.0, round((reading.value or 0.0) * reading.facts)
        if count < kind.fewest or share < kind.share:
            continue
        others = [readings[peer] for peer in group.peers if peer != rep and peer in readings]
        if share >= TIMES_THE_USUAL * _usual(kind, others):
            found[rep] = Doubt(metric=kind.metric, count=count, of=reading.facts)
    return found


def _usual(kind: DoubtKind, readings: Iterable[Reading]) -> float:
    shares = [
        each.value for each in readings if each.value is not None and each.facts >= kind.fewest
    ]
    return median(shares) if len(shares) >= FEWEST_PEERS else 0.0


def doubt_about(metric: MetricKey, doubts: Iterable[Doubt]) -> str | None:
    """Why praise for a metric waits, in words; None where nothing stands against it."""
    return next((each.words for each in doubts if metric in each.waiting), None)

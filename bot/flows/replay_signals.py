"""The weekly evidence of a replay: weighed as the weeks become complete, kept in memory only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.coaching.changes import NEWS_FOR_DAYS
from bot.coaching.evidence.signals import WeekOutcome
from bot.coaching.evidence.state import EvidenceState
from bot.domain.ids import MetricKey, RepId
from bot.flows.weigh import weigh_weeks
from bot.queries.changes import Changes
from bot.queries.digest_changes import SHARED_FOR
from bot.queries.panel import newest_complete_week
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.evidence import FindingRow, SignalRow, finding_rows, signal_rows
from bot.storage.facts.select import Knowledge
from bot.storage.roster import Roster

#: A week is weighed on the Tuesday after it.
KNOWN_AFTER = timedelta(days=8)


@dataclass(slots=True)
class Evidence:
    """What the replay's weeks showed so far."""

    state: EvidenceState | None = None
    signals: list[SignalRow] = field(default_factory=list)
    findings: list[FindingRow] = field(default_factory=list)

    def weigh(self, runtime: Runtime, roster: Roster, known: Knowledge) -> Sequence[WeekOutcome]:
        """Weigh the weeks that are complete by the day and were not weighed yet."""
        last = newest_complete_week(known.day)
        if self.state is not None and self.state.week is not None and self.state.week >= last:
            return ()
        with reading(runtime.database) as session:
            outcomes, self.state = weigh_weeks(
                session, runtime, roster, self.state, last=last, known=known
            )
        for outcome in outcomes:
            self.signals += signal_rows(outcome.signals, outcome.trust_flags)
            self.findings += finding_rows(outcome.findings)
        return outcomes

    def news(self, today: date) -> Changes:
        """Signals that are still news, by rep, newest first."""
        found: dict[RepId, list[SignalRow]] = {}
        for row in sorted(self.signals, key=lambda each: each.week, reverse=True):
            if 0 <= (today - row.week).days <= NEWS_FOR_DAYS:
                found.setdefault(RepId(row.rep_id), []).append(row)
        return found

    def shared(self, today: date) -> list[FindingRow]:
        """Falls that a digest of ``today`` tells of."""
        since = today - SHARED_FOR
        return [row for row in self.findings if since <= row.week <= today]

    def told_on(self, day: date) -> Iterator[SignalRow | FindingRow]:
        """What became known on a day: the week that ended before the Tuesday."""
        for signal in self.signals:
            if signal.week + KNOWN_AFTER == day:
                yield signal
        for finding in self.findings:
            if finding.week + KNOWN_AFTER == day:
                yield finding


def valence_of(row: SignalRow) -> str:
    if row.kind == "improvement":
        return "positive"
    return "neutral" if row.kind == "trust" else "warning"


def words_of(row: SignalRow | FindingRow, runtime: Runtime) -> str:
    known = runtime.metrics.get(MetricKey(row.metric))
    title = known.metric.title if known else row.metric
    counts = f"{row.observed:.0f} where about {row.expected:.0f} was to be expected"
    if isinstance(row, SignalRow):
        return f"{title}: {counts} over {row.weeks} weeks ({row.kind}, {row.tier})"
    return f"{title}: {counts} ({row.cause})"

"""What the last weeks showed, laid beside each rep's view: their own signals, and a quiet team."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import Session

from bot.coaching.changes import NEWS_FOR_DAYS
from bot.coaching.rep_view import NoticedChange, RepView
from bot.domain.ids import MetricKey, RepId, TeamId
from bot.queries.yardstick import Yardstick
from bot.storage.evidence import SignalRow, read_signals

#: A team whose members logged nothing on these last working days is quiet together.
QUIET_DAYS = 2

Changes = Mapping[RepId, Sequence[SignalRow]]


def read_changes(session: Session, today: date) -> Changes:
    """The signals that are still news."""
    return read_signals(session, since=today - timedelta(days=NEWS_FOR_DAYS), until=today)


def with_changes(
    views: Mapping[RepId, RepView],
    changes: Changes,
    *,
    yardstick: Yardstick,
    plays: Mapping[str, str],
) -> Mapping[RepId, RepView]:
    quiet = _quiet_teams(views)
    return {
        rep: replace(
            view,
            changes=tuple(_noticed(row, view, yardstick, plays) for row in changes.get(rep, ())),
            is_team_quiet=view.team in quiet,
        )
        for rep, view in views.items()
    }


def _noticed(
    row: SignalRow, view: RepView, yardstick: Yardstick, plays: Mapping[str, str]
) -> NoticedChange:
    metric = MetricKey(row.metric)
    model = yardstick.models.get(view.role)
    target = model.ranges.get(metric) if model else None
    return NoticedChange(
        metric=metric,
        title=_title(metric, yardstick),
        kind=row.kind,
        tier=row.tier,
        week=row.week,
        observed=row.observed,
        expected=row.expected,
        weeks=row.weeks,
        posterior=row.posterior,
        leverage=target.leverage if target else 0.0,
        play=plays.get(target.play or "", "") if target else "",
        leads_to=_title(MetricKey(str(row.detail.get("leads_to", ""))), yardstick),
    )


def _title(metric: MetricKey, yardstick: Yardstick) -> str:
    known = yardstick.metrics.get(metric)
    return known.metric.title if known else str(metric)


def _quiet_teams(views: Mapping[RepId, RepView]) -> set[TeamId | None]:
    """Where half of a team has been silent as long, the cause is the team's and not the rep's."""
    present: dict[TeamId | None, list[RepView]] = defaultdict(list)
    for view in views.values():
        if view.is_present:
            present[view.team].append(view)
    return {
        team
        for team, members in present.items()
        if len(members) > 1 and 2 * sum(_is_silent(view) for view in members) >= len(members)
    }


def _is_silent(view: RepView) -> bool:
    return not any(view.activities_by_working_day[:QUIET_DAYS])

"""What the last weeks showed, laid beside each rep's view: their own signals, and a quiet team."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import Session

from bot.coaching.changes import NEWS_FOR_DAYS, of_one_mind, worth_telling
from bot.coaching.lull import find_lull, is_silent_together
from bot.coaching.rep_view import NoticedChange, RepView
from bot.domain.ids import MetricKey, RepId, RoleKey, TeamId
from bot.domain.metric import Unit
from bot.domain.windows import Window
from bot.queries.yardstick import Yardstick
from bot.storage.evidence import SignalRow, read_signals

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
    teams: dict[TeamId | None, list[RepView]] = defaultdict(list)
    for view in views.values():
        teams[view.team].append(view)
    found = {}
    for rep, view in views.items():
        rows = (noticed(row, view.role, yardstick, plays) for row in changes.get(rep, ()))
        told = worth_telling(of_one_mind(rows))
        is_quiet = _is_team_quiet(view, teams[view.team])
        is_alike = view.changes == told and view.is_team_quiet == is_quiet
        found[rep] = view if is_alike else replace(view, changes=told, is_team_quiet=is_quiet)
    return found


def noticed(
    row: SignalRow, role: RoleKey, yardstick: Yardstick, plays: Mapping[str, str]
) -> NoticedChange:
    metric = MetricKey(row.metric)
    model = yardstick.models.get(role)
    target = model.ranges.get(metric) if model else None
    known = yardstick.metrics.get(metric)
    is_share = known is not None and known.metric.unit is Unit.SHARE
    return NoticedChange(
        metric=metric,
        title=_title(metric, yardstick),
        kind=row.kind,
        direction=row.direction,
        tier=row.tier,
        week=row.week,
        observed=row.observed,
        expected=row.expected,
        weeks=row.weeks,
        window=_days_of(row),
        trials=_number(row, "exposure") if is_share else None,
        range_width=target.high - target.low if target else None,
        is_against_range=row.kind != "trust" and row.detail.get("evidence") is None,
        posterior=row.posterior,
        leverage=target.leverage if target else 0.0,
        play=plays.get(target.play or "", "") if target else "",
        leads_to=_title(MetricKey(str(row.detail.get("leads_to", ""))), yardstick),
        yielded=_number(row, "yielded"),
        yield_expected=_number(row, "yield_expected"),
    )


def _days_of(row: SignalRow) -> Window:
    """The calendar weeks that the signal's facts lie in."""
    span = max(row.weeks, round(_number(row, "span")))
    return Window(
        first=row.week - timedelta(days=7 * (span - 1)),
        last=row.week + timedelta(days=6),
        label=f"{row.weeks} weeks",
    )


def _number(row: SignalRow, name: str) -> float:
    value = row.detail.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def _title(metric: MetricKey, yardstick: Yardstick) -> str:
    known = yardstick.metrics.get(metric)
    return known.metric.title if known else str(metric)


def _is_team_quiet(view: RepView, team: Sequence[RepView]) -> bool:
    """Whether the rep's mates fell silent as well; the rep alone does not make a team quiet."""
    mates = [each for each in team if each.rep != view.rep]
    return find_lull(mates) is not None or is_silent_together(team)

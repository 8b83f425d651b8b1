"""What each rep was last asked to keep an eye on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import Session, col, select

from bot.coaching.leverage import FOCUS_DAYS, HeldFocus, held_focus
from bot.coaching.rep_view import RepView
from bot.domain.ids import MetricKey, RepId, RuleKey
from bot.domain.nudge import HoldReason
from bot.storage.decisions import DecisionRow

RULE = RuleKey("focus_of_the_week")
Focuses = Mapping[RepId, HeldFocus]


def read_focuses(session: Session, today: date) -> Focuses:
    """From the decisions of the last weeks; two windows, since the first may end within."""
    row = DecisionRow
    rows = session.exec(
        select(row).where(
            col(row.rule) == RULE,
            col(row.day) >= today - timedelta(days=2 * FOCUS_DAYS),
            col(row.day) <= today,
        )
    )
    return focuses_of(rows)


def focuses_of(rows: Iterable[DecisionRow]) -> Focuses:
    """A focus that was withheld on purpose is one as well, or the holdout would compare nothing."""
    said: dict[str, list[tuple[MetricKey, date]]] = defaultdict(list)
    for row in rows:
        is_said = row.verdict in {"send", "defer"} or row.reason == HoldReason.HOLDOUT
        if row.rule == RULE and row.metric is not None and is_said:
            said[row.to_id].append((MetricKey(row.metric), row.day))
    found = {RepId(rep): held_focus(each) for rep, each in said.items()}
    return {rep: held for rep, held in found.items() if held is not None}


def with_focuses(views: Mapping[RepId, RepView], focuses: Focuses) -> Mapping[RepId, RepView]:
    return {
        rep: view if view.focus == focuses.get(rep) else replace(view, focus=focuses.get(rep))
        for rep, view in views.items()
    }

"""Whose records of the last four weeks are in doubt, and how a team's records stand."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.coaching.doubts import KINDS, Doubt, find_doubts
from bot.coaching.rep_view import RepView
from bot.domain.ids import MetricKey, RepId
from bot.domain.metric import Reading
from bot.domain.people import Rep
from bot.domain.windows import Window, weeks_back
from bot.queries.yardstick import Yardstick
from bot.storage.current import read_or_measure
from bot.storage.facts.select import Knowledge

WEEKS = 4


def read_doubts(
    session: Session,
    yardstick: Yardstick,
    reps: Iterable[Rep],
    *,
    knowledge: Knowledge,
    as_of: datetime,
) -> Mapping[RepId, tuple[Doubt, ...]]:
    """Only of whom there are any."""
    asked = list(reps)
    people = yardstick.with_peers(asked)
    found: dict[RepId, list[Doubt]] = {}
    window = weeks_back(knowledge.day - timedelta(days=1), WEEKS)
    told = read_shares(session, yardstick, people, window=window, knowledge=knowledge, as_of=as_of)
    groups = yardstick.peer_groups(asked, knowledge.day)
    wanted = {rep.id for rep in asked}
    for kind in KINDS:
        waiting = frozenset(
            key for key, each in yardstick.metrics.items() if kind.touches(each.metric)
        )
        for group in groups:
            for rep, doubt in find_doubts(kind, told.get(kind.metric, {}), group).items():
                if rep in wanted:
                    found.setdefault(rep, []).append(replace(doubt, waiting=waiting))
    return {rep: tuple(doubts) for rep, doubts in found.items()}


def read_shares(
    session: Session,
    yardstick: Yardstick,
    reps: Iterable[Rep],
    *,
    window: Window,
    knowledge: Knowledge,
    as_of: datetime,
) -> Mapping[MetricKey, Mapping[RepId, Reading]]:
    """The shares of records that may be in doubt, of the metrics that there are."""
    ids = [rep.id for rep in reps]
    return {
        kind.metric: read_or_measure(
            session,
            yardstick.metrics[kind.metric],
            reps=ids,
            window=window,
            knowledge=knowledge,
            as_of=as_of,
        )
        for kind in KINDS
        if kind.metric in yardstick.metrics
    }


def team_trust(
    session: Session,
    yardstick: Yardstick,
    reps: Iterable[Rep],
    *,
    window: Window | None,
    knowledge: Knowledge,
    as_of: datetime,
) -> tuple[str, ...]:
    """How many of a team's records say less than they seem to; no names, since reps are asked."""
    told = read_shares(
        session,
        yardstick,
        reps,
        window=window or weeks_back(knowledge.day - timedelta(days=1), WEEKS),
        knowledge=knowledge,
        as_of=as_of,
    )
    lines = []
    for kind in KINDS:
        readings = told.get(kind.metric, {}).values()
        count = round(sum((each.value or 0.0) * each.facts for each in readings))
        in_all = sum(each.facts for each in readings)
        if in_all:
            title = yardstick.metrics[kind.metric].metric.title
            lines.append(f"{title}: {count / in_all:.0%} ({count:,} of {in_all:,} records)")
    return tuple(lines)


def with_doubts(
    views: Mapping[RepId, RepView], found: Mapping[RepId, tuple[Doubt, ...]]
) -> Mapping[RepId, RepView]:
    return {
        rep: view if view.doubts == found.get(rep, ()) else replace(view, doubts=found.get(rep, ()))
        for rep, view in views.items()
    }


def words_of_doubts(doubts: Iterable[Iterable[Doubt]]) -> tuple[str, ...]:
    """What is in doubt of a team's records, added up so that it names nobody."""
    every = [doubt for of_rep in doubts for doubt in of_rep]
    lines = []
    for kind in KINDS:
        those = [doubt for doubt in every if doubt.metric == kind.metric]
        if those:
            count, in_all = sum(each.count for each in those), sum(each.of for each in those)
            lines.append(replace(those[0], count=count, of=in_all).words)
    return tuple(lines)

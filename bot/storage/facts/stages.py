"""The org's stages: as it lists them, or else as its opportunities show them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import Session, col, select

from bot.domain.organisation import Organisation
from bot.storage.facts.span_parts import Stage
from bot.storage.mirror.opportunity import (
    OpportunityHistoryRow,
    OpportunityRow,
    OpportunityStageRow,
)


def read_stages(session: Session, organisation: Organisation) -> Mapping[str, Stage]:
    """Stage name → what it means. Open stages stand in their order, closed ones at the end."""
    listed = session.exec(
        select(OpportunityStageRow)
        .where(col(OpportunityStageRow.is_deleted).is_(False))
        .order_by(col(OpportunityStageRow.sort_order), col(OpportunityStageRow.name))
    ).all()
    closed = {stage.name: (stage.is_closed, stage.is_won) for stage in listed}
    order = [stage.name for stage in listed if not stage.is_closed]
    shown = _shown(session)
    for name, outcome in shown.items():
        closed.setdefault(name, outcome)
    probability = _probabilities(session)
    unlisted = [name for name, (is_closed, _) in closed.items() if not is_closed]
    order += sorted(
        (name for name in unlisted if name not in order),
        key=lambda name: (probability.get(name, 0.0), name),
    )
    known = {stage.name for stage in listed}
    return {
        # Where the CRM lists none at all, there is no list for a stage to be missing from.
        name: replace(
            _stage(name, outcome, order, organisation), is_listed=name in known or not known
        )
        for name, outcome in closed.items()
    }


def _stage(
    name: str, outcome: tuple[bool, bool], order: list[str], organisation: Organisation
) -> Stage:
    is_closed, is_won = outcome
    if is_closed:
        return Stage(name=name, progress=1.0, is_closed=True, is_won=is_won, is_qualified=is_won)
    place = order.index(name)
    return Stage(
        name=name,
        progress=place / (len(order) - 1) if len(order) > 1 else 1.0,
        is_closed=False,
        is_won=False,
        is_qualified=place >= _qualified_place(order, organisation),
    )


def _qualified_place(order: list[str], organisation: Organisation) -> int:
    if organisation.qualified_stage in order:
        return order.index(organisation.qualified_stage)
    return min(1, len(order) - 1)


def _shown(session: Session) -> Mapping[str, tuple[bool, bool]]:
    opportunity = OpportunityRow
    seen = session.exec(
        select(opportunity.stage_name, opportunity.is_closed, opportunity.is_won)
        .where(col(opportunity.is_deleted).is_(False))
        .distinct()
    )
    return {name: (is_closed, is_won) for name, is_closed, is_won in seen}


def _probabilities(session: Session) -> Mapping[str, float]:
    """Stage name → the middle of the probabilities seen in it."""
    seen: dict[str, set[float]] = defaultdict(set)
    for row in (OpportunityRow, OpportunityHistoryRow):
        for name, probability in session.exec(
            select(row.stage_name, row.probability)
            .where(col(row.probability).is_not(None))
            .distinct()
        ):
            seen[name].add(float(probability or 0))
    return {name: (min(values) + max(values)) / 2 for name, values in seen.items()}

"""What was paid, and what people did, by the objective of the business that it is for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from bot.compensation.curve import NOTHING
from bot.compensation.evidence import ELSEWHERE
from bot.compensation.plan import Component, Objective, ObjectiveKey
from bot.domain.windows import Window
from bot.queries.pay_measures import Measures
from bot.storage.facts.tables import ActivityRow
from bot.storage.mirror.opportunity import OpportunityRow

if TYPE_CHECKING:
    from bot.queries.pay_evidence import Settlement

#: What people do, as `activity` metrics count it.
KINDS = ("call", "email", "meeting")


def activities_for(measures: Measures, window: Window) -> Mapping[ObjectiveKey, int]:
    """Calls, e-mails and meetings by the objective that names the Type of their deal."""
    objectives = measures.runtime.pay.objectives
    row: Any = ActivityRow
    deal: Any = OpportunityRow
    wanted = (
        select(row.opportunity_id.is_(None), deal.type, func.count())
        .select_from(row)
        .outerjoin(deal, col(deal.id) == col(row.opportunity_id))
        .where(
            col(row.rep_id).in_(list(measures.people)),
            col(row.done_on).between(window.first, window.last),
            col(row.kind).in_(KINDS),
        )
        .group_by(row.opportunity_id.is_(None), deal.type)
    )
    found: dict[ObjectiveKey, int] = defaultdict(int)
    for is_prospecting, kind, count in measures.session.connection().execute(wanted):
        key = _prospecting(objectives) if is_prospecting else _about(objectives, kind)
        found[key] += int(count)
    return found


def paid_for(
    measures: Measures, settlements: Sequence["Settlement"], window: Window
) -> Mapping[ObjectiveKey, Decimal]:
    """A component's pay goes to what it serves; to several by the Types of the deals behind it."""
    paid: dict[str, Decimal] = defaultdict(Decimal)
    components: dict[str, Component] = {}
    for settled in settlements:
        for part in settled.parts:
            paid[part.component.key] += part.amount
            components[part.component.key] = part.component
    found: dict[ObjectiveKey, Decimal] = defaultdict(Decimal)
    for key, component in components.items():
        for objective, share in _shares(measures, component, window).items():
            found[objective] += paid[key] * share
    return found


def _shares(
    measures: Measures, component: Component, window: Window
) -> Mapping[ObjectiveKey, Decimal]:
    if not component.serves:
        return {ELSEWHERE: Decimal(1)}
    served = [each for each in measures.runtime.pay.objectives if each.key in component.serves]
    amounts: dict[ObjectiveKey, Decimal] = defaultdict(Decimal)
    if len(served) > 1 and component.metric and any(each.deal_types for each in served):
        facts = measures.facts(component.metric, window)
        types = _types(measures, [fact.record for fact in facts])
        for fact in facts:
            if fact.record in types:
                amounts[_about(served, types[fact.record])] += fact.value
    whole = sum(amounts.values(), NOTHING)
    if whole > NOTHING:
        return {key: amount / whole for key, amount in amounts.items()}
    return {key: Decimal(1) / len(component.serves) for key in component.serves}


def _types(measures: Measures, records: Sequence[str]) -> Mapping[str, str | None]:
    row: Any = OpportunityRow
    wanted = select(row.id, row.type).where(col(row.id).in_(records))
    return {str(record): kind for record, kind in measures.session.connection().execute(wanted)}


def _about(objectives: Sequence[Objective], kind: str | None) -> ObjectiveKey:
    return next((each.key for each in objectives if kind in each.deal_types), ELSEWHERE)


def _prospecting(objectives: Sequence[Objective]) -> ObjectiveKey:
    return next((each.key for each in objectives if each.is_prospecting), ELSEWHERE)

"""Closed opportunities with the share that each person has in their money."""

from typing import Any

from sqlalchemy import Float, and_, cast, func, literal, select
from sqlalchemy.orm import aliased

from bot.domain.choices import Choices
from bot.storage.facts.credits import DealCreditRow
from bot.storage.facts.deals import closed
from bot.storage.facts.expressions import Expression
from bot.storage.facts.source import Knowledge, Source
from bot.storage.facts.tables import DealSpanRow

OF_MONEY = ("amount", "amount_before_close", "first_amount")


def credited(knowledge: Knowledge, choices: Choices) -> Source:
    """One row each for those whom the CRM credits with a part of it; else one for its owner."""
    whole = closed(knowledge, choices)
    if choices.split_credit == "owner":
        columns = {**whole.columns, "share": literal(1.0, Float())}
        return Source(columns=columns, clause=whole.clause, conditions=whole.conditions)
    credit: Any = aliased(DealCreditRow, name="credit")
    share = func.coalesce(credit.share, 1.0)
    return Source(
        columns={
            **whole.columns,
            "rep_id": func.coalesce(credit.rep_id, whole.columns["rep_id"]),
            "share": share,
            **{name: cast(whole.columns[name], Float()) * share for name in OF_MONEY},
        },
        clause=whole.clause.outerjoin(credit, is_credited(credit, DealSpanRow, knowledge)),
        conditions=whole.conditions,
    )


def is_credited(credit: Any, span: Any, knowledge: Knowledge) -> Expression:  # noqa: ANN401 - a table class or an alias of one
    """What the CRM said of the deal by the day."""
    return and_(credit.opportunity_id == span.opportunity_id, credit.known_on <= knowledge.day)


def is_split(span: Any, knowledge: Knowledge) -> Expression:  # noqa: ANN401 - a table class or an alias of one
    credit: Any = aliased(DealCreditRow, name="split_up")
    return select(literal(1)).where(is_credited(credit, span, knowledge)).correlate(span).exists()

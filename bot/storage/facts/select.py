"""A checked metric file becomes one SELECT over the derived tables, with every value bound."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from bot.domain.choices import STANDARD, Choices
from bot.metrics.definition import Definition
from bot.storage.facts import (
    changes,
    credited,
    deals,
    email_threads,
    next_steps,
    open_before,
    open_deals,
    pace,
    persons,
    starts,
    work,
)
from bot.storage.facts.expressions import as_number, compile_term
from bot.storage.facts.source import DaysBetween, Knowledge, Source

_MADE: Mapping[str, Callable[[Knowledge, Choices], Source]] = {
    "opportunity_created": deals.created,
    "qualified_opportunity": deals.qualified,
    "closed_opportunity": deals.closed,
    "credited_opportunity": credited.credited,
    "opportunity_change": changes.changes,
    "due_opportunity": changes.due,
    "open_opportunity": open_deals.open_deals,
    "opportunity_open_before": open_before.open_before,
    "activity": work.activities,
    "meeting": work.meetings,
    "account": work.accounts,
    "next_step": next_steps.next_steps,
    "quota_period": persons.quota_period,
    "rep_start": starts.starts,
    "pipeline_pace": pace.pipeline_pace,
    "lead": work.leads,
    "email_thread": email_threads.email_threads,
}

#: The hour changes nothing of them, so that a day's pulls share what is put together for one.
OF_WHOLE_DAYS = frozenset(
    {
        "opportunity_created",
        "qualified_opportunity",
        "closed_opportunity",
        "credited_opportunity",
        "opportunity_change",
        "due_opportunity",
        "opportunity_open_before",
        "quota_period",
        "pipeline_pace",
        "email_thread",
    }
)

__all__ = ["DaysBetween", "Knowledge", "Source", "select_facts", "select_from", "source_of"]


def select_facts(definition: Definition, knowledge: Knowledge) -> Select[Any]:
    """One row a fact: rep_id, day, id, numerator, denominator. Nulls are facts without a value."""
    source = source_of(definition.table.name, knowledge, definition.choices)
    return select_from(definition, source)


def source_of(table: str, knowledge: Knowledge, choices: Choices = STANDARD) -> Source:
    """Kept, because all metrics of one table and day share it and it is slow to put together."""
    if table in OF_WHOLE_DAYS:
        knowledge = knowledge.of_whole_day()
    # Readings that are there already make no facts.
    return _made(table, replace(knowledge, is_current=False), choices)


@lru_cache(maxsize=128)
def _made(table: str, knowledge: Knowledge, choices: Choices) -> Source:
    return _MADE[table](knowledge, choices)


def select_from(definition: Definition, source: Source) -> Select[Any]:
    """The same over any source that has the fact table's columns."""
    columns = source.columns
    conditions = list(source.conditions)
    if definition.where is not None:
        conditions.append(compile_term(definition.where, columns))
    day = columns[definition.day]
    return (
        select(
            columns["rep_id"].label("rep_id"),
            day.label("day"),
            columns["id"].label("id"),
            as_number(definition.numerator, columns).label("numerator"),
            as_number(definition.denominator, columns).label("denominator"),
        )
        .select_from(source.clause_for(definition.columns))
        .where(day.is_not(None), *conditions)
    )

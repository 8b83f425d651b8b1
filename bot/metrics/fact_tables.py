"""The documented tables of facts that a metric file may draw on.

``bot.storage.facts`` knows where each column comes from. Every fact is known *as of* a day: what
the CRM had recorded by the end of that day, whatever was changed later.
"""

from collections.abc import Mapping

from bot.metrics.deal_facts import DEAL_FACTS
from bot.metrics.fact_table import Column, FactTable, Kind
from bot.metrics.open_deal_facts import OPEN_DEAL_FACTS
from bot.metrics.person_facts import PERSON_FACTS
from bot.metrics.work_facts import WORK_FACTS

FACT_TABLES: Mapping[str, FactTable] = {
    table.name: table for table in (*DEAL_FACTS, *OPEN_DEAL_FACTS, *WORK_FACTS, *PERSON_FACTS)
}

__all__ = ["FACT_TABLES", "Column", "FactTable", "Kind"]

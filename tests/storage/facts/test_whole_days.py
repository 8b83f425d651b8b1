"""Fact tables that are put together once a day: the hour changes nothing of what they ask for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from bot.domain.choices import STANDARD
from bot.storage.facts.select import _MADE, OF_WHOLE_DAYS
from bot.storage.facts.source import Knowledge

MORNING = Knowledge(day=date(2026, 3, 9), now=datetime(2026, 3, 9, 8, tzinfo=UTC))


def asked(table: str, knowledge: Knowledge) -> tuple[str, dict[str, object]]:
    source = _MADE[table](knowledge, STANDARD)
    columns = [each.label(name) for name, each in source.columns.items()]
    clause = source.clause_for(frozenset(source.columns))
    statement = select(*columns).select_from(clause).where(*source.conditions)
    compiled = statement.compile(dialect=sqlite.dialect())
    return str(compiled), dict(compiled.params)


@pytest.mark.parametrize("table", sorted(_MADE))
def test_what_is_kept_for_a_day_asks_for_the_same_at_every_hour(table: str) -> None:
    same = all(
        asked(table, known) == asked(table, replace(known, now=known.now + timedelta(hours=9)))
        for known in (MORNING, replace(MORNING, kept_on=MORNING.day))
    )
    assert same == (table in OF_WHOLE_DAYS)

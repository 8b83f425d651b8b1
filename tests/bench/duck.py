"""The same sums by DuckDB over the same rows in Parquet, and the bare insert of what came out."""

import csv
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Column, Engine, Select, text
from sqlalchemy.dialects import postgresql

from bot.flows.roll_up import state_days
from bot.metrics.definition import Definition
from bot.storage.assignments import AssignmentRow
from bot.storage.crm_rates import ExchangeRateRow
from bot.storage.database import reading
from bot.storage.facts.credits import DealCreditRow
from bot.storage.facts.select import Knowledge
from bot.storage.facts.tables import (
    ActivityRow,
    DealSpanRow,
    EmailThreadRow,
    LeadFactRow,
    NextStepRow,
    StartRow,
)
from bot.storage.fill import flow_sums, is_kept_daily, state_sums
from bot.storage.mirror.account import AccountRow
from bot.storage.mirror.opportunity import (
    OpportunityContactRoleRow,
    OpportunityRow,
    QuotaRow,
)
from bot.storage.mirror.user import CrmUserRow
from tests.mirrored import metrics

POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy does not say
TABLES = (
    AccountRow,
    ActivityRow,
    AssignmentRow,
    CrmUserRow,
    DealCreditRow,
    DealSpanRow,
    EmailThreadRow,
    ExchangeRateRow,
    LeadFactRow,
    NextStepRow,
    OpportunityContactRoleRow,
    OpportunityRow,
    QuotaRow,
    StartRow,
)
NOTHING = "\\N"
READINGS = "SELECT metric, rep_id, day, numerator, denominator, facts FROM daily_reading"
ONE_TABLE = """CREATE TABLE bare (metric TEXT, rep_id TEXT, day TEXT, numerator REAL,
    denominator REAL, facts INTEGER, PRIMARY KEY (metric, day, rep_id)) WITHOUT ROWID"""


def write_parquet(folder: Path) -> None:
    """One file a table, from the SQLite file in the folder."""
    with closing(sqlite3.connect(folder / "large.sqlite3")) as ours:
        for each in TABLES:
            name = each.__tablename__
            with (folder / f"{name}.csv").open("w", newline="") as written:
                rows = ours.execute(f"SELECT * FROM {name}")  # noqa: S608 - ours
                csv.writer(written).writerow([column[0] for column in rows.description])
                told = ([NOTHING if cell is None else cell for cell in row] for row in rows)
                csv.writer(written).writerows(told)
            with closing(duckdb.connect()) as duck:
                columns = each.__table__.columns  # type: ignore[union-attr]  # SQLModel adds it
                words = ", ".join(f"{column.name} {_word(column)}" for column in columns)
                duck.execute(f"CREATE TABLE {name} ({words})")
                duck.execute(
                    f"COPY {name} FROM '{folder / name}.csv' (HEADER, NULLSTR '{NOTHING}')"
                )
                duck.execute(f"COPY {name} TO '{folder / name}.parquet'")


def _word(column: Column[Any]) -> str:
    word = column.type.compile(dialect=POSTGRESQL)
    return "TIMESTAMP" if word.startswith("TIMESTAMP") else word


def sums(folder: Path, knowledge: Knowledge) -> dict[str, float]:
    """All that a first fill adds up; what stands above the line, by metric."""
    found: dict[str, float] = {}
    with closing(duckdb.connect()) as duck:
        for each in TABLES:
            file = folder / f"{each.__tablename__}.parquet"
            duck.execute(f"CREATE VIEW {each.__tablename__} AS SELECT * FROM '{file}'")  # noqa: S608 - ours
        for group, statement in asked(knowledge):
            words = statement.compile(dialect=POSTGRESQL, compile_kwargs={"literal_binds": True})
            typed = re.sub(r"'(\d{4}-\d\d-\d\d)'", r"DATE '\1'", str(words).replace("%%", "%"))
            rows = duck.execute(typed).fetchall()
            for at, definition in enumerate(group):
                key = definition.metric.key
                found[key] = found.get(key, 0.0) + sum(float(row[2 + 3 * at]) for row in rows)
    return found


def asked(knowledge: Knowledge) -> Iterator[tuple[Sequence[Definition], Select[Any]]]:
    kept = [each for each in metrics().values() if is_kept_daily(each)]
    yield from flow_sums([each for each in kept if not each.metric.is_state], knowledge=knowledge)
    states = [each for each in kept if each.metric.is_state]
    for day in state_days(knowledge.day):
        yield from state_sums(states, knowledge=replace(knowledge, day=day))


def all_readings(database: Engine) -> list[tuple[object, ...]]:
    with reading(database) as session:
        return [tuple(row) for row in session.connection().execute(text(READINGS))]


def insert_bare(rows: list[tuple[object, ...]], folder: Path) -> None:
    with closing(sqlite3.connect(folder / "bare.sqlite3")) as bare:
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute(ONE_TABLE)
        bare.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?)", rows)
        bare.commit()

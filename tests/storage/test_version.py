"""What is remembered stands as long as nobody has committed anything that it is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bot.storage.database import open_database, reading, transaction
from bot.storage.inbox import receive
from bot.storage.people import LeaveRow
from bot.storage.version import (
    Memory,
    Moves,
    Same,
    changes_only,
    is_relevant,
    remembered,
    what_moves,
)

NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
MONDAY = date(2026, 3, 9)


@dataclass
class Counting:
    """How many days of leave there are, and how often that was looked up."""

    database: Engine
    until: Moves = Moves.LATELY
    looked_up: list[int] = field(default_factory=list)

    def ask(self) -> int:
        with reading(self.database) as session:

            def make() -> int:
                self.looked_up.append(1)
                return len(session.exec(select(LeaveRow)).all())

            return remembered(session, "leave counted", make, until=self.until)


def leave() -> LeaveRow:
    return LeaveRow(person_id="005", first_day=MONDAY, last_day=MONDAY, source="command")


def test_the_same_question_is_looked_up_once(database: Engine) -> None:
    counting = Counting(database)
    assert [counting.ask(), counting.ask()] == [0, 0]
    assert len(counting.looked_up) == 1


def write_in_vain(database: Engine) -> None:
    with transaction(database) as session:
        session.add(leave())
        session.flush()
        session.connection().execute(text("INSERT INTO leave (person_id) VALUES (NULL)"))


def by_row(database: Engine) -> None:
    with transaction(database) as session:
        session.add(leave())


def by_words(database: Engine) -> None:
    words = "INSERT INTO leave (person_id, first_day, last_day, source)"
    with database.begin() as connection:
        connection.execute(text(f"{words} VALUES ('005', '2026-03-09', '2026-03-09', 'csv')"))


def from_another_instance(database: Engine) -> None:
    other = open_database(database.url.render_as_string(hide_password=False))
    by_row(other)
    other.dispose()


@pytest.mark.parametrize("write", [by_row, by_words, from_another_instance])
def test_whoever_writes_everybody_hears_of_it(
    database: Engine, write: Callable[[Engine], None]
) -> None:
    counting = Counting(database)
    assert counting.ask() == 0
    write(database)
    assert counting.ask() == 1


def test_what_was_taken_back_changes_nothing(database: Engine) -> None:
    counting = Counting(database)
    counting.ask()
    with pytest.raises(IntegrityError):
        write_in_vain(database)
    assert counting.ask() == 0
    assert len(counting.looked_up) == 1


def test_a_delivery_of_slacks_is_no_news(database: Engine) -> None:
    counting = Counting(database)
    counting.ask()
    with transaction(database) as session:
        assert receive(session, "command:1", now=NOW)
    counting.ask()
    assert len(counting.looked_up) == 1


def test_who_is_in_the_middle_of_writing_is_told_of_their_own_words(database: Engine) -> None:
    counting = Counting(database)
    counting.ask()
    with reading(database) as session:
        session.add(leave())
        session.flush()
        told = remembered(
            session, "leave counted", lambda: len(session.exec(select(LeaveRow)).all())
        )
    assert told == 1
    assert counting.ask() == 0


def test_a_flow_is_never_told_from_memory(database: Engine) -> None:
    Counting(database).ask()
    with transaction(database) as session:
        assert remembered(session, "leave counted", lambda: -1) == -1


@pytest.mark.parametrize(
    ("statement", "is_news"),
    [
        ("SELECT 1", False),
        ("  insert into leave (id) VALUES (1)", True),
        ('DELETE FROM "crm_user"', True),
        ("UPDATE inbox SET key = 1", False),
        ("INSERT OR REPLACE INTO leave VALUES (1)", True),
        ("WITH told AS (SELECT 1) SELECT * FROM told", False),
        ("WITH told AS (SELECT 1) DELETE FROM leave", True),
    ],
)
def test_in_doubt_it_is_news(statement: str, *, is_news: bool) -> None:
    assert is_relevant(statement) is is_news


@pytest.mark.parametrize(
    ("statement", "moves"),
    [
        ("INSERT INTO activity (id) VALUES (1)", Moves.ACTIVITY),
        ("INSERT INTO wide_3 (rep_id) SELECT 1", Moves.LATELY),
        ("INSERT INTO crm_task (id) SELECT id FROM incoming_row", Moves.LATELY),
        ("INSERT INTO crm_event (id) SELECT id FROM incoming_row", Moves.ALL),
        ("UPDATE OR FAIL crm_task SET who_id = incoming_row.who_id", Moves.LATELY),
        ("INSERT OR FAIL INTO daily_reading SELECT 1", Moves.ACTIVITY),
        ("REPLACE", Moves.ALL),
        ("UPDATE crm_user SET name = 'Kim'", Moves.ALL),
        ("INSERT OR REPLACE INTO activity VALUES (1)", Moves.ALL),
        ("WITH told AS (SELECT 1) INSERT INTO daily_reading SELECT 1", Moves.ACTIVITY),
        ("WITH told AS (DELETE FROM leave RETURNING id) INSERT INTO activity", Moves.ALL),
    ],
)
def test_in_doubt_it_is_news_of_everything(statement: str, moves: Moves) -> None:
    assert what_moves(statement) is moves


def test_what_stands_is_not_looked_up_again_for_what_people_do(database: Engine) -> None:
    every, standing = Counting(database), Counting(database, until=Moves.ALL)
    for counting in (every, standing):
        counting.ask()
    with database.begin() as connection:
        connection.execute(text("DELETE FROM activity"))
    for counting in (every, standing):
        counting.ask()
    assert (len(every.looked_up), len(standing.looked_up)) == (2, 1)
    by_row(database)
    assert standing.ask() == 1


def test_alike_is_not_the_same() -> None:
    one, other = [1], [1]
    assert Same(one) == Same(one)
    assert Same(one) != Same(other)


def test_memory_has_an_end() -> None:
    memory = Memory(most=2)
    for key in "abc":
        memory.keep(key, 1, key)
    assert [memory.find(key, 1) for key in "abc"] == [None, ("b",), ("c",)]


def test_memory_holds_the_newest_state_and_moment_alone() -> None:
    memory = Memory()
    memory.keep("a", 1, "old")
    memory.keep("b", 2, "new", moment=9)
    assert memory.find("a", 1) is None
    assert memory.find("b", 2, moment=9) == ("new",)
    memory.keep("b", 2, "newer", moment=10)
    assert memory.find("b", 2, moment=9) is None
    memory.keep("a", 1, "from a session that began before")
    assert memory.find("a", 1) is None


@pytest.mark.parametrize(
    ("since", "again"),
    [(MONDAY - timedelta(days=20), 0), (None, 0), (MONDAY - timedelta(days=21), 1)],
)
def test_what_is_past_is_looked_up_again_for_what_people_did_then(
    database: Engine, since: date | None, again: int
) -> None:
    past = Counting(database, until=Moves.ACTIVITY)
    past.ask()
    with transaction(database) as session:
        changes_only(session, since=since, today=MONDAY)
        session.connection().execute(text("DELETE FROM activity"))
    past.ask()
    assert len(past.looked_up) == 1 + again
    # Whoever says nothing of when it was may have changed any day.
    with transaction(database) as session:
        session.connection().execute(text("DELETE FROM activity"))
    past.ask()
    assert len(past.looked_up) == 2 + again


def test_whatever_a_transaction_says_what_stands_has_moved(database: Engine) -> None:
    past = Counting(database, until=Moves.ACTIVITY)
    past.ask()
    with transaction(database) as session:
        changes_only(session, since=None, today=MONDAY)
        session.add(leave())
    assert past.ask() == 1

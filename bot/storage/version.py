"""Which state the data are in: a number that moves with every commit that could change an answer.

What is worked out of the data may be remembered for as long as the number stands. It is moved by
whoever commits, on any instance, in the very transaction: nobody who changes data has to think of
it, and nobody can be told what was true before.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import date, timedelta
from enum import IntEnum
from threading import Lock
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, event, inspect, select, text
from sqlmodel import Field, Session, SQLModel, col

TABLE = "data_version"
MEMORY = "memory"
#: Marks, in its ``info``, a session that may be answered from memory.
REMEMBERS = "remembers"
WRITTEN, LATELY, VERSION = "has_written", "is_of_lately", "data_version"
#: What no remembered answer is made of: whatever else is written moves the number.
NEVER_REMEMBERED = frozenset(
    {
        TABLE,
        "alembic_version",
        "answer",
        "audit_log",
        "bulk_job",
        "commitment",
        "decision",
        "delivery",
        "draft",
        "firing",
        "inbox",
        "mute",
        "one_on_one",
        "pause",
        "playbook_opened",
        "quiet_hours",
        "snooze",
    }
)
#: Of these a day's work writes ever more, and people, teams and deals stand as they did.
OF_ACTIVITY = frozenset(
    {
        "activity",
        "activity_change",
        "crm_task",
        "cursor",
        "daily_reading",
        "deal_activity",
        "dirty_day",
        "fill_state",
        "kept_deals",
        "pull",
        "stale_record",
        "state_day",
    }
)
#: Copies of records of activity; what they say of any day is told when facts are made of them.
OF_MIRROR = frozenset({"crm_task", "cursor", "pull", "stale_record"})
#: Tables of one connection, made of the others: whatever is read of them was written there first.
TEMPORARY = ("burst_place", "incoming_row", "wide_")
WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|COPY|TRUNCATE)\b", re.IGNORECASE)
WITH_WRITES = re.compile(
    r"\s*WITH\b.*\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\b", re.IGNORECASE | re.DOTALL
)
OR_FAIL = r"(?:\s+OR\s+FAIL)?"
PLACES = rf'(?:INSERT{OR_FAIL}\s+INTO|UPDATE(?!\s+SET){OR_FAIL}|DELETE\s+FROM)\s+"?(\w+)'
PLACE = re.compile(rf"\s*{PLACES}", re.IGNORECASE)
ANY_PLACE = re.compile(rf"\b{PLACES}", re.IGNORECASE)
MOVE = text(
    f"INSERT INTO {TABLE} (id, value, past, standing) VALUES (1, 1, :past, :standing) "  # noqa: S608 - ours
    f"ON CONFLICT (id) DO UPDATE SET value = {TABLE}.value + 1, "
    f"past = {TABLE}.past + :past, standing = {TABLE}.standing + :standing"
)
#: What happened since so long before a day is not past.
PAST_AFTER = timedelta(days=21)
MOST_KEPT = 500
T = TypeVar("T")


class DataVersionRow(SQLModel, table=True):
    __tablename__ = "data_version"

    id: int = Field(primary_key=True)
    value: int
    #: The same without what people did in the last three weeks.
    past: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    #: The same without what people do day by day; see ``OF_ACTIVITY``.
    standing: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Same:
    """A key that is one very thing and no other, however alike: settings, playbooks."""

    __slots__ = ("thing",)

    def __init__(self, thing: object) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.thing is self.thing

    def __hash__(self) -> int:
        return id(self.thing)


class Memory:
    """What one engine remembers of the newest state of the data; threads may share it."""

    def __init__(self, *, most: int = MOST_KEPT) -> None:
        self._most = most
        self._lock = Lock()
        self._version = -1
        self._known: OrderedDict[Hashable, tuple[object, object]] = OrderedDict()

    def find(self, key: Hashable, version: int, moment: object = None) -> tuple[object] | None:
        with self._lock:
            known = self._known.get(key)
            if known is None or version != self._version or known[0] != moment:
                return None
            self._known.move_to_end(key)
            return (known[1],)

    def keep(self, key: Hashable, version: int, thing: object, moment: object = None) -> None:
        """What was true before is let go of; so is what was worked out at another moment."""
        with self._lock:
            if version < self._version:
                return
            if version > self._version:
                self._known.clear()
                self._version = version
            self._known[key] = (moment, thing)
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)


class Moves(IntEnum):
    """How far what a transaction has written reaches."""

    NOTHING = 0
    #: Only what people did lately, and what hangs on it.
    LATELY = 1
    #: What people do day by day; see ``OF_ACTIVITY``.
    ACTIVITY = 2
    ALL = 3


#: What a memory may hang on, in the order of the columns that tell of it.
MEMORIES = (Moves.LATELY, Moves.ACTIVITY, Moves.ALL)


class Memories:
    """By what makes it forget: whatever moves as far as that, or further."""

    def __init__(self) -> None:
        self.until = {each: Memory() for each in MEMORIES}
        #: Before the first migration there is no number to go by.
        self.has_table = False


def watch(engine: Engine) -> None:
    """Let every commit of this engine move the number, and sessions of it remember."""
    memories = Memories()
    engine.update_execution_options(**{MEMORY: memories})

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.info.pop(WRITTEN, None)
        connection.info.pop(LATELY, None)

    @event.listens_for(engine, "before_cursor_execute")
    def _note(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if is_relevant(statement):
            before = connection.info.get(WRITTEN, Moves.NOTHING)
            connection.info[WRITTEN] = max(before, what_moves(statement))

    @event.listens_for(engine, "commit")
    def _move(connection: Connection) -> None:
        moved = connection.info.pop(WRITTEN, Moves.NOTHING)
        is_of_lately = connection.info.pop(LATELY, False)
        if moved and _has_table(connection, memories):
            past = moved is Moves.ALL or (moved is Moves.ACTIVITY and not is_of_lately)
            connection.execute(MOVE, {"past": int(past), "standing": int(moved is Moves.ALL)})


def changes_only(session: Session, *, since: date | None, today: date) -> None:
    """Say of the transaction that all it writes of activity is of days from ``since`` on.

    None says that it is of no day at all.
    """
    if since is None or since > today - PAST_AFTER:
        session.connection().info[LATELY] = True


def what_moves(statement: str) -> "Moves":
    """How far a relevant statement reaches; in doubt it is everything."""
    places = [str(each) for each in ANY_PLACE.findall(statement)]
    places = [each for each in places if not each.startswith(TEMPORARY)] if places else [""]
    if OF_MIRROR.issuperset(places):
        return Moves.LATELY
    return Moves.ACTIVITY if OF_ACTIVITY.issuperset(places) else Moves.ALL


def is_relevant(statement: str) -> bool:
    """Whether it writes to anything that an answer is made of; in doubt it does."""
    if not WRITES.match(statement):
        return WITH_WRITES.match(statement) is not None
    place = PLACE.match(statement)
    return place is None or place[1] not in NEVER_REMEMBERED


def remembered(
    session: Session,
    key: Hashable,
    make: Callable[[], T],
    *,
    moment: object = None,
    until: Moves = Moves.LATELY,
) -> T:
    """What ``make`` gives, worked out once for each state of the data.

    ``key`` and ``moment`` say all else that it depends on; of one key only the last moment is kept.
    Nobody may change what they are given. Only sessions of ``reading()`` remember, as long as they
    write nothing. ``until`` is ``ALL`` for what is made of no table of ``OF_ACTIVITY``, and
    ``ACTIVITY`` for what is made of no activity of the last ``PAST_AFTER``.
    """
    if not session.info.get(REMEMBERS):
        return make()
    connection = session.connection()
    memories = cast("Memories | None", connection.get_execution_options().get(MEMORY))
    if memories is None or connection.info.get(WRITTEN) or not _has_table(connection, memories):
        return make()
    memory, version = memories.until[until], _versions(session, connection)[until]
    known = memory.find(key, version, moment)
    if known is not None:
        return cast("T", known[0])
    made = make()
    memory.keep(key, version, made, moment)
    return made


def _versions(session: Session, connection: Connection) -> Mapping[Moves, int]:
    """By what moves it; read before the data, so that nothing kept is older than it says."""
    found: Any = session.info.get(VERSION)
    if found is None:
        row = DataVersionRow
        told = connection.execute(select(col(row.value), col(row.past), col(row.standing))).first()
        found = dict(zip(MEMORIES, told or (0, 0, 0), strict=True))
        session.info[VERSION] = found
    return cast("Mapping[Moves, int]", found)


def _has_table(connection: Connection, memories: Memories) -> bool:
    if not memories.has_table:
        memories.has_table = inspect(connection).has_table(TABLE)
    return memories.has_table

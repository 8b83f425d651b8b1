"""1:1s that were noted elsewhere, from a file: one line each, all of them or none."""

from collections.abc import Collection
from datetime import date, datetime, time
from pathlib import Path

from sqlmodel import Session

from bot.documents import did_you_mean
from bot.domain.commitment import CommitmentState
from bot.flows.csv_rows import CsvFile, CsvRow, People, read_csv
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.one_on_ones import CommitmentRow, OneOnOneRow, find_one_on_one

COLUMNS = {
    "manager": ("manager_email", "coach"),
    "rep": ("rep_email", "person", "report"),
    "held_on": ("day", "date"),
    "notes": ("note",),
    "commitment": ("promise",),
    "metric": (),
    "due_on": ("due",),
    "outcome": ("state",),
}
OPTIONAL = frozenset({"notes", "commitment", "metric", "due_on", "outcome"})
#: Nobody knows the hour at which something was noted elsewhere.
NOTED_AT = time(17)


def import_one_on_ones(runtime: Runtime, path: Path) -> tuple[int, int]:
    """How many were new, and how many lines there were. Raises ConfigError naming bad lines.

    A 1:1 that is on record already stays as it is, and nobody is told of what is long past.
    """
    file = read_csv(path, COLUMNS, optional=OPTIONAL)
    with transaction(runtime.database) as session:
        people = People(session)
        read = [(line, _talk(file, line, people, runtime)) for line in file.rows]
        for line in file.rows:
            _check_commitment(file, line, runtime.metrics)
        file.raise_problems()
        talks = [(line, talk) for line, talk in read if talk is not None]
        new = sum(_write(session, runtime, line, talk) for line, talk in talks)
    return new, len(file.rows)


def _talk(file: CsvFile, line: CsvRow, people: People, runtime: Runtime) -> OneOnOneRow | None:
    manager, rep = people.find(file, line, "manager"), people.find(file, line, "rep")
    held_on = file.parse_day(line, "held_on")
    if manager is None or rep is None or held_on is None:
        return None
    if manager == rep:
        file.complain(line, "rep", "is the manager", hint="name two people")
    if held_on > runtime.clock.now().astimezone(runtime.organisation.zone).date():
        file.complain(line, "held_on", f"{held_on} is yet to come", hint="leave the line out")
    return OneOnOneRow(
        manager_id=manager,
        rep_id=rep,
        held_on=held_on,
        notes=line.values["notes"],
        written_at=_instant(runtime, held_on),
    )


def _check_commitment(file: CsvFile, line: CsvRow, metrics: Collection[str]) -> None:
    told = line.values
    if told["metric"] and told["metric"] not in metrics:
        hint = did_you_mean(told["metric"], metrics)
        file.complain(line, "metric", f"'{told['metric']}' is no metric", hint=hint)
    states = [str(state) for state in CommitmentState]
    if told["outcome"] and told["outcome"] not in states:
        hint = did_you_mean(told["outcome"], states)
        file.complain(line, "outcome", f"'{told['outcome']}' is no outcome", hint=hint)
    if told["commitment"]:
        file.parse_day(line, "due_on")
    elif told["due_on"]:
        file.complain(line, "commitment", "is empty", hint="say what was due, or clear due_on")


def _write(session: Session, runtime: Runtime, line: CsvRow, talk: OneOnOneRow) -> bool:
    manager, rep, day = talk.manager_id, talk.rep_id, talk.held_on
    if find_one_on_one(session, manager=manager, rep=rep, held_on=day) is not None:
        return False
    session.add(talk)
    session.flush()
    told = line.values
    if told["commitment"]:
        due_on = date.fromisoformat(told["due_on"])
        state = CommitmentState(told["outcome"] or CommitmentState.OPEN)
        closed_at = min(_instant(runtime, due_on), runtime.clock.now())
        session.add(
            CommitmentRow(
                one_on_one_id=talk.id or 0,
                manager_id=talk.manager_id,
                rep_id=talk.rep_id,
                words=told["commitment"],
                metric=told["metric"] or None,
                due_on=due_on,
                state=state,
                made_at=talk.written_at,
                closed_at=None if state is CommitmentState.OPEN else closed_at,
            )
        )
    return True


def _instant(runtime: Runtime, day: date) -> datetime:
    return datetime.combine(day, NOTED_AT, tzinfo=runtime.organisation.zone)

"""Prospects and interview scores from files of an applicant system: all of a file or nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.documents import did_you_mean
from bot.domain.hiring import SOURCES, ProspectState
from bot.domain.ids import RoleKey
from bot.flows.csv_rows import CsvFile, CsvRow, People, read_csv
from bot.hiring.scorecard import HIGHEST, LOWEST, Scorecard
from bot.storage.database import transaction
from bot.storage.hiring import InterviewRow, ProspectRow, ScoreRow, find_interview

PROSPECTS = {
    "id": ("prospect_id", "candidate_id", "applicant_id"),
    "name": ("candidate", "applicant", "prospect"),
    "role": ("job", "position"),
    "source": (),
    "referrer": ("referred_by",),
    "state": ("status", "stage"),
    "added_on": ("applied_on", "created", "added"),
    "last_touch_on": ("last_activity", "last_contact", "last_touch"),
    "hired_as": ("crm_user", "hire"),
    "hired_on": ("start_date", "first_day"),
    "first_deal_on": ("first_deal",),
}
#: What not every applicant system knows.
LONGEST_NAME = 120
OPTIONAL = frozenset(PROSPECTS) - {"id", "name", "role", "source", "state"}
SCORES = {
    "prospect": ("id", "prospect_id", "candidate_id", "applicant_id"),
    "interviewer": ("email",),
    "held_on": ("date", "interview_date"),
    "competency": ("attribute", "criterion"),
    "score": ("rating",),
    "evidence": ("notes", "note"),
}


def import_prospects(
    database: Engine, path: Path, *, cards: Mapping[RoleKey, Scorecard], today: date
) -> tuple[int, int]:
    """How many were new, and how many lines there were. Raises ConfigError naming bad lines.

    A number that is known already is the same prospect and is brought up to date; whose data was
    erased stays so.
    """
    file = read_csv(path, PROSPECTS, optional=OPTIONAL)
    with transaction(database) as session:
        people = People(session)
        read = [(line, _prospect(file, line, people, cards, today)) for line in file.rows]
        _check_twice(file)
        _check_hires(session, file, read)
        file.raise_problems()
        new = sum(_write(session, row) for _, row in read)
    return new, len(read)


def _prospect(
    file: CsvFile,
    line: CsvRow,
    people: People,
    cards: Mapping[RoleKey, Scorecard],
    today: date,
) -> ProspectRow:
    """Whatever is wrong with it is complained of, and nothing of the file is then written."""
    told = line.values
    for column in ("id", "name"):
        if not told[column]:
            file.complain(line, column, "is empty", hint=f"every line needs its {column}")
    for column in ("id", "name", "referrer"):
        if len(told[column]) > LONGEST_NAME:
            file.complain(line, column, f"is longer than {LONGEST_NAME} characters")
    _check_known(file, line, "role", cards)
    _check_known(file, line, "source", SOURCES)
    _check_known(file, line, "state", [str(state) for state in ProspectState])
    days = {column: _day(file, line, column) for column in told if column.endswith("_on")}
    _check_days(file, line, days, today)
    person = people.find(file, line, "hired_as") if told["hired_as"] else None
    is_hired = told["state"] == ProspectState.HIRED
    if told["hired_as"] and not is_hired:
        hint = "write hired, or leave hired_as empty"
        file.complain(line, "state", f"'{told['state']}' goes with no hired_as", hint=hint)
    added, touched = days["added_on"], days["last_touch_on"]
    return ProspectRow(
        external_id=told["id"],
        name=" ".join(told["name"].split()),
        role=told["role"],
        source=told["source"],
        referrer=told["referrer"] or None,
        state=told["state"],
        added_on=added or touched or today,
        last_touch_on=touched or added or today,
        person_id=person,
        hired_on=days["hired_on"],
        first_deal_on=days["first_deal_on"],
    )


def _check_days(file: CsvFile, line: CsvRow, days: Mapping[str, date | None], today: date) -> None:
    """A start may lie ahead; what has happened cannot, or data would be kept for too long."""
    for column in ("added_on", "last_touch_on", "first_deal_on"):
        day = days[column]
        if day is not None and day > today:
            file.complain(line, column, f"{day} lies ahead", hint="write when it was")
    hired, won = days["hired_on"], days["first_deal_on"]
    if hired is not None and won is not None and won < hired:
        message = f"{won} is before the first day, {hired}"
        file.complain(line, "first_deal_on", message, hint="one of the two is wrong")
    if line.values["state"] != ProspectState.HIRED:
        for column in ("hired_on", "first_deal_on"):
            if days[column] is not None:
                hint = "write hired, or leave it empty"
                file.complain(line, column, "goes with the state hired only", hint=hint)


def _check_known(file: CsvFile, line: CsvRow, column: str, known: Collection[str]) -> None:
    word = line.values[column]
    if word not in known:
        file.complain(line, column, f"'{word}' is no {column}", hint=did_you_mean(word, known))


def _day(file: CsvFile, line: CsvRow, column: str) -> date | None:
    return file.parse_day(line, column) if line.values[column] else None


def _check_twice(file: CsvFile) -> None:
    seen: dict[tuple[str, str], int] = {}
    for line in file.rows:
        for column in ("id", "hired_as"):
            word = line.values[column]
            before = seen.setdefault((column, word), line.line)
            if word and before != line.line:
                file.complain(line, column, f"'{word}' stands in line {before} already")


def _check_hires(
    session: Session, file: CsvFile, read: Sequence[tuple[CsvRow, ProspectRow]]
) -> None:
    """One person of the CRM is one prospect, whichever file tells of it."""
    row = ProspectRow
    known = session.exec(select(row).where(col(row.person_id).is_not(None))).all()
    taken = {each.person_id: each.external_id for each in known}
    for line, new in read:
        if new.person_id in taken and taken[new.person_id] != new.external_id:
            file.complain(line, "hired_as", "another prospect became this person already")


def _write(session: Session, new: ProspectRow) -> bool:
    row = ProspectRow
    known = session.exec(select(row).where(col(row.external_id) == new.external_id)).first()
    if known is None:
        session.add(new)
        return True
    kept = {"id", "added_by", "next_touch_on", "erased_at", "contact"}
    if known.erased_at is not None:
        kept |= {"name", "referrer"}
    for name, value in new.model_dump(exclude=kept).items():
        setattr(known, name, value)
    session.add(known)
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    prospect: ProspectRow
    interviewer: str
    held_on: date
    #: Empty for an interview whose scorecard is missing, or which is still to come.
    competency: str
    score: int
    evidence: str | None


def import_scores(
    database: Engine, path: Path, *, cards: Mapping[RoleKey, Scorecard], now: datetime
) -> tuple[int, int]:
    """Scores, one line each; how many were new, and how many lines there were.

    A line without competency and score is an interview whose scorecard is missing. Nobody
    knows whether they were given alone. Raises ConfigError naming bad lines.
    """
    file = read_csv(path, SCORES, optional={"evidence"})
    with transaction(database) as session:
        people = People(session)
        found = session.exec(select(ProspectRow).where(col(ProspectRow.external_id).is_not(None)))
        prospects = {each.external_id or "": each for each in found}
        read = [
            given
            for line in file.rows
            if (given := _given(file, line, people, prospects, cards, now.date())) is not None
        ]
        _check_scored_twice(file)
        file.raise_problems()
        new = sum(_write_score(session, given, now=now) for given in read)
    return new, len(read)


def _check_scored_twice(file: CsvFile) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for line in file.rows:
        told = line.values
        key = tuple(
            told[each].lower() for each in ("prospect", "interviewer", "held_on", "competency")
        )
        before = seen.setdefault(key, line.line)
        if before != line.line:
            file.complain(line, "competency", f"is scored in line {before} already")


def _given(
    file: CsvFile,
    line: CsvRow,
    people: People,
    prospects: Mapping[str, ProspectRow],
    cards: Mapping[RoleKey, Scorecard],
    today: date,
) -> _Given | None:
    told = line.values
    prospect = prospects.get(told["prospect"])
    if prospect is None:
        message = f"no prospect has the number '{told['prospect']}'"
        file.complain(line, "prospect", message, hint="import the prospects first")
    interviewer = people.find(file, line, "interviewer")
    held_on = file.parse_day(line, "held_on")
    score = int(told["score"]) if told["score"].isdecimal() else 0
    is_scored = bool(told["competency"] or told["score"])
    if is_scored and not LOWEST <= score <= HIGHEST:
        hint = f"write a whole number from {LOWEST} to {HIGHEST}"
        file.complain(line, "score", f"'{told['score']}' is no score", hint=hint)
    if is_scored and held_on is not None and held_on > today:
        file.complain(
            line, "held_on", f"{held_on} lies ahead", hint="leave the score empty till then"
        )
    card = cards.get(RoleKey(prospect.role)) if prospect else None
    if card is not None and is_scored:
        _check_known(file, line, "competency", card.competencies)
    if prospect is None or interviewer is None or held_on is None:
        return None
    evidence = told["evidence"] if prospect.erased_at is None else ""
    return _Given(
        prospect=prospect,
        interviewer=interviewer,
        held_on=held_on,
        competency=told["competency"],
        score=score,
        evidence=evidence or None,
    )


def _write_score(session: Session, given: _Given, *, now: datetime) -> bool:
    number = given.prospect.id or 0
    row = find_interview(
        session, prospect=number, interviewer=given.interviewer, held_on=given.held_on
    )
    if row is None:
        row = InterviewRow(
            prospect_id=number,
            interviewer_id=given.interviewer,
            held_on=given.held_on,
            planned_at=now,
        )
    row.scored_at = row.scored_at or (now if given.competency else None)
    session.add(row)
    session.flush()
    if not given.competency:
        return False
    known = session.get(ScoreRow, (row.id, given.competency))
    if known is not None:
        return False
    session.add(
        ScoreRow(
            interview_id=row.id or 0,
            competency=given.competency,
            score=given.score,
            evidence=given.evidence,
        )
    )
    return True

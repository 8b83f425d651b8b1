"""Finds the Slack account of everybody who sells or manages, by override or by e-mail."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import select

from bot.domain.ids import SlackUserId
from bot.domain.organisation import Organisation
from bot.domain.people import Manager, Rep
from bot.ports import Directory, SlackPerson
from bot.storage.database import reading, transaction
from bot.storage.people import AdminMatchRow, SlackMatchRow, write_admins, write_matches
from bot.storage.roster import read_roster

#: Accounts are looked up again after this long: zones change, and the unmatched may have joined.
LOOK_AGAIN_AFTER = timedelta(hours=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchReport:
    matched: int
    #: Names and e-mails of those who have no Slack account that we know of.
    unmatched: tuple[str, ...]


def match_people(
    database: Engine, directory: Directory, *, organisation: Organisation, now: datetime
) -> MatchReport:
    with reading(database) as session:
        roster = read_roster(session, organisation)
        known = {row.person_id: row for row in session.exec(select(SlackMatchRow))}
    people = [person for person in roster.everybody() if person.is_active]
    fresh = [
        _look_up(person, directory, organisation, now)
        for person in people
        if not _is_recent(known.get(person.id), now)
    ]
    admins = _admins(directory, organisation, now)
    with transaction(database) as session:
        write_matches(session, fresh)
        write_admins(session, admins)
    known.update({row.person_id: row for row in fresh})
    return _report(people, known)


def _admins(directory: Directory, organisation: Organisation, now: datetime) -> list[AdminMatchRow]:
    """They may use `/coach-admin` or see to pay, also those whom the CRM does not know."""
    pay = organisation.pay
    named = organisation.admins | pay.leaders | pay.sees_each_person
    found = ((email, directory.find_by_email(email)) for email in sorted(named))
    return [
        AdminMatchRow(slack_id=each.id, email=email, name=each.name, matched_at=now)
        for email, each in found
        if each is not None
    ]


def _is_recent(row: SlackMatchRow | None, now: datetime) -> bool:
    return row is not None and now - row.matched_at < LOOK_AGAIN_AFTER


def _look_up(
    person: Rep | Manager, directory: Directory, organisation: Organisation, now: datetime
) -> SlackMatchRow:
    override = organisation.slack_overrides.get(person.id) or organisation.slack_overrides.get(
        person.email
    )
    found: SlackPerson | None = None
    if override is not None:
        found = directory.find_by_id(SlackUserId(override))
    elif person.email:
        found = directory.find_by_email(person.email)
    return SlackMatchRow(
        person_id=person.id,
        slack_id=found.id if found else None,
        matched_by="override" if override is not None else "email",
        zone=found.zone if found else None,
        locale=found.locale if found else None,
        matched_at=now,
    )


def _report(people: Collection[Rep | Manager], known: dict[str, SlackMatchRow]) -> MatchReport:
    unmatched = [
        f"{person.name} <{person.email}>" for person in people if known[person.id].slack_id is None
    ]
    return MatchReport(matched=len(people) - len(unmatched), unmatched=tuple(sorted(unmatched)))

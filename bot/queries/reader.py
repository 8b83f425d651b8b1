"""Who reads an answer: language, digits and clock, for views that are not otherwise about them."""

from collections import Counter
from collections.abc import Mapping

from sqlmodel import Session

from bot.domain.ids import SlackUserId
from bot.domain.organisation import Organisation
from bot.queries.permissions import find_person
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.roster import read_roster


def reader_of(runtime: Runtime, reader: SlackUserId) -> Mapping[str, str]:
    """As templates take it; whom the CRM does not know reads what most of their colleagues do."""
    with reading(runtime.database) as session:
        return reader_in(session, reader, runtime.organisation)


def reader_in(
    session: Session, reader: SlackUserId, organisation: Organisation
) -> Mapping[str, str]:
    """The same, where a session is open already."""
    roster = read_roster(session, organisation)
    person = find_person(session, reader, roster=roster, organisation=organisation)
    if person is not None:
        return {"locale": person.locale, "zone": person.zone.key}
    locales = Counter(known.locale for known in roster.everybody())
    usual = {"locale": locales.most_common(1)[0][0]} if locales else {}
    return {**usual, "zone": organisation.zone.key}

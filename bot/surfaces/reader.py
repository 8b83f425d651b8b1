"""Who reads an answer: language, digits and clock, for views that are not otherwise about them."""

from collections.abc import Mapping

from bot.domain.errors import UnknownPerson
from bot.domain.ids import SlackUserId
from bot.queries.permissions import person_of
from bot.runtime import Runtime
from bot.storage.database import reading


def reader_of(runtime: Runtime, reader: SlackUserId) -> Mapping[str, str]:
    """As templates take it; empty for somebody whom the CRM does not know."""
    with reading(runtime.database) as session:
        try:
            person = person_of(session, reader, runtime.organisation)
        except UnknownPerson:
            return {}
    return {"locale": person.locale, "zone": person.zone.key}

"""That a rep has looked into the playbook of their role is noted, once a day at most."""

from bot.domain.ids import SlackUserId
from bot.queries.permissions import person_of
from bot.runtime import Runtime
from bot.storage.database import reading, transaction
from bot.storage.playbook_opened import PlaybookOpenedRow, note_opened


def open_playbook(runtime: Runtime, *, by: SlackUserId) -> None:
    """Nothing for whoever does not sell."""
    with reading(runtime.database) as session:
        person = person_of(session, by, runtime.organisation)
        if person.rep is None:
            return
        rep, day = person.rep.id, runtime.clock.now().astimezone(person.zone).date()
        row = session.get(PlaybookOpenedRow, rep)
        if row is not None and row.opened_on >= day:
            return
    with transaction(runtime.database) as session:
        note_opened(session, rep, day)

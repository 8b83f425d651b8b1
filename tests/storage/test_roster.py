"""Who there is, asked again and again while people work."""

from datetime import date, timedelta

from sqlalchemy import Engine

from bot.domain.ids import RepId
from bot.domain.roster import Roster
from bot.storage.database import reading
from bot.storage.roster import read_roster
from tests.mirrored import KIM, SAM, Mirror, berlin

TODAY = date(2026, 3, 11)
NOON = berlin(TODAY, 12, 0)


def roster(mirror: Mirror) -> Roster:
    with reading(mirror.database) as session:
        return read_roster(session, mirror.organisation)


def test_a_call_leaves_everybody_as_they_were(database: Engine) -> None:
    mirror = Mirror(database)
    mirror.roll_up(NOON)
    before = roster(mirror)
    mirror.task(berlin(TODAY))
    mirror.roll_up(NOON)
    assert roster(mirror) is before
    mirror.person(KIM, "Kimberly")
    assert roster(mirror).reps[RepId(KIM)].name == "Kimberly"


def test_who_left_was_there_until_their_last_activity(database: Engine) -> None:
    mirror = Mirror(database)
    mirror.person(SAM, "Sam", is_active=False, stamp=NOON)
    for back in (30, 20):
        mirror.task(berlin(TODAY - timedelta(days=back)), owner_id=SAM)
        mirror.roll_up(NOON)
        assert roster(mirror).reps[RepId(SAM)].left_on == TODAY - timedelta(days=back)

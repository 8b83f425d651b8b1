"""Whoever is asked about, each rep is weighed among all of their peers, like for like."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.ids import RepId
from bot.domain.people import Rep
from bot.queries.rep_views import Moment, read_rep_views
from bot.queries.standing import measure_standing
from bot.queries.yardstick import Yardstick, read_yardstick
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.roster import read_roster
from tests.coached_team import books, runtime_at
from tests.mirrored import KIM, ORGANISATION, SAM, Mirror, berlin

MONDAY = date(2026, 3, 9)
OLD = [KIM, SAM, *(f"0050000000001{n:02d}AAA" for n in range(4))]
NEW = [f"0050000000002{n:02d}AAA" for n in range(5)]


@pytest.fixture
def mirror(sqlite: Engine) -> Mirror:
    """Six who have been there for years and five who came in winter; all sell the same."""
    mirror = Mirror(sqlite)
    with mirror.at_once():
        for number, rep in enumerate(OLD[2:]):
            mirror.person(rep, f"Old{number}")
        for number, rep in enumerate(NEW):
            mirror.person(rep, f"New{number}", created_at=datetime(2026, 1, 12, tzinfo=UTC))
        for place, rep in enumerate((*OLD, *NEW)):
            meetings = place + 2 if rep in OLD else 1
            for number in range(meetings):
                at = berlin(MONDAY - timedelta(days=3 + number % 20), 9 + number % 8)
                mirror.meeting(at, owner_id=rep, who_id="003000000000001AAA")
            size = 5_000_000 if rep in OLD else 100_000
            for number in range(4):
                closes = MONDAY + timedelta(days=-2 if number < place % 4 else 30)
                mirror.deal(
                    berlin(date(2026, 2, 2)), owner_id=rep, amount_cents=size, close_on=closes
                )
    mirror.pulled(as_of=berlin(MONDAY, 7))
    mirror.roll_up(berlin(MONDAY, 7))
    return mirror


def test_one_alone_stands_where_the_same_one_stands_among_all(mirror: Mirror) -> None:
    moment = Moment(knowledge=Knowledge(day=MONDAY, now=berlin(MONDAY)), as_of=berlin(MONDAY))
    with reading(mirror.database) as session:
        yardstick = read_yardstick(session, runtime_at(berlin(MONDAY), mirror.database))
        reps = read_roster(session, ORGANISATION).reps

        def asked(*people: Rep, held_to: Yardstick = yardstick) -> object:
            found = measure_standing(
                session, held_to, people, knowledge=moment.knowledge, as_of=moment.as_of
            )
            assert set(found) == {rep.id for rep in people}
            return dict(found[RepId(KIM)])

        def norms(*people: Rep) -> object:
            views = read_rep_views(
                session,
                people,
                yardstick=yardstick,
                organisation=ORGANISATION,
                plays=books().plays,
                moment=moment,
            )
            assert set(views) == {rep.id for rep in people}
            return views[RepId(KIM)].norms

        kim = reps[RepId(KIM)]
        assert asked(kim) == asked(*reps.values())
        assert asked(kim) != asked(kim, held_to=replace(yardstick, everybody=()))
        assert norms(kim) == norms(*reps.values())


def test_peers_are_as_long_in_the_role(mirror: Mirror) -> None:
    with reading(mirror.database) as session:
        yardstick = read_yardstick(session, runtime_at(berlin(MONDAY), mirror.database))
        reps = read_roster(session, ORGANISATION).reps
    assert peers_of(yardstick, reps[RepId(KIM)]) == set(OLD)
    assert peers_of(yardstick, reps[RepId(NEW[0])]) == set(NEW)


def peers_of(yardstick: Yardstick, rep: Rep) -> set[str]:
    [group] = [each for each in yardstick.peer_groups([rep], MONDAY) if rep.id in each.judged]
    return {str(peer) for peer in group.peers}

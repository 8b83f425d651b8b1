"""Who is doing well and who is finding their feet, among all who hold the role."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.coaching.rep_view import Touch
from bot.domain.ids import RepId
from bot.domain.workdays import WorkCalendar
from bot.queries.history import read_histories
from bot.queries.touches import read_touches
from bot.queries.yardstick import Yardstick
from bot.storage.database import reading, transaction
from bot.storage.decisions import AnswerRow
from bot.storage.facts.leave import read_leave
from bot.storage.facts.select import Knowledge
from bot.storage.roster import read_roster
from tests.coached_team import books
from tests.mirrored import KIM, MARIA, ORGANISATION, SAM, Mirror, berlin
from tests.queries.test_focus import decided

TODAY = date(2026, 3, 9)
OTHERS = [f"0050000000000{n}AAA" for n in range(10, 16)]


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    """Kim won most, Sam nothing, the six others something; the newest came last month."""
    mirror = Mirror(database)
    for place, rep in enumerate([KIM, *OTHERS]):
        if rep in OTHERS:
            mirror.person(rep, f"Rep {place}", title="Account Executive")
        deal = mirror.deal(berlin(TODAY - timedelta(days=90)), owner_id=rep)
        mirror.change(
            deal,
            berlin(TODAY - timedelta(days=30)),
            stage_name="Closed Won",
            close_on=TODAY - timedelta(days=30),
            amount_cents=9_000_000 - 1_000_000 * place,
        )
    mirror.person(
        OTHERS[-1],
        "Newest",
        title="Account Executive",
        created_at=datetime(2026, 2, 2, tzinfo=UTC),
    )
    mirror.pulled(as_of=berlin(TODAY))
    mirror.derive(berlin(TODAY))
    return mirror


def test_the_touch_follows_from_the_half_year_among_peers(mirror: Mirror) -> None:
    with reading(mirror.database) as session:
        yardstick = Yardstick(
            metrics=books().metrics,
            models=books().models,
            calendar=WorkCalendar(),
            leave=read_leave(session),
            everybody=tuple(read_roster(session, ORGANISATION).reps.values()),
        )
        found = read_touches(session, yardstick, Knowledge(day=TODAY, now=berlin(TODAY)))
    assert found[RepId(KIM)] is Touch.LIGHT
    assert found[RepId(SAM)] is Touch.SIMPLE
    assert found[RepId(OTHERS[2])] is Touch.USUAL
    assert found[RepId(OTHERS[-1])] is Touch.SIMPLE
    assert RepId(MARIA) not in found


def test_a_nudge_is_open_until_it_is_answered(mirror: Mirror) -> None:
    with transaction(mirror.database) as session:
        old, new = decided(9, rule="kudos"), decided(2, rule="no_activity")
        session.add_all([old, new])
        session.flush()
        first, second = old.id, new.id
    assert open_since(mirror) == TODAY - timedelta(days=2)
    answer(mirror, second)
    assert open_since(mirror) == TODAY - timedelta(days=9)
    answer(mirror, first)
    assert open_since(mirror) is None


def answer(mirror: Mirror, decision: int | None) -> None:
    assert decision is not None
    with transaction(mirror.database) as session:
        session.add(
            AnswerRow(
                decision_id=decision, answered_at=berlin(TODAY), by_slack_id="U0KIM", answer="done"
            )
        )


def open_since(mirror: Mirror) -> date | None:
    with reading(mirror.database) as session:
        reps = list(read_roster(session, ORGANISATION).reps.values())
        return read_histories(session, reps, views={}, today=TODAY)[RepId(KIM)].open_since

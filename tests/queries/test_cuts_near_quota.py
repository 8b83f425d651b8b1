"""Which deals became smaller just where the next one decides about a quota."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.coaching.manager_view import AmountCut
from bot.domain.ids import TeamId
from bot.queries.cuts_near_quota import find_cuts
from bot.queries.team_views import moment_on
from bot.storage.database import reading
from bot.storage.roster import read_roster
from tests.coached_team import runtime_at
from tests.mirrored import KIM, MARIA, Mirror, berlin

#: Three days before the quarter's end.
TODAY = date(2026, 3, 28)


def cuts(
    database: Engine,
    *,
    won: int = 9_000_00,
    after: int = 4_000_00,
    cut_on: date = TODAY - timedelta(days=1),
    asked_on: date = TODAY,
    stage: str = "Proposal",
) -> tuple[AmountCut, ...]:
    """Kim has a quota of 10,000, has won some of it, and cuts a deal of 5,000."""
    mirror = Mirror(database)
    mirror.write(
        "quota",
        id="0J9000000000001AAA",
        owner_id=KIM,
        starts_on=date(2026, 1, 1),
        amount_cents=10_000_00,
    )
    sold = mirror.deal(
        berlin(date(2026, 1, 5)), amount_cents=won, close_on=date(2026, 2, 2), name="Sold"
    )
    mirror.change(sold, berlin(date(2026, 2, 2)), stage_name="Closed Won")
    deal = mirror.deal(
        berlin(date(2026, 1, 7)), amount_cents=5_000_00, close_on=date(2026, 3, 31), name="Acme"
    )
    mirror.change(deal, berlin(cut_on), amount_cents=after, stage_name=stage)
    now = berlin(asked_on, 12)
    mirror.pulled(as_of=now)
    mirror.derive(now)
    runtime = runtime_at(now, database)
    with reading(database) as session:
        team = read_roster(session, runtime.organisation).team(TeamId(MARIA))
        return find_cuts(session, runtime, team, moment_on(session, runtime, asked_on))


def test_a_cut_in_the_last_days_of_a_rep_near_quota_is_found(database: Engine) -> None:
    [cut] = cuts(database)
    assert (cut.name, cut.first_name) == ("Acme", "Kim")
    assert (cut.before_cents, cut.after_cents) == (5_000_00, 4_000_00)
    assert cut.attainment == pytest.approx(0.9)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"won": 5_000_00}, id="far from quota"),
        pytest.param({"won": 12_000_00}, id="beyond quota"),
        pytest.param({"after": 4_600_00}, id="less than a tenth"),
        pytest.param({"after": 6_000_00}, id="grew"),
        pytest.param({"cut_on": TODAY - timedelta(days=20)}, id="long ago"),
        pytest.param({"stage": "Closed Lost"}, id="lost"),
        pytest.param(
            {"cut_on": date(2026, 3, 1), "asked_on": date(2026, 3, 2)}, id="amid the quarter"
        ),
    ],
)
def test_anything_else_is_none_of_it(sqlite: Engine, changes: dict[str, object]) -> None:
    assert cuts(sqlite, **changes) == ()  # type: ignore[arg-type]  # named as the arguments are

"""Which approvals wait just where a deal decides about a quota."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.coaching.manager_view import AskedApproval
from bot.coaching.rule import load_all_rules
from bot.domain.ids import RuleKey, TeamId
from bot.queries.approvals_near_quota import find_approvals
from bot.queries.team_views import moment_on
from bot.queries.unavailable import unavailable_rules
from bot.storage.database import reading
from bot.storage.roster import read_roster
from tests.coached_team import runtime_at
from tests.mirrored import KIM, MARIA, Mirror, berlin

#: Three days before the quarter's end.
TODAY = date(2026, 3, 28)
YESTERDAY = TODAY - timedelta(days=1)
RULE = RuleKey("approval_near_quota")


def asked(
    database: Engine,
    *,
    won: int = 7_000_00,
    stage: str = "Proposal",
    seen_on: date = TODAY,
    without: tuple[str, ...] = (),
    **approval: object,
) -> tuple[tuple[AskedApproval, ...], frozenset[RuleKey]]:
    """What waits, and the rules that are not available; Kim has a quota of 10,000."""
    mirror = Mirror(database)
    begins = date(2026, 1, 1)
    quota = {"owner_id": KIM, "starts_on": begins, "amount_cents": 10_000_00}
    mirror.write("quota", id="0J9000000000001AAA", **quota)
    sold = mirror.deal(berlin(begins), amount_cents=won, close_on=date(2026, 2, 2), name="Sold")
    mirror.change(sold, berlin(date(2026, 2, 2)), stage_name="Closed Won")
    deal = mirror.deal(berlin(begins), amount_cents=5_000_00, close_on=date(2026, 3, 31))
    mirror.change(deal, berlin(date(2026, 3, 1)), stage_name=stage)
    told = {"target_id": deal, "status": "Pending", "created_at": berlin(YESTERDAY), **approval}
    if "approval" not in without:
        mirror.write("approval", id="04g000000000001AAA", **told)
    now = berlin(seen_on, 12)
    mirror.pulled(as_of=now, without=without)
    mirror.derive(now)
    runtime = runtime_at(now, database, manager_rules={RULE: load_all_rules()[RULE]})
    with reading(database) as session:
        team = read_roster(session, runtime.organisation).team(TeamId(MARIA))
        found = find_approvals(session, runtime, team, moment_on(session, runtime, seen_on))
        return found, unavailable_rules(session, runtime)


def test_an_approval_of_the_deal_that_brings_the_quota_is_found(database: Engine) -> None:
    [approval], unavailable = asked(database)
    assert (approval.name, approval.first_name, approval.asked_on) == ("Acme", "Kim", YESTERDAY)
    assert (approval.amount_cents, approval.missing_cents) == (5_000_00, 3_000_00)
    assert unavailable == frozenset()


def test_one_that_was_decided_later_waited_then(sqlite: Engine) -> None:
    """A replay says what would have been said on the day."""
    decided_at = berlin(TODAY + timedelta(days=1))
    assert asked(sqlite, status="Approved", completed_at=decided_at)[0]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"won": 4_000_00}, id="the deal alone does not bring the quota"),
        pytest.param({"won": 10_000_00}, id="the quota is reached without it"),
        pytest.param({"created_at": berlin(TODAY - timedelta(days=20))}, id="asked for long ago"),
        pytest.param({"stage": "Closed Won"}, id="won"),
        pytest.param({"status": "Approved", "completed_at": berlin(YESTERDAY, 15)}, id="approved"),
        pytest.param({"status": "Removed"}, id="recalled"),
        pytest.param({"target_id": "001000000000001AAA"}, id="of no deal"),
        pytest.param(
            {"created_at": berlin(date(2026, 3, 1)), "seen_on": date(2026, 3, 2)},
            id="amid the quarter",
        ),
    ],
)
def test_anything_else_is_none_of_it(sqlite: Engine, changes: dict[str, object]) -> None:
    assert asked(sqlite, **changes)[0] == ()  # type: ignore[arg-type]  # named as the arguments are


def test_where_approvals_cannot_be_read_the_rule_is_not_available(sqlite: Engine) -> None:
    assert asked(sqlite, without=("approval",)) == ((), frozenset({RULE}))

"""What became of hires, read from the CRM and their programmes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.ids import RoleKey
from bot.hiring.hires import Outcome, outcome_numbers
from bot.queries.hiring_evidence import read_hiring_evidence
from bot.storage.database import reading, transaction
from bot.storage.hiring import ProspectRow
from bot.storage.roster import read_roster
from tests.mirrored import berlin
from tests.onboarding.new_hires import LEE, TODAY, NewHires, working_days_before

PAT, SKY = "005000000000022AAA", "005000000000023AAA"
ROLE = RoleKey("mid_market_ae")
DAY = timedelta(days=1)
#: By TODAY the first discovery call, five of them and the first qualified deal were due.
STARTED = working_days_before(TODAY, 50)


def hired(database: Engine, person: str, on: date) -> None:
    with transaction(database) as session:
        session.add(
            ProspectRow(
                role=ROLE, source="referral", state="hired", added_on=on, last_touch_on=on,
                person_id=person, hired_on=on,
            )
        )  # fmt: skip


def test_hires_are_joined_to_milestones_deals_and_whether_they_are_here(sqlite: Engine) -> None:
    hires = NewHires(sqlite)
    for person, name in ((LEE, "Lee"), (PAT, "Pat")):
        hires.begins(person, name, STARTED)
        hired(sqlite, person, STARTED)
    late = working_days_before(TODAY, 10)
    hires.begins(SKY, "Sky", late)
    hired(sqlite, SKY, late)
    hires.meets(LEE, *(STARTED + n * DAY for n in (7, 8, 9, 10, 11)))
    won = hires.mirror.deal(berlin(STARTED + 7 * DAY), owner_id=LEE, stage_name="Proposal")
    day = STARTED + 40 * DAY
    hires.mirror.change(won, berlin(day), stage_name="Closed Won", close_on=day)
    runtime = hires.pull(TODAY)
    with reading(sqlite) as session:
        roster = read_roster(session, runtime.organisation)
        found = read_hiring_evidence(session, runtime, roster, [ROLE], today=TODAY)
    lee, pat, sky = found.hires
    assert (lee.milestones, pat.milestones) == (1.0, 0.0)
    # Of somebody for whom next to nothing was due yet, nothing is concluded.
    assert sky.milestones is None
    assert lee.first_deal is not None
    assert (lee.first_deal.days, lee.first_deal.has_happened) == (40, True)
    assert pat.first_deal is not None
    assert not pat.first_deal.has_happened
    assert lee.stay is not None
    assert not lee.stay.has_happened
    numbers = outcome_numbers(found.hires)[:, list(Outcome).index(Outcome.MILESTONES)]
    assert numbers[:2] == pytest.approx([0.5, -0.5])

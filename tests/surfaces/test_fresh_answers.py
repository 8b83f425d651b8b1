"""What a person is told is remembered; no change of the data, and no day, is ever missed by it."""

from datetime import timedelta

from slack_bolt import App

from bot.flows.roll_up import roll_up
from bot.runtime import Runtime
from bot.storage.database import open_database, transaction
from bot.storage.mirror.opportunity import OpportunityRow
from bot.storage.mirror.stale import StaleRecordRow
from bot.storage.mirror.user import CrmUserRow
from integrations.sandbox.clock import SandboxClock
from tests.office import answers, asked, texts_in
from tests.slack_world import CRM_IDS, SlackWorld


def moved(runtime: Runtime, deal: str) -> None:
    """As a pull and what follows it would write it."""
    with transaction(runtime.database) as session:
        row = session.get(OpportunityRow, deal)
        assert row is not None
        row.close_on = runtime.clock.now().date() + timedelta(days=40)
        row.stamp = runtime.clock.now()
        session.add(row)
        session.merge(StaleRecordRow(table_name="opportunity", record_id=deal))
    roll_up(
        runtime.database,
        metrics=runtime.metrics,
        organisation=runtime.organisation,
        now=runtime.clock.now(),
    )


def past_due(runtime: Runtime) -> str:
    text = asked(runtime, "/metric past due share")
    return next(share for share in ("100%", "67%", "33%", "0%") if share in text)


def test_a_deal_that_moved_is_in_the_very_next_answer(office: Runtime) -> None:
    before = asked(office, "/my-week"), asked(office, "/team-health", by="maria")
    assert (asked(office, "/my-week"), asked(office, "/team-health", by="maria")) == before
    assert past_due(office) == "100%"
    moved(office, "006000000000001AAA")
    assert past_due(office) == "67%"
    after = asked(office, "/my-week"), asked(office, "/team-health", by="maria")
    assert after[0] != before[0]
    assert after[1] != before[1]


def test_another_instance_is_heard_of(office: Runtime) -> None:
    assert "Your week, Kim'" in asked(office, "/my-week")
    address = office.database.url.render_as_string(hide_password=False)
    with transaction(open_database(address)) as session:
        kim = session.get(CrmUserRow, CRM_IDS["kim"])
        assert kim is not None
        kim.first_name = "Kimberly"
        session.add(kim)
    assert "Your week, Kimberly" in asked(office, "/my-week")


def test_leave_is_heard_of_through_the_door(office_bot: App, slack: SlackWorld) -> None:
    assert office_bot.name == "pacesetter"

    def told(line: str) -> list[str]:
        return list(texts_in(list(answers(slack, line, person="U0KIM").blocks)))

    before = told("/my-week")
    assert told("/my-week") == before
    told("/ooo 2026-11-02 - 2026-11-20")
    assert told("/my-week") != before


def test_whoever_leads_somebody_no_more_is_told_nothing_more_of_them(office: Runtime) -> None:
    assert "Sam" in asked(office, "/coach", by="maria")
    assert "2 reps" in asked(office, "/team-health", by="maria")
    with transaction(office.database) as session:
        sam = session.get(CrmUserRow, CRM_IDS["sam"])
        assert sam is not None
        sam.manager_id = None
        session.add(sam)
    assert "Sam" not in asked(office, "/coach", by="maria")
    assert "2 reps" not in asked(office, "/team-health", by="maria")


def test_two_who_hold_one_role_are_each_told_of_themselves(office: Runtime) -> None:
    kim, sam = asked(office, "/my-week"), asked(office, "/my-week", by="sam")
    assert kim != sam
    assert (asked(office, "/my-week", by="sam"), asked(office, "/my-week")) == (sam, kim)


def test_a_new_day_is_told_anew(office: Runtime, clock: SandboxClock) -> None:
    before = asked(office, "/team-health last 4 weeks", by="maria")
    clock.wind(timedelta(days=1))
    assert asked(office, "/team-health last 4 weeks", by="maria") != before

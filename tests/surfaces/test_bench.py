"""Whom one could hire tomorrow: seen and kept by those who hire for the role, and nobody else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from slack_bolt import App
from sqlmodel import Session, select

from bot.domain.errors import NotAllowed, UnclearWords
from bot.domain.hiring import HiringPolicy
from bot.domain.ids import RoleKey
from bot.flows.forget_prospects import forget_prospects
from bot.runtime import Runtime
from bot.storage.hiring import InterviewRow, ProspectRow, ScoreRow
from bot.storage.switches import AuditRow
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.state.values import View
from tests.hired import (
    TODAY,
    given_interview,
    given_prospect,
    given_scores,
    prospect_of,
)
from tests.office import answers, asked
from tests.slack_world import CRM_IDS, SlackWorld, wait_until

NEW = {"name": " Dana  <b>Ortiz</b> ", "source": "referral", "referrer": "Kim"}


def opened(slack: SlackWorld, action: str, *, chosen: str | None = None) -> View:
    """The form that Maria opened from her bench."""
    slack.sandbox.close_view("maria", everything=True)
    message = answers(slack, "/bench", person="maria")
    blocks = [block for block in message.blocks if f"'{action}'" in str(block)]
    block_id = str(blocks[0]["block_id"])
    slack.sandbox.press("maria", message, action, block_id=block_id, chosen=chosen)
    return wait_until(lambda: slack.sandbox.modal_of("maria"))


def test_an_empty_bench_says_what_to_do_first(office: Runtime) -> None:
    said = asked(office, "/bench", by="maria")
    assert "Account executive, mid-market: 0 on the bench, 2 wanted" in said
    assert "meet one person this week" in said


@pytest.mark.parametrize("line", ["/bench", "/bench open", "/bench close mid market ae"])
def test_who_does_not_hire_sees_no_bench(office: Runtime, line: str) -> None:
    given_prospect(office)
    with pytest.raises(NotAllowed, match="those who hire") as refused:
        asked(office, line, by="kim")
    assert "/interview" in refused.value.hint


def test_app_yaml_names_others_who_hire(office: Runtime) -> None:
    given_prospect(office)
    named = HiringPolicy(managers={RoleKey("mid_market_ae"): frozenset({"kim@acme.example"})})
    organisation = replace(office.organisation, hiring=named)
    assert "Dana Ortiz" in asked(replace(office, organisation=organisation), "/bench", by="kim")


def test_a_prospect_is_added_met_kept_warm_and_hired(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    opened(slack, "bench.add")
    assert slack.sandbox.submit_view("maria", NEW).is_acknowledged
    with Session(office.database) as session:
        dana = session.exec(select(ProspectRow)).one()
    assert (dana.name, dana.role, dana.last_touch_on) == (
        "Dana <b>Ortiz</b>",
        "mid_market_ae",
        TODAY,
    )
    opened(slack, "bench.menu", chosen=f"touch:{dana.id}")
    assert slack.sandbox.submit_view("maria", {"next_touch_on": "2026-12-07"}).is_acknowledged
    assert "Next talk Mon 7 Dec" in asked(office, "/bench", by="maria")
    opened(slack, "bench.menu", chosen=f"plan:{dana.id}")
    meet = {"prospect": str(dana.id), "interviewer": CRM_IDS["sam"], "held_on": "2026-11-26"}
    assert slack.sandbox.submit_view("maria", meet).is_acknowledged
    assert "Next interview Thu 26 Nov" in asked(office, "/bench", by="maria")
    opened(slack, "bench.menu", chosen=f"settle:{dana.id}")
    hired = {"state": "hired", "person": CRM_IDS["sam"], "hired_on": "2026-11-02"}
    assert slack.sandbox.submit_view("maria", hired).is_acknowledged
    dana = prospect_of(office, dana.id or 0)
    assert (dana.state, dana.person_id, dana.hired_on) == (
        "hired",
        CRM_IDS["sam"],
        date(2026, 11, 2),
    )
    assert "Ortiz" not in asked(office, "/bench", by="maria")


@pytest.mark.parametrize(
    ("deed", "entered", "field"),
    [
        ("add", {"name": " ", "source": "referral"}, "name"),
        ("add", {"name": "Dana Ortiz", "source": "referral"}, "name"),
        ("add", {**NEW, "next_touch_on": "2026-11-23"}, "next_touch_on"),
        ("touch", {"touched_on": "2026-11-25"}, "touched_on"),
        ("touch", {"next_touch_on": "2026-11-01"}, "next_touch_on"),
        ("settle", {"state": "hired"}, "person"),
        ("settle", {"state": "declined", "person": CRM_IDS["kim"]}, "person"),
        (
            "settle",
            {"state": "hired", "person": CRM_IDS["sam"], "hired_on": "2126-11-02"},
            "hired_on",
        ),
        ("plan", {"held_on": "2026-01-01", "interviewer": CRM_IDS["kim"]}, "held_on"),
    ],
)
def test_mistakes_stand_at_their_field(
    office: Runtime,
    office_bot: App,
    slack: SlackWorld,
    deed: str,
    entered: dict[str, str],
    field: str,
) -> None:
    _ = office_bot
    dana = given_prospect(office)
    before = prospect_of(office, dana)
    if deed == "add":
        opened(slack, "bench.add")
    else:
        opened(slack, "bench.menu", chosen=f"{deed}:{dana}")
    assert list(slack.sandbox.submit_view("maria", entered).errors) == [field]
    assert prospect_of(office, dana) == before


def test_nobody_else_may_press_what_stands_on_the_bench(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    given_prospect(office)
    message = answers(slack, "/bench", person="maria")
    slack.sandbox.press("sam", message, "bench.add")
    assert "those who hire" in str(wait_until(lambda: slack.sandbox.ephemerals_for("sam")))
    assert slack.sandbox.modal_of("sam") is None


def test_interviews_are_held_with_a_slot_or_without_one(office: Runtime) -> None:
    dana = given_prospect(office)
    assert "A slot is open for" in asked(office, "/bench open", by="maria")
    given_interview(office, dana, slot=1)
    given_interview(office, dana, by="sam")
    with Session(office.database) as session:
        assert [row.slot_id for row in session.exec(select(InterviewRow))] == [1, None]
    assert "A slot for Account executive, mid-market is closed" in asked(
        office, "/bench close", by="maria"
    )
    with pytest.raises(UnclearWords, match="No slot is open"):
        asked(office, "/bench close", by="maria")
    with pytest.raises(UnclearWords, match="You hire for no role called 'astronaut'"):
        asked(office, "/bench astronaut", by="maria")


def told_of(office: Runtime) -> list[str]:
    with Session(office.database) as session:
        return [row.deed for row in session.exec(select(AuditRow))]


def test_personal_data_goes_when_its_time_is_over_and_the_scores_stay(
    office: Runtime, clock: SandboxClock
) -> None:
    dana = given_prospect(office, contact="dana@example.com", referrer="Kim")
    fresh = given_prospect(office, "Lee Wong")
    first = given_interview(office, dana)
    given_scores(office, first, evidence={"drive": "Dana told of her uncle"}, drive=5, discovery=2)
    clock.wind(timedelta(days=365))
    assert forget_prospects(office) == 0
    with Session(office.database) as session:
        row = session.get_one(ProspectRow, fresh)
        row.last_touch_on = TODAY + timedelta(days=30)
        session.add(row)
        session.commit()
    clock.wind(timedelta(days=1))
    assert forget_prospects(office) == 1
    gone = prospect_of(office, dana)
    assert (gone.name, gone.contact, gone.referrer) == (None, None, None)
    assert (gone.source, gone.role) == ("referral", "mid_market_ae")
    with Session(office.database) as session:
        kept = {row.competency: (row.score, row.evidence) for row in session.exec(select(ScoreRow))}
    assert kept == {"drive": (5, None), "discovery": (2, None)}
    assert told_of(office) == ["erased the personal data of 1 prospect, whose time was over"]
    assert forget_prospects(office) == 0
    assert "Dana" not in asked(office, "/bench", by="maria")
    assert "Dana" not in asked(office, "/interview", by="kim")
    assert prospect_of(office, fresh).name == "Lee Wong"


def test_whoever_asks_to_be_forgotten_is(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    dana = given_prospect(office)
    opened(slack, "bench.menu", chosen=f"erase:{dana}")
    assert prospect_of(office, dana).name == "Dana Ortiz"
    assert slack.sandbox.submit_view("maria", {}).is_acknowledged
    assert prospect_of(office, dana).name is None
    assert told_of(office) == [f"erased the personal data of prospect {dana}, on request"]

"""Everything that the bot says, said once, with what each template was given."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.coaching.rule import load_manager_rules
from bot.domain.errors import CoachingError
from bot.domain.ids import RecordId, RepId, SlackUserId
from bot.domain.people import WorkTerms
from bot.flows.coach import coach
from bot.flows.digest import digest
from bot.flows.note_one_on_one import Entry, note_one_on_one
from bot.flows.shadow import show_admins
from bot.flows.tell_admins import tell_admins
from bot.queries.figures.figure import Section
from bot.runtime import Runtime
from bot.storage.cursors import CursorRow
from bot.storage.database import transaction
from bot.storage.facts.tables import DealSpanRow
from bot.storage.outbox import DeliveryRow, DeliveryState
from bot.surfaces.action import OpenLater, Press, load_actions
from bot.surfaces.apologies import apologise
from bot.surfaces.home import home_for, load_homes
from bot.surfaces.modal import Submission, load_modals
from integrations.sandbox.clock import SandboxClock
from tests.hired import given_bench, given_scores
from tests.listening import Everybody, Recorder
from tests.office import PAY, PLAYBOOKS, asked, office_copied
from tests.programmes import given_programme
from tests.slack_world import CRM_IDS, TUESDAY_MORNING, given_nudge

LINES = (
    ("kim", "/my-week"), ("kim", "/metric past_due_share"), ("kim", "/metric calls completed"),
    ("kim", "/playbook"), ("kim", "/playbook next steps"), ("kim", "/nudges"),
    ("kim", "/nudges kinds"), ("kim", "/nudges why"), ("kim", "/nudges held"),
    ("kim", "/nudges help"), ("kim", "/ooo 7 dec"), ("maria", "/coach"), ("maria", "/coach @kim"),
    ("maria", "/coach-admin rule quiet week off"), ("maria", "/coach-admin audit"),
    ("maria", "/bench"), ("kim", "/interview"), ("kim", "/interview calibration"),
    ("maria", "/comp-audit"), ("maria", "/comp-audit try mid_market_ae"), ("maria", "/pay @kim"),
    ("kim", "/pay"), ("maria", "/pipeline"), ("maria", "/ramp @kim"), ("maria", "/team-health"),
    ("maria", "/team-health share"), ("maria", "/bench analysis"),
    ("maria", "/strategic"), ("maria", "/team-health framework"),
)  # fmt: skip


LONG_AGO = {"first_day": date(2026, 1, 2), "last_day": date(2026, 1, 3)}


def act(runtime: Runtime, key: str, person: str, value: object) -> None:
    press = Press(presser=SlackUserId(f"U0{person}"), action=key, value=str(value), receipt=None)
    effect = load_actions()[key].answer(press, runtime)
    if isinstance(effect, OpenLater):
        runtime.renderer.render_view("modals/working.j2", {"title": effect.title})
        effect.make()


def fill(runtime: Runtime, callback: str, person: str, carries: str, **entered: str) -> None:
    by = SlackUserId(f"U0{person}")
    given_in = Submission(submitter=by, carries=carries, entered=entered)
    load_modals()[callback].answer(given_in, runtime)


def hire(runtime: Runtime) -> None:
    """A bench with people on it, and every form about them."""
    act(runtime, "bench.add", "MARIA", "new")
    known, first = given_bench(runtime)
    act(runtime, "bench.plan", "MARIA", "any")
    act(runtime, "interview.score", "KIM", first)
    given_scores(runtime, first, evidence={"drive": "Acme"}, drive=5)
    for deed in ("touch", "settle", "erase", "debrief"):
        act(runtime, "bench.menu", "MARIA", f"{deed}:{known}")


def onboard(runtime: Runtime) -> None:
    """Kim on a programme of our words: a milestone ticked off, another signed and undone."""
    [ours] = [each for each in PLAYBOOKS.programmes if each.role == "mid_market_ae"]
    worded = tuple(replace(each, title="Acme", how="Acme") for each in ours.milestones)
    start = given_programme(runtime, replace(ours, title="Acme", milestones=worded))
    act(runtime, "milestone.reached", "KIM", f"{start}:tools_ready")
    token, day = f"{start}:accounts_researched", "2026-11-24"
    fill(runtime, "milestone.reached", "MARIA", token, reached_on=day, note="Acme")
    act(runtime, "milestone.reached", "MARIA", token)
    fill(runtime, "milestone.undo", "MARIA", token, because="Acme")
    asked(runtime, "/ramp cohort by source", by="maria")


def talk(runtime: Runtime) -> None:
    """A 1:1 of Maria and Kim, and Kim's days off."""
    entry = Entry(
        held_on=date(2026, 11, 24), notes="Acme", commitment="Acme", due_on=date(2026, 11, 27)
    )
    by, kim = SlackUserId("U0MARIA"), RepId(CRM_IDS["kim"])
    note_one_on_one(runtime, by=by, rep=kim, entry=entry)
    act(runtime, "leave.enter", "KIM", "")
    act(runtime, "one_on_one.write", "MARIA", kim)
    act(runtime, "one_on_one.menu", "MARIA", f"brief:{kim}")
    act(runtime, "home.manager_sees", "KIM", "me")
    fill(runtime, "leave.enter", "KIM", "", first="2026-12-14")
    fill(runtime, "one_on_one.write", "MARIA", kim, held_on="2026-11-24", notes="Acme")


def rename_a_field(runtime: Runtime) -> None:
    """Salesforce calls it something else, which admins hear."""
    with transaction(runtime.database) as session:
        renamed = {"discount": "Acme__c"}
        now = runtime.clock.now()
        session.merge(CursorRow(table_name="opportunity", renamed=renamed, deletions_until=now))
    assert tell_admins(runtime, Everybody())


def live_through(runtime: Runtime, quiet: Runtime) -> None:
    """Everything that the bot says, once; ``quiet`` is the same in shadow mode."""
    for rule in runtime.rules:
        given_nudge(runtime, rule=rule)
    for spoken in load_manager_rules().values():
        [proposal] = spoken.notice(spoken.example)
        runtime.renderer.render(spoken.template, {**proposal.view, "nudge": "1"})
    nudge = given_nudge(runtime, rule="no_next_step", records=(RecordId("006000000000001AAA"),))
    for key in ("nudge.not_now", "nudge.not_right", "nudge.next_step", "nudge.why", "nudge.done"):
        act(runtime, key, "KIM", nudge)
    talk(runtime)
    hire(runtime)
    act(runtime, "strategic.duty", "MARIA", "D6")
    for section in Section:
        act(runtime, "framework.section", "MARIA", f"{section}|")
    not_written = {"what": ["next step"], "values": ["Acme"], "deal": ("Acme", None)}
    runtime.renderer.render("messages/not_written.j2", {**not_written, "reason": "Acme"})
    with transaction(runtime.database) as session:
        # Of a year ago, so that a whole quarter is settled.
        [deal, *_] = session.exec(select(DealSpanRow))
        session.add(DealSpanRow(**{**deal.model_dump(), "opportunity_id": "old", **LONG_AGO}))
    onboard(runtime)
    for person, line in LINES:
        asked(runtime, line, by=person)
    coach(quiet)
    for person in ("KIM", "MARIA", "NOBODY"):
        home_for(SlackUserId(f"U0{person}"), load_homes(), runtime)
    report = digest(runtime, Everybody())
    assert report.lines
    row = DeliveryRow
    with Session(runtime.database) as session:
        held = session.exec(select(row.id).where(col(row.state) == DeliveryState.HELD)).one()
    act(runtime, "digest.post", "MARIA", held)
    digest(quiet, Everybody())
    show_admins(quiet, Everybody())
    rename_a_field(runtime)
    refusal = CoachingError("Zqx", hint="Zqx")
    apologise(runtime.renderer, refusal, reference="Zqx")
    words = {"message": "Zqx", "hint": "Zqx", "reference": "Zqx"}
    runtime.renderer.render_view("modals/apology.j2", words)


@pytest.fixture(scope="module")
def recorded(office_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Recorder:
    recorder = Recorder()
    clock = SandboxClock(starts_at=TUESDAY_MORNING, frozen=True)
    with office_copied(office_template, tmp_path_factory.mktemp("spoken"), clock) as office:
        organisation = replace(
            office.organisation,
            admins=frozenset({"maria@acme.example"}),
            people={"kim@acme.example": WorkTerms(source="Acme")},
            previews_digest=True,
            default_channel="sales",
            pay=PAY,
        )
        loud = replace(office, organisation=organisation, renderer=recorder)
        folder = tmp_path_factory.mktemp("quiet")
        with office_copied(office_template, folder, clock) as copy:
            policy = replace(copy.policy, is_in_shadow=True)
            quiet = replace(copy, organisation=organisation, renderer=recorder, policy=policy)
            live_through(loud, quiet)
    return recorder

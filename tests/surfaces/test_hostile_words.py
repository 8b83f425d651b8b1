"""No words of the CRM, and no person's, do anything in any message of ours but stand there."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from sqlmodel import Session, col, select

from bot.coaching.rule import load_manager_rules
from bot.domain.errors import CoachingError
from bot.domain.ids import RecordId, RepId, SlackUserId
from bot.domain.message import Message, View
from bot.domain.people import WorkTerms
from bot.flows.coach import coach
from bot.flows.digest import digest
from bot.flows.note_one_on_one import Entry, note_one_on_one
from bot.flows.shadow import show_admins
from bot.render import block_kit
from bot.render.environment import OURS
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.facts.tables import DealSpanRow
from bot.storage.outbox import DeliveryRow, DeliveryState
from bot.surfaces.action import OpenLater, Press, load_actions
from bot.surfaces.apologies import apologise
from bot.surfaces.home import home_for, load_homes
from bot.surfaces.modal import Submission, load_modals
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.blockkit.validate import (
    complaints_about_blocks,
    complaints_about_view,
)
from tests.hired import given_bench, given_scores
from tests.listening import Everybody, Recorder
from tests.office import PAY, PLAYBOOKS, asked, office_copied
from tests.programmes import given_programme
from tests.slack_world import CRM_IDS, TUESDAY_MORNING, given_nudge

pytestmark = pytest.mark.slow
HOSTILE = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="<>&|*_~`@#!:/. \n\u2028\u202e\x00ab", max_size=80),
    st.sampled_from(
        [
            "<!channel>", "<@U024BE7LH>", "<#C1|general>", "<https://evil|safe>", "&lt;!here&gt;",
            "@channel @here", "https://evil.example", ">>> all", "```\nblock\n```", "\ud800", "",
            "---\njson: {}", "{{ 7 * 7 }}", "a" * 4000, "&" * 3000, "<" * 3000, " ", "\n\n\n",
        ]
    ),
)  # fmt: skip
#: Every word of the office and of the rules' examples that comes from a CRM or from a person.
SPOKEN = re.compile("Kim|Sam|Maria|Berg|Reyes|Lopez|Acme|Globex|Initech|Negotiation|Proposal|Zqx")
LIVE = re.compile(r"<(?!https://(?:acme\.my\.example|example\.my\.salesforce\.com)/)[^>]*>|<[!@#]")
SHORT = 60
TEMPLATES = sorted(
    str(path.relative_to(OURS)) for path in OURS.rglob("*.j2") if not path.name.startswith("_")
)


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
    """Kim on a programme that somebody worded, with a milestone ticked off and one signed."""
    [ours] = [each for each in PLAYBOOKS.programmes if each.role == "mid_market_ae"]
    worded = tuple(replace(each, title="Acme", how="Acme") for each in ours.milestones)
    start = given_programme(runtime, replace(ours, title="Acme", milestones=worded))
    act(runtime, "milestone.reached", "KIM", f"{start}:tools_ready")
    token, day = f"{start}:accounts_researched", "2026-11-24"
    fill(runtime, "milestone.reached", "MARIA", token, reached_on=day, note="Acme")
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


def spoken_as(words: str, told: object) -> object:
    """The same values with other words where the CRM's stood."""
    swapped = partial(spoken_as, words)
    if type(told) in {str, Markup}:
        return SPOKEN.sub(lambda _: words, str(told))
    if dataclasses.is_dataclass(told) and not isinstance(told, type):
        fields = [each.name for each in dataclasses.fields(told) if each.init]
        return dataclasses.replace(told, **{name: swapped(getattr(told, name)) for name in fields})
    if isinstance(told, Mapping):
        return {key: swapped(value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return type(told)(swapped(value) for value in told)
    return told


def complaints(said: Message | View) -> list[object]:
    block_kit.check(said)
    if isinstance(said, View):
        return list(complaints_about_view(said.payload))
    parts = (said, *said.thread)
    return [
        each
        for part in parts
        for each in complaints_about_blocks(list(part.blocks), surface="message")
    ]


def marked_up(said: Message | View) -> list[str]:
    if isinstance(said, View):
        return _texts(said.payload)
    parts = (said, *said.thread)
    return [text for part in parts for text in (part.text, *_texts(part.blocks))]


def _texts(node: object) -> list[str]:
    if isinstance(node, Mapping):
        here = [str(node["text"])] if node.get("type") == "mrkdwn" else []
        return here + [text for value in node.values() for text in _texts(value)]
    if isinstance(node, list | tuple):
        return [text for value in node for text in _texts(value)]
    return []


def kinds(said: Message | View) -> list[object]:
    blocks = said.payload["blocks"] if isinstance(said, View) else said.blocks
    return [block["type"] for block in blocks]  # type: ignore[attr-defined]  # a list of blocks


#: These hold our own words and numbers alone.
OURS_ALONE = {
    "commands/calibration.j2",
    "commands/comp_audit.j2",
    "commands/help.j2",
    "commands/nudge_kinds.j2",
    "commands/ooo.j2",
    "commands/play.j2",
    "commands/playbook.j2",
    "commands/untold.j2",
    "home/pay.j2",
    "home/stranger.j2",
    "messages/answered.j2",
    "messages/preview.j2",
    "messages/preview_settled.j2",
    "messages/would_have_gone.j2",
    "modals/leave.j2",
    "modals/leave_noted.j2",
    "modals/not_right.j2",
    "modals/prospect.j2",
    "modals/snooze.j2",
    "modals/working.j2",
}


def test_every_template_has_been_seen_with_words_to_change(recorded: Recorder) -> None:
    assert sorted(recorded.views) == TEMPLATES
    silent = {
        template
        for template in TEMPLATES
        if "Wordly" not in str(shown_as("Wordly", recorded, template))
    }
    assert silent == OURS_ALONE


def shown_as(words: str, recorded: Recorder, template: str) -> list[Message | View]:
    views = (spoken_as(words, view) for view in recorded.views[template][:2])
    return [recorded.rendering[template](template, view) for view in views]  # type: ignore[arg-type]  # mappings too


@pytest.mark.parametrize("template", TEMPLATES)
@settings(max_examples=10, deadline=None)
@given(words=HOSTILE)
def test_no_words_mention_link_break_out_or_are_refused(
    recorded: Recorder, template: str, words: str
) -> None:
    usual = shown_as("Acme", recorded, template)
    for said, before in zip(shown_as(words, recorded, template), usual, strict=True):
        assert complaints(said) == []
        if len(words) < SHORT and words.isalnum():
            assert kinds(said) == kinds(before)
        for text in marked_up(said):
            assert not LIVE.search(text)
            assert "://" not in re.sub(r"<https://[^|>]*\|", "", text)
            assert not re.search(r"&(?!amp;|lt;|gt;)", text)

"""Refusals, apologies and what opens while one waits are said in the reader's language too."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from slack_bolt import App

from bot.domain.ids import SlackUserId
from bot.queries.permissions import HOW_TO_BE_KNOWN
from bot.render.environment import Renderer
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.mirror.user import CrmUserRow
from bot.surfaces.home import home_for, load_homes
from bot.surfaces.listeners import register_all
from integrations.sandbox.serving import serve
from integrations.slack.bolt_app import EVENTS_PATH, build_app, http_door
from tests.office import answers, texts_in
from tests.slack_world import CRM_IDS, SlackWorld, wait_until

GERMAN = f"""\
"That one is for managers: it looks at a whole team.": Das ist etwas für Führungskräfte.
I do not know you from the CRM yet.: Ich kenne Sie noch nicht aus dem CRM.
"{HOW_TO_BE_KNOWN}": Fragen Sie jemanden.
That lies before the first day.: Das liegt vor dem ersten Tag.
Enter days off: Abwesenheit eintragen
"""


@pytest.fixture
def german(office: Runtime, tmp_path: Path) -> Runtime:
    """Everybody reads German, and there are words for it."""
    folder = tmp_path / "wording" / "de"
    folder.mkdir(parents=True)
    (folder / "phrases.yaml").write_text(GERMAN, encoding="utf-8")
    with transaction(office.database) as session:
        for person in CRM_IDS.values():
            row = session.get(CrmUserRow, person)
            assert row is not None
            row.locale = "de_DE"
            session.add(row)
    return replace(office, renderer=Renderer(folder.parent))


@pytest.fixture
def german_slack(german: Runtime, slack: SlackWorld) -> Iterator[SlackWorld]:
    app: App = build_app(slack.credentials, slack.client)
    register_all(app, german, slack.messenger)
    with serve(http_door(app)) as server:
        slack.sandbox.deliveries.request_url = f"{server.url}{EVENTS_PATH}"
        yield slack
    app.listener_runner.listener_executor.shutdown()


def test_a_refusal_is_in_the_words_of_whoever_asked(german_slack: SlackWorld) -> None:
    said = answers(german_slack, "/team-health", person="U0KIM")
    assert said.text.startswith("Das ist etwas für Führungskräfte.")


def test_buttons_and_mistakes_in_a_form_are_too(german_slack: SlackWorld) -> None:
    sandbox = german_slack.sandbox
    said = answers(german_slack, "/ooo", person="U0KIM")
    assert "Abwesenheit eintragen" in str(said.blocks)
    [block] = [each for each in said.blocks if "'leave.enter'" in str(each)]
    sandbox.press("U0KIM", said, "leave.enter", block_id=block["block_id"])
    wait_until(lambda: sandbox.modal_of("U0KIM"))
    outcome = sandbox.submit_view("U0KIM", {"first": "2026-12-14", "last": "2026-12-01"})
    assert outcome.errors == {"last": "Das liegt vor dem ersten Tag."}


def test_a_stranger_is_met_in_the_language_of_the_house(german: Runtime) -> None:
    page = home_for(SlackUserId("U0NOBODY"), load_homes(), german)
    assert "Ich kenne Sie noch nicht aus dem CRM." in " ".join(texts_in(page.payload))

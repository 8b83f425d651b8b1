"""Refusals, apologies and what opens while one waits are said in the reader's language too."""

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
from tests.slack_world import CRM_IDS, SlackWorld

GERMAN = f"""\
"That one is for managers: it looks at a whole team.": Das ist etwas für Führungskräfte.
I do not know you from the CRM yet.: Ich kenne Sie noch nicht aus dem CRM.
"{HOW_TO_BE_KNOWN}": Fragen Sie jemanden.
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


def test_a_refusal_is_in_the_words_of_whoever_asked(german: Runtime, slack: SlackWorld) -> None:
    app: App = build_app(slack.credentials, slack.client)
    register_all(app, german, slack.messenger)
    with serve(http_door(app)) as server:
        slack.sandbox.deliveries.request_url = f"{server.url}{EVENTS_PATH}"
        said = answers(slack, "/team-health", person="U0KIM")
    app.listener_runner.listener_executor.shutdown()
    assert said.text.startswith("Das ist etwas für Führungskräfte.")


def test_a_stranger_is_met_in_the_language_of_the_house(german: Runtime) -> None:
    page = home_for(SlackUserId("U0NOBODY"), load_homes(), german)
    assert "Ich kenne Sie noch nicht aus dem CRM." in " ".join(texts_in(page.payload))

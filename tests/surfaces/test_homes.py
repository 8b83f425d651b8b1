"""Home tabs of people at work: what stands there, what opens from it, and that it is the truth."""

from datetime import date
from functools import partial

import pytest
from slack_bolt import App
from syrupy.assertion import SnapshotAssertion

from bot.domain.ids import RepId, SlackUserId
from bot.flows.note_one_on_one import Entry, note_one_on_one
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.mirror.user import CrmUserRow
from bot.surfaces.home import home_for, load_homes
from integrations.sandbox.slack.state.values import View
from tests.office import answers, texts_in
from tests.slack_world import CRM_IDS, SlackWorld, given_nudge, wait_until

FRIDAY = date(2026, 11, 27)


def noted(runtime: Runtime) -> None:
    """Maria has written a 1:1 with Kim down."""
    entry = Entry(held_on=date(2026, 11, 24), notes="Talked", commitment="Two deals", due_on=FRIDAY)
    by, rep = SlackUserId("U0MARIA"), RepId(CRM_IDS["kim"])
    assert note_one_on_one(runtime, by=by, rep=rep, entry=entry) == {}


def opened(slack: SlackWorld, person: str) -> View:
    slack.sandbox.open_home(person)
    return wait_until(lambda: slack.sandbox.home_of(person))


def filled(slack: SlackWorld, person: str) -> list[str]:
    """The words of the modal once it is no longer waiting."""

    def words() -> list[str]:
        view = slack.sandbox.modal_of(person)
        found = list(texts_in(view.content)) if view else []
        return [] if any("One moment" in text for text in found) else found

    return wait_until(words)


@pytest.mark.parametrize("person", ["kim", "maria"])
def test_it_reads_as_it_should(office: Runtime, person: str, snapshot: SnapshotAssertion) -> None:
    noted(office)
    given_nudge(office)
    view = home_for(SlackUserId(f"U0{person.upper()}"), load_homes(), office)
    assert "\n".join(texts_in(view.payload["blocks"])) == snapshot


def test_a_rep_reads_what_the_manager_reads_word_for_word(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    noted(office)
    brief = answers(slack, "/coach @kim", person="maria")
    sections = [b["text"]["text"] for b in brief.blocks if b["type"] == "section"]
    assert any("Two deals" in words for words in sections)
    slack.sandbox.press("kim", opened(slack, "kim"), "home.manager_sees")
    seen = filled(slack, "kim")
    assert [words for words in sections if words not in seen] == []


def test_a_manager_opens_the_brief_and_the_form_from_the_queue(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    noted(office)
    home = opened(slack, "maria")
    told = list(texts_in(home.content))
    queue = [words for words in told if "on record" in words or "last on" in words]
    assert [words.split("*")[1] for words in queue] == ["Sam Reyes", "Kim Berg"]
    [row] = [block for block in home.content["blocks"] if "Sam Reyes*: none" in str(block)]
    press = partial(slack.sandbox.press, "maria", home, "one_on_one.menu", block_id=row["block_id"])
    press(chosen=f"brief:{CRM_IDS['sam']}")
    assert any("Questions to ask" in words for words in filled(slack, "maria"))
    slack.sandbox.close_view("maria")
    press(chosen=f"write:{CRM_IDS['sam']}")
    assert "One commitment" in str(wait_until(lambda: slack.sandbox.modal_of("maria")).content)


def test_who_reports_to_nobody_is_told_that_nobody_is_shown_anything(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    home = opened(slack, "kim")
    with transaction(office.database) as session:
        session.get_one(CrmUserRow, CRM_IDS["kim"]).manager_id = None
    slack.sandbox.press("kim", home, "home.manager_sees")
    assert any("nobody is shown anything" in words for words in filled(slack, "kim"))

"""Forms and help come in the reader's language too, where the team has words for it."""

from dataclasses import replace
from pathlib import Path

import pytest
from slack_bolt import App

from bot.flows.coach import coach
from bot.flows.deliver import deliver
from bot.render.environment import Renderer
from bot.runtime import Runtime
from tests.office import answers
from tests.slack_world import SlackWorld, wait_until

FORM = "{{ modal(title='%s', callback='%s') }}{%% call section() %%}Hullo{%% endcall %%}"
WORDS = {
    "commands/help.j2": "{% call section() %}How it is asked, old chap{% endcall %}",
    "modals/snooze.j2": FORM % ("Jolly good", "nudge.snooze"),
    "modals/not_right.j2": FORM % ("Not cricket", "nudge.not_right"),
    "modals/next_step.j2": FORM % ("What ho", "nudge.next_step"),
    "modals/leave.j2": FORM % ("On holiday", "leave.enter"),
}


@pytest.fixture
def office(office: Runtime, tmp_path: Path) -> Runtime:
    """Kim's Slack is British; somebody had fun with the wording."""
    for path, source in WORDS.items():
        file = tmp_path / "wording" / "en_GB" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
    only = {key: rule for key, rule in office.rules.items() if key == "no_next_step"}
    return replace(office, rules=only, renderer=Renderer(tmp_path / "wording"))


def test_a_form_is_in_the_readers_language(
    office: Runtime, office_bot: App, slack: SlackWorld
) -> None:
    _ = office_bot
    coach(office)
    deliver(office, slack.messenger)
    [nudge] = wait_until(lambda: slack.sandbox.direct_messages_to("kim"))
    for action, title in (
        ("nudge.not_now", "Jolly good"),
        ("nudge.not_right", "Not cricket"),
        ("nudge.next_step", "What ho"),
    ):
        slack.sandbox.press("kim", nudge, action)
        wait_until(lambda title=title: title in str(slack.sandbox.modal_of("kim")))  # type: ignore[misc]  # mypy cannot infer it
    list_of_days = answers(slack, "/ooo list", person="kim")
    slack.sandbox.press("kim", list_of_days, "leave.enter")
    wait_until(lambda: "On holiday" in str(slack.sandbox.modal_of("kim")))


def test_help_is_in_the_readers_language(office_bot: App, slack: SlackWorld) -> None:
    _ = office_bot
    assert "old chap" in str(answers(slack, "/my-week help", person="kim").blocks)

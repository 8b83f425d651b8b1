"""Where buttons stand that somebody may press, and what is to come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count

from bot.domain.ids import RecordId
from bot.domain.message import Message
from bot.domain.programme import MilestoneKind
from bot.flows.preview_digest import show_first
from integrations.sandbox.slack.state.values import Message as SlackMessage
from integrations.sandbox.slack.state.values import View
from tests.office import PLAYBOOKS, answers
from tests.programmes import BEGAN, given_programme
from tests.slack_world import given_nudge, wait_until
from tests.stage import Stage

NUMBERS = count()
ACME = RecordId("006000000000001AAA")
[MID_MARKET] = [each for each in PLAYBOOKS.programmes if each.role == "mid_market_ae"]


def nudge(stage: Stage) -> SlackMessage:
    given_nudge(stage.office)
    stage.deliver()
    return stage.newest("kim")


def steps_wanted(stage: Stage) -> SlackMessage:
    given_nudge(stage.office, rule="no_next_step", records=(ACME,))
    stage.deliver()
    return stage.newest("kim")


def preview(stage: Stage) -> SlackMessage:
    section = {"type": "section", "text": {"type": "plain_text", "text": "The week"}}
    show_first(
        stage.office,
        f"digest:channel:{next(NUMBERS)}",
        recipient="C0SALES",
        message=Message(text="The week", blocks=[section]),
        approver="U0MARIA",
    )
    stage.deliver()
    return stage.newest("maria")


def home(person: str) -> Callable[[Stage], View]:
    def opened(stage: Stage) -> View:
        stage.slack.sandbox.open_home(person)
        return wait_until(lambda: stage.slack.sandbox.home_of(person))

    return opened


def new_hire_s_home(stage: Stage, reached: Mapping[str, date] | None = None) -> View:
    given_programme(stage.office, MID_MARKET, reached=reached)
    known = len(stage.slack.sandbox.log(name="views.publish"))
    stage.slack.sandbox.open_home("kim")
    wait_until(lambda: len(stage.slack.sandbox.log(name="views.publish")) > known)
    return wait_until(lambda: stage.slack.sandbox.home_of("kim"))


def home_with_a_task_done(stage: Stage) -> View:
    """All that a new hire may tick off is ticked off, so that it can only be taken back."""
    tasks = [each.key for each in MID_MARKET.milestones if each.kind is MilestoneKind.TASK]
    return new_hire_s_home(stage, reached=dict.fromkeys(tasks, BEGAN))


def typed(person: str, line: str) -> Callable[[Stage], SlackMessage]:
    return lambda stage: answers(stage.slack, line, person=person)


@dataclass(frozen=True)
class Pressed:
    """Who presses it where; a modal opens, or the message says so, with these words in it."""

    place: Callable[[Stage], SlackMessage | View]
    person: str
    words: str
    #: Who must not, and is told so; None where everybody may, and Slack is what refuses.
    stranger: str | None = "sam"
    refusal: str = "somebody else"
    opens: bool = True

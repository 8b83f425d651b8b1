"""Slash commands typed in the sandbox: acknowledged, answered to the asker alone, once."""

import time
from contextlib import nullcontext
from datetime import date
from threading import Event

import pytest
from slack_bolt import App, BoltRequest
from sqlmodel import Session, select

from bot.domain.errors import UnclearWords
from bot.domain.message import Message
from bot.domain.nudge import HoldReason
from bot.runtime import Runtime
from bot.storage.people import MuteRow, PauseRow
from bot.surfaces.command import Audience, Command, Question, Reply, load_commands, register
from integrations.sandbox.slack.state.values import Message as SlackMessage
from tests.slack_world import CRM_IDS, SlackWorld, given_nudge, given_people, wait_until

CHANNEL = "sales"


def typed(slack: SlackWorld, line: str, *, person: str = "kim") -> str:
    """Everything that the person reads after typing the line."""
    known = len(slack.sandbox.ephemerals_for(person))
    assert slack.sandbox.type_command(person, CHANNEL, line).is_acknowledged

    def answers() -> list[SlackMessage]:
        return list(slack.sandbox.ephemerals_for(person)[known:])

    return str([message.blocks for message in wait_until(answers)])


@pytest.mark.usefixtures("bot")
def test_nudges_shows_what_was_said_and_what_was_held_back_with_its_reason(
    runtime: Runtime, slack: SlackWorld
) -> None:
    given_people(runtime)
    given_nudge(runtime)
    given_nudge(runtime, rule="no_activity", held=HoldReason.DAILY_CAP)
    text = typed(slack, "/nudges")
    assert "Past-due close date" in text
    assert "enough was said today" in text
    assert slack.sandbox.messages_in(CHANNEL) == []


@pytest.mark.usefixtures("bot")
def test_nobody_sees_what_was_said_to_another(runtime: Runtime, slack: SlackWorld) -> None:
    given_people(runtime)
    given_nudge(runtime, to="kim")
    assert "Past-due close date" not in typed(slack, "/nudges", person="sam")


@pytest.mark.usefixtures("bot")
def test_pausing_and_resuming_is_kept(runtime: Runtime, slack: SlackWorld) -> None:
    given_people(runtime)
    assert "Fri 27 Nov" in typed(slack, "/nudges pause until friday")
    with Session(runtime.database) as session:
        [row] = session.exec(select(PauseRow))
    assert (row.person_id, row.until) == (CRM_IDS["kim"], date(2026, 11, 27))
    typed(slack, "/nudges resume")
    with Session(runtime.database) as session:
        assert list(session.exec(select(PauseRow))) == []


@pytest.mark.usefixtures("bot")
def test_a_kind_is_muted_and_brought_back_by_roughly_its_name(
    runtime: Runtime, slack: SlackWorld
) -> None:
    given_people(runtime)
    assert "is muted" in typed(slack, "/nudges mute past due close-date")
    with Session(runtime.database) as session:
        assert [row.rule for row in session.exec(select(MuteRow))] == ["past_due_close_date"]
    assert "· muted" in typed(slack, "/nudges kinds")
    typed(slack, "/nudges unmute Past-due close date")
    with Session(runtime.database) as session:
        assert list(session.exec(select(MuteRow))) == []


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/nudges pause until yesterday", "2026-12-01"),
        ("/nudges pause 400 days", "next 90 days"),
        ("/nudges mute everything", "Quiet deal"),
        ("/nudges dance", "pause friday"),
    ],
)
def test_words_that_are_not_understood_are_answered_with_what_would_be(
    runtime: Runtime, slack: SlackWorld, line: str, hint: str
) -> None:
    given_people(runtime)
    assert hint in typed(slack, line)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("word", ["help", "HELP", "?"])
def test_every_command_explains_itself_to_everybody(slack: SlackWorld, word: str) -> None:
    for command in load_commands().values():
        assert command.summary in typed(slack, f"{command.name} {word}").replace("\u200b", "")


@pytest.mark.usefixtures("bot")
def test_a_stranger_is_told_how_to_be_known(slack: SlackWorld) -> None:
    assert "match people by e-mail" in typed(slack, "/nudges")


@pytest.mark.usefixtures("bot")
def test_a_rep_who_asks_about_a_team_is_refused_kindly(runtime: Runtime, slack: SlackWorld) -> None:
    given_people(runtime)
    assert "for managers" in typed(slack, "/team-health")


@pytest.mark.usefixtures("bot")
def test_a_manager_reads_the_teams_health_alone_and_may_share_it(
    runtime: Runtime, slack: SlackWorld
) -> None:
    given_people(runtime)
    assert "Team health" in typed(slack, "/team-health last 4 weeks", person="maria")
    assert slack.sandbox.messages_in(CHANNEL) == []
    slack.sandbox.type_command("maria", CHANNEL, "/team-health share")
    [shared] = wait_until(lambda: slack.sandbox.messages_in(CHANNEL))
    assert "Only you see this" not in str(shared.blocks)


@pytest.mark.usefixtures("bot_on_socket")
def test_commands_are_answered_over_a_socket_too(runtime: Runtime, slack: SlackWorld) -> None:
    given_people(runtime)
    assert "Nothing in the last two weeks" in typed(slack, "/nudges")


def _slow(let_go: Event) -> Command:
    """Answers once it is let go."""

    def answer(question: Question, runtime: Runtime) -> Reply:
        _ = question, runtime
        let_go.wait(60)
        return Reply(message=Message(text="ready"))

    return Command(
        name="/slow", usage="", summary="Slow.", audience=Audience.EVERYBODY, answer=answer
    )


def test_a_slow_answer_is_acknowledged_at_once_and_follows_later(
    app: App, bot: App, runtime: Runtime, slack: SlackWorld
) -> None:
    _ = bot
    let_go = Event()
    register(app, _slow(let_go), runtime, slack.messenger, nullcontext())
    assert slack.sandbox.type_command("kim", CHANNEL, "/slow").is_acknowledged
    assert slack.sandbox.ephemerals_for("kim") == []
    let_go.set()
    wait_until(lambda: slack.sandbox.ephemerals_for("kim"))


def test_many_slow_answers_do_not_keep_another_from_being_acknowledged(
    app: App, bot: App, runtime: Runtime, slack: SlackWorld
) -> None:
    _ = bot
    let_go = Event()
    register(app, _slow(let_go), runtime, slack.messenger, nullcontext())
    given_people(runtime)
    for _ in range(12):
        assert slack.sandbox.type_command("sam", CHANNEL, "/slow").is_acknowledged
    assert slack.sandbox.type_command("kim", CHANNEL, "/nudges").is_acknowledged
    assert slack.sandbox.ephemerals_for("sam") == []
    let_go.set()
    wait_until(lambda: len(slack.sandbox.ephemerals_for("sam")) == 12)


def test_whatever_was_not_foreseen_is_said_with_a_reference_and_without_its_words(
    app: App, bot: App, runtime: Runtime, slack: SlackWorld
) -> None:
    _ = bot

    def answer(question: Question, runtime: Runtime) -> Reply:
        raise ZeroDivisionError("secret detail", question, runtime)

    broken = Command(
        name="/broken", usage="", summary="B.", audience=Audience.EVERYBODY, answer=answer
    )
    register(app, broken, runtime, slack.messenger, nullcontext())
    text = typed(slack, "/broken")
    assert "Reference" in text
    assert "secret" not in text


def asked(command: str, slack: SlackWorld) -> dict[str, str]:
    """What Slack sends, without a trigger."""
    return {
        "type": "slash_commands",
        "command": command,
        "text": "a  b",
        "user_id": "U0KIM",
        "channel_id": "C0SALES",
        "team_id": "T1",
        "response_url": f"{slack.url}/nowhere",
    }


def test_an_error_right_behind_the_acknowledgement_does_not_take_its_place(
    app: App, runtime: Runtime, slack: SlackWorld
) -> None:
    def answer(question: Question, runtime: Runtime) -> Reply:
        raise UnclearWords(f"{question.words} {runtime.draw_seed}")

    at_once = Command(
        name="/no", usage="", summary="N.", audience=Audience.EVERYBODY, answer=answer
    )
    register(app, at_once, runtime, slack.messenger, nullcontext())
    for _ in range(20):
        response = app.dispatch(BoltRequest(mode="socket_mode", body=asked("/no", slack)))
        assert response.status == 200


def test_a_command_delivered_twice_is_answered_once(
    app: App, runtime: Runtime, slack: SlackWorld
) -> None:
    answered = []

    def answer(question: Question, runtime: Runtime) -> Reply:
        _ = runtime
        answered.append(question)
        return Reply(message=Message(text="once"))

    once = Command(name="/once", usage="", summary="O.", audience=Audience.EVERYBODY, answer=answer)
    register(app, once, runtime, slack.messenger, nullcontext())
    body = {**asked("/once", slack), "trigger_id": "1.2.3"}
    for _ in range(2):
        response = app.dispatch(BoltRequest(mode="socket_mode", body=body))
        assert response.status == 200
    wait_until(lambda: answered)
    time.sleep(0.3)
    assert [question.words for question in answered] == [("a", "b")]
    # What somebody else typed is no repetition, whatever mark a server gives it.
    app.dispatch(BoltRequest(mode="socket_mode", body={**body, "text": "c"}))
    wait_until(lambda: len(answered) > 1)
    assert answered[-1].words == ("c",)

"""Nobody is told a thing twice, and nothing is lost: kill -9, lost replies and many workers."""

import itertools
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.domain.errors import CredentialsRefused
from bot.domain.ids import DeliveryId
from bot.domain.message import Message, Receipt
from bot.flows.deliver import BEFORE_LOOKING, MOST_ATTEMPTS, deliver
from bot.flows.pace import Pace
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.outbox import CLAIM_LIFETIME, DeliveryRow, enqueue
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.faults import Fault, FaultKind
from integrations.slack.messenger import SlackMessenger
from tests.slack_world import SlackWorld

ROOT = Path(__file__).resolve().parents[2]
KIM, SAM = "U0KIM", "U0SAM"
WORKERS = 8


def given_message(
    runtime: Runtime, key: str, *, to: str = KIM, text: str = "Hello", thread: int = 0
) -> None:
    parts = tuple(Message(text=f"{text}, part {number}") for number in range(1, thread + 1))
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        enqueue(
            session,
            dedupe_key=key,
            kind="nudge",
            recipient=to,
            message=Message(text=text, thread=parts),
            not_before=now,
            now=now,
        )


def rows(database: Engine) -> list[DeliveryRow]:
    with Session(database) as session:
        return list(session.exec(select(DeliveryRow).order_by(DeliveryRow.id)))  # type: ignore[arg-type]  # a column


def texts(slack: SlackWorld, person: str = "kim") -> list[str]:
    return [message.text for message in slack.sandbox.direct_messages_to(person)]


def test_a_due_message_is_sent_once_with_its_receipt(runtime: Runtime, slack: SlackWorld) -> None:
    given_message(runtime, "a")
    assert deliver(runtime, slack.messenger).sent == 1
    assert deliver(runtime, slack.messenger).sent == 0
    [row] = rows(runtime.database)
    [message] = slack.sandbox.direct_messages_to("kim")
    assert (row.state, row.ts, row.channel) == ("sent", message.ts, message.channel)


def test_a_message_waits_for_its_time(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        enqueue(
            session,
            dedupe_key="later",
            kind="nudge",
            recipient=KIM,
            message=Message(text="Later"),
            not_before=now + timedelta(hours=1),
            now=now,
        )
    assert deliver(runtime, slack.messenger).sent == 0
    clock.wind(timedelta(hours=1))
    assert deliver(runtime, slack.messenger).sent == 1


def test_the_same_key_is_enqueued_once(runtime: Runtime, slack: SlackWorld) -> None:
    given_message(runtime, "a")
    given_message(runtime, "a", text="Again")
    deliver(runtime, slack.messenger)
    assert texts(slack) == ["Hello"]


def test_a_lost_reply_is_looked_for_and_not_sent_again(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.LOST_REPLY, method="chat.postMessage"))
    given_message(runtime, "a")
    assert deliver(runtime, slack.messenger).ended == {"unknown": 1}
    clock.wind(timedelta(minutes=1))
    assert deliver(runtime, slack.messenger).ended == {"found": 1}
    assert texts(slack) == ["Hello"]
    assert rows(runtime.database)[0].ts is not None


def test_a_call_that_never_arrived_is_sent_after_looking(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.RESET, method="chat.postMessage"))
    given_message(runtime, "a")
    assert deliver(runtime, slack.messenger).ended == {"unknown": 1}
    clock.wind(timedelta(minutes=1))
    assert deliver(runtime, slack.messenger).ended == {"sent": 1}
    assert texts(slack) == ["Hello"]


def test_when_looking_fails_too_the_message_stays_in_doubt(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.LOST_REPLY, method="chat.postMessage"))
    slack.sandbox.faults.add(Fault(kind=FaultKind.RATE_LIMITED, method="conversations.history"))
    given_message(runtime, "a")
    deliver(runtime, slack.messenger)
    clock.wind(timedelta(minutes=1))
    assert deliver(runtime, slack.messenger).ended == {"unknown": 1}
    clock.wind(timedelta(minutes=1))
    assert deliver(runtime, slack.messenger).ended == {"found": 1}
    assert texts(slack) == ["Hello"]


def test_a_thread_is_taken_up_where_it_broke_off(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    given_message(runtime, "a", thread=3)
    messenger = slack.messenger
    slack.sandbox.faults.add(Fault(kind=FaultKind.LOST_REPLY, method="chat.postMessage", times=1))
    deliver(runtime, messenger)
    slack.sandbox.faults.add(Fault(kind=FaultKind.UNAVAILABLE, method="chat.postMessage"))
    clock.wind(timedelta(minutes=1))
    deliver(runtime, messenger)
    slack.sandbox.faults.add(Fault(kind=FaultKind.LOST_REPLY, method="chat.postMessage"))
    clock.wind(timedelta(minutes=5))
    deliver(runtime, messenger)
    clock.wind(timedelta(minutes=5))
    assert deliver(runtime, messenger).sent == 1
    assert texts(slack) == ["Hello", "Hello, part 1", "Hello, part 2", "Hello, part 3"]
    parent, *parts = slack.sandbox.direct_messages_to("kim")
    assert {part.thread_ts for part in parts} == {parent.ts}


def test_a_rate_limit_puts_one_delivery_back_and_lets_others_pass(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    slack.sandbox.faults.add(
        Fault(kind=FaultKind.RATE_LIMITED, method="chat.postMessage", seconds=30)
    )
    given_message(runtime, "a")
    given_message(runtime, "b", to=SAM)
    assert deliver(runtime, slack.messenger).ended == {"retry": 1, "sent": 1}
    assert (texts(slack), texts(slack, "sam")) == ([], ["Hello"])
    clock.wind(timedelta(seconds=30))
    deliver(runtime, slack.messenger)
    assert texts(slack) == ["Hello"]


def test_a_recipient_who_is_gone_is_not_tried_again(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    given_message(runtime, "a", to="U0NOBODY")
    assert deliver(runtime, slack.messenger).ended == {"failed": 1}
    clock.wind(timedelta(days=1))
    assert deliver(runtime, slack.messenger).ended == {}


def test_a_revoked_token_stops_the_run_and_loses_nothing(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    given_message(runtime, "a")
    given_message(runtime, "b")
    slack.sandbox.uninstall()
    with pytest.raises(CredentialsRefused, match="SLACK_BOT_TOKEN"):
        deliver(runtime, slack.messenger)
    slack.sandbox.installation.is_uninstalled = False
    clock.wind(timedelta(hours=1))
    assert deliver(runtime, slack.messenger).sent == 2


def test_an_unreachable_slack_is_given_up_after_many_tries_not_at_once(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    given_message(runtime, "a")
    slack.client.base_url = "http://127.0.0.1:9/api/"
    for _ in range(MOST_ATTEMPTS - 1):
        assert deliver(runtime, slack.messenger).ended == {"retry": 1}
        clock.wind(timedelta(hours=2))
    assert deliver(runtime, slack.messenger).ended == {"failed": 1}


def test_many_workers_send_every_message_exactly_once(runtime: Runtime, slack: SlackWorld) -> None:
    people = (KIM, SAM, "U0MARIA", "C0SALES")
    for number in range(80):
        given_message(runtime, f"m{number}", to=people[number % 4], text=f"Message {number}")
    # Each look at this clock is a thousand seconds later: pacing is another test's business.
    pace = Pace(monotonic=itertools.count(step=1000).__next__)
    troubles: list[BaseException] = []

    def work() -> None:
        try:
            deliver(runtime, slack.messenger, pace=pace)
        except BaseException as error:  # noqa: BLE001 -- told to the test's own thread
            troubles.append(error)

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    said = [*texts(slack), *texts(slack, "sam"), *texts(slack, "maria")]
    said += [message.text for message in slack.sandbox.messages_in("sales")]
    assert Counter(said) == Counter(f"Message {number}" for number in range(80))
    assert {row.state for row in rows(runtime.database)} == {"sent"}


CRASHING = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from bot.flows.deliver import deliver
from bot.render.environment import Renderer
from bot.storage.database import open_database
from integrations.sandbox.clock import SandboxClock
from integrations.slack.bolt_app import build_client
from integrations.slack.credentials import SlackCredentials
from integrations.slack.messenger import SlackMessenger
from types import SimpleNamespace

database, api, now, moment = sys.argv[1:]

class Dying(SlackMessenger):
    def send(self, *args, **kwargs):
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        receipt = super().send(*args, **kwargs)
        if moment == "after" or (moment == "thread" and kwargs["part"] == 1):
            os.kill(os.getpid(), signal.SIGKILL)
        return receipt

credentials = SlackCredentials(bot_token="xoxb-sandbox-bot-token", api_url=api)
clock = SandboxClock(starts_at=datetime.fromisoformat(now), frozen=True)
runtime = SimpleNamespace(clock=clock, database=open_database(database))
deliver(runtime, Dying(build_client(credentials)))
"""


@pytest.mark.parametrize(("moment", "there_before"), [("before", 0), ("after", 1), ("thread", 2)])
def test_a_process_killed_while_sending_neither_doubles_nor_loses_the_message(
    runtime: Runtime,
    slack: SlackWorld,
    clock: SandboxClock,
    database_url: str,
    moment: str,
    there_before: int,
) -> None:
    given_message(runtime, "a", thread=2)
    now = clock.now().isoformat()
    command = [sys.executable, "-c", CRASHING, database_url, f"{slack.url}/api/", now, moment]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: S603 -- our own interpreter and our own lines
    assert killed.returncode == -9, killed.stderr.decode()
    assert len(texts(slack)) == there_before
    assert deliver(runtime, slack.messenger).ended == {}
    clock.wind(CLAIM_LIFETIME)
    assert deliver(runtime, slack.messenger).sent == 1
    assert texts(slack) == ["Hello", "Hello, part 1", "Hello, part 2"]


def test_a_worker_that_was_thought_dead_does_not_settle_what_another_took_over(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    given_message(runtime, "a", thread=1)

    class Slow(SlackMessenger):
        def send(
            self,
            to: str,
            message: Message,
            *,
            reference: DeliveryId,
            thread: Receipt | None = None,
            part: int = 0,
        ) -> Receipt:
            receipt = super().send(to, message, reference=reference, thread=thread, part=part)
            if part == 0:
                clock.wind(CLAIM_LIFETIME)
                assert deliver(runtime, slack.messenger).ended == {"found": 1}
            return receipt

    assert deliver(runtime, Slow(slack.client)).ended == {"lost": 1}
    assert texts(slack) == ["Hello", "Hello, part 1"]


def test_looking_waits_until_slack_may_show_the_message(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.LOST_REPLY, method="chat.postMessage"))
    given_message(runtime, "a")
    deliver(runtime, slack.messenger)
    clock.wind(BEFORE_LOOKING / 2)
    assert deliver(runtime, slack.messenger).ended == {}

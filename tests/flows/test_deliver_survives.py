"""Many workers, kill -9 and workers thought dead: said once all the same."""

import itertools
import threading
from collections import Counter

import pytest

from bot.domain.ids import DeliveryId
from bot.domain.message import Message, Receipt
from bot.flows.deliver import BEFORE_LOOKING, deliver
from bot.flows.pace import Pace
from bot.render.charts.raster import png
from bot.runtime import Runtime
from bot.storage.outbox import CLAIM_LIFETIME
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.slack.faults import Fault, FaultKind
from integrations.slack.messenger import SlackMessenger
from tests.flows import crashing
from tests.flows.outbox_words import KIM, SAM, given_message, rows, texts
from tests.forks import FROM
from tests.slack_world import SlackWorld

WORKERS = 8


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
    how = (database_url, f"{slack.url}/api/", clock.now(), moment)
    killed = FROM.Process(target=crashing.run, args=how)
    killed.start()
    killed.join(60)
    assert killed.exitcode == -9
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

    assert deliver(runtime, Slow(slack.client, draw=png)).ended == {"lost": 1}
    assert texts(slack) == ["Hello", "Hello, part 1"]


def test_a_worker_whose_pictures_took_too_long_does_not_say_what_another_said(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    given_message(runtime, "a")

    class Slow(SlackMessenger):
        def shown(self, message: Message) -> Message:
            clock.wind(CLAIM_LIFETIME)
            assert deliver(runtime, slack.messenger).ended == {"sent": 1}
            return super().shown(message)

    assert deliver(runtime, Slow(slack.client, draw=png)).ended == {"lost": 1}
    assert texts(slack) == ["Hello"]


def test_looking_waits_until_slack_may_show_the_message(
    runtime: Runtime, slack: SlackWorld, clock: SandboxClock
) -> None:
    slack.sandbox.faults.add(Fault(kind=FaultKind.LOST_REPLY, method="chat.postMessage"))
    given_message(runtime, "a")
    deliver(runtime, slack.messenger)
    clock.wind(BEFORE_LOOKING / 2)
    assert deliver(runtime, slack.messenger).ended == {}

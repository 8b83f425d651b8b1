"""The office with our bot in front of it, for as many cases as a module has, by either door."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.flows.deliver import deliver
from bot.flows.pace import Pace
from bot.runtime import Runtime
from bot.surfaces.listeners import register_all
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.serving import serve
from integrations.sandbox.slack.state.values import Message
from integrations.slack.bolt_app import EVENTS_PATH, build_app, http_door, socket_door
from tests.office import PAY, office_copied
from tests.slack_world import TUESDAY_MORNING, SlackWorld, slack_at

ADMINS = frozenset({"maria@acme.example"})


@dataclass(frozen=True)
class Stage:
    """The office at work with the bot in front of it, one connection for all cases."""

    office: Runtime
    slack: SlackWorld

    def deliver(self) -> None:
        deliver(self.office, self.slack.messenger, pace=Pace(sleep=lambda _seconds: None))

    def newest(self, person: str) -> Message:
        return self.slack.sandbox.direct_messages_to(person)[-1]


@pytest.fixture(scope="module", params=["socket", "http"])
def stage(
    request: pytest.FixtureRequest, office_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    clock = SandboxClock(starts_at=TUESDAY_MORNING, frozen=True)
    with ExitStack() as stack:
        slack = stack.enter_context(slack_at(clock))
        folder = tmp_path_factory.mktemp("stage")
        office = stack.enter_context(office_copied(office_template, folder, clock))
        office = replace(office, organisation=replace(office.organisation, admins=ADMINS, pay=PAY))
        app = build_app(slack.credentials, slack.client)
        stack.callback(app.listener_runner.listener_executor.shutdown)
        register_all(app, office, slack.messenger)
        if request.param == "socket":
            door = socket_door(app, slack.credentials, slack.client)
            door.connect()
            stack.callback(door.close)
        else:
            server = stack.enter_context(serve(http_door(app)))
            slack.sandbox.deliveries.request_url = f"{server.url}{EVENTS_PATH}"
        yield Stage(office, slack)

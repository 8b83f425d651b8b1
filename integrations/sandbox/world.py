"""Both sandboxes with one made-up organisation and one clock: all that a demo needs outside."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.org import Org, generate
from integrations.sandbox.salesforce.app import create_app
from integrations.sandbox.salesforce.sessions import Credentials as SalesforceCredentials
from integrations.sandbox.salesforce.store import Store
from integrations.sandbox.serving import RunningServer, require_free, serve
from integrations.sandbox.slack.credentials import Credentials as SlackCredentials
from integrations.sandbox.slack.sandbox import Sandbox
from integrations.sandbox.slack.server import run_slack_sandbox

#: The made-up organisation's own zone, in which the demo begins on a Monday morning.
ZONE = ZoneInfo("America/New_York")
MONDAY_MORNING = time(9, 5)

INTRO = (
    "A made-up sales team in a simulated Slack. Choose a person under “See as”, read what the bot "
    "told them, press a button, or type /team-health as a manager. Wind the clock to see what "
    "comes next."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    org: Org
    clock: SandboxClock
    salesforce: RunningServer
    slack: RunningServer
    sandbox: Sandbox

    def environment(self) -> Mapping[str, str]:
        """What a bot needs in its environment to live in this world."""
        salesforce, slack = SalesforceCredentials(), SlackCredentials()
        return {
            "SALESFORCE_LOGIN_URL": self.salesforce.url,
            "SALESFORCE_CLIENT_ID": salesforce.client_id,
            "SALESFORCE_CLIENT_SECRET": salesforce.client_secret,
            "SLACK_API_URL": f"{self.slack.url}/api/",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
        }

    def stop(self) -> None:
        self.slack.stop()
        self.salesforce.stop()


def first_morning(wall: datetime) -> datetime:
    """Five past nine on the Monday of the week of ``wall``, in the organisation's zone."""
    local = wall.astimezone(ZONE)
    monday = local.date() - timedelta(days=local.weekday())
    return datetime.combine(monday, MONDAY_MORNING, tzinfo=ZONE)


def open_world(
    *,
    seed: int,
    clock: SandboxClock,
    today: date | None = None,
    slack_port: int = 0,
    salesforce_port: int = 0,
    manifest: Mapping[str, object] | None = None,
) -> World:
    """Generate the organisation of ``seed`` and serve it. Raises OSError when a port is taken."""
    for port in (slack_port, salesforce_port):
        require_free(port)
    org = generate(seed=seed, today=today or clock.now().astimezone(ZONE).date())
    store = Store.from_changes(org.changes, clock=clock)
    salesforce = serve(create_app(store, clock), port=salesforce_port)
    try:
        slack, sandbox = run_slack_sandbox(
            org.people,
            org.channels,
            clock,
            port=slack_port,
            manifest=manifest,
            intro=INTRO,
            person=_opening_person(org),
        )
    except OSError:
        salesforce.stop()
        raise
    return World(org=org, clock=clock, salesforce=salesforce, slack=slack, sandbox=sandbox)


def _opening_person(org: Org) -> str:
    """Maria, who leads a team with a story in it; anybody when she is not there."""
    named = [person for person in org.people if person.name.lower().startswith("maria")]
    return (named or list(org.people))[0].id


def team_channels(org: Org) -> Mapping[str, str]:
    """E-mail of each team's manager → name of the team's channel."""
    people = {person.id: person for person in org.people}
    found = {}
    for channel in org.channels:
        for member in channel.members:
            title = people[member].title
            if channel.name.startswith("team-") and "Manager" in title and "Revenue" not in title:
                found[people[member].email] = channel.name
    return found


def write_truth(world: World, file: Path) -> None:
    """The planted truths, beside the data and never shown to the bot."""
    file.write_text(json.dumps(world.org.truth.to_json(), indent=1), encoding="utf-8")

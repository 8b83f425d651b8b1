"""The driver: what a test or a demo makes people do, and what they then see."""

from collections.abc import Mapping
from typing import Any

from integrations.sandbox.changes import SlackPerson
from integrations.sandbox.slack.acts import Acts, Outcome
from integrations.sandbox.slack.blockkit.complete import interactive_elements
from integrations.sandbox.slack.delivery.deliveries import Deliveries
from integrations.sandbox.slack.faults import Faults
from integrations.sandbox.slack.forms import Forms
from integrations.sandbox.slack.installation import Installation
from integrations.sandbox.slack.log import LogLine
from integrations.sandbox.slack.state.values import Conversation, Json, Message, View
from integrations.sandbox.slack.state.workspace import Workspace


class Sandbox:
    """People at work in the served workspace. Call it from any thread but the server's own.

    People are named by id, name or e-mail address, channels by id or name; a person's name
    where a channel is asked for means their direct message with the app. Every act returns when
    the app has acknowledged it or Slack has given up waiting.
    """

    def __init__(self, installation: Installation, deliveries: Deliveries) -> None:
        self.installation = installation
        self.deliveries = deliveries
        self.acts = Acts(installation=installation, deliveries=deliveries)
        self.forms = Forms(installation=installation, deliveries=deliveries)

    @property
    def workspace(self) -> Workspace:
        return self.installation.workspace

    @property
    def faults(self) -> Faults:
        return self.installation.faults

    @property
    def people(self) -> Mapping[str, SlackPerson]:
        return self.workspace.people

    def type_command(self, person: str, channel: str, line: str) -> Outcome:
        """``line`` is all that is typed: ``/team-health last 4 weeks``."""
        who = self.workspace.person(person).id
        return self.deliveries.run(self.acts.type_command(who, self.place(channel), line))

    def say(self, person: str, channel: str, text: str, *, thread_ts: str | None = None) -> Message:
        who = self.workspace.person(person).id
        return self.acts.say(who, self.place(channel), text, thread_ts=thread_ts)

    def press(
        self,
        person: str,
        place: Message | View,
        action_id: str,
        *,
        block_id: str | None = None,
        chosen: object = None,
    ) -> Outcome:
        """Work the element of a message or view. ``chosen`` is the plain value for a select.

        Raises LookupError when there is no such element, or several and no ``block_id``.
        """
        who = self.workspace.person(person).id
        element = element_in(place, action_id, block_id=block_id)
        return self.deliveries.run(self.acts.press(who, place, element, chosen=chosen))

    def use_shortcut(
        self, person: str, callback_id: str, *, message: Message | None = None
    ) -> Outcome:
        who = self.workspace.person(person).id
        return self.deliveries.run(self.acts.use_shortcut(who, callback_id, message=message))

    def suggest(
        self, person: str, place: Message | View, action_id: str, typed: str = ""
    ) -> list[Json]:
        """The options an external select offers once something was typed."""
        who = self.workspace.person(person).id
        element = element_in(place, action_id)
        return self.deliveries.run(self.acts.suggest(who, place, element, typed))

    def submit_view(self, person: str, values: Mapping[str, object] | None = None) -> Outcome:
        """Fill in and submit the top modal; values by action id or block id."""
        who = self.workspace.person(person).id
        return self.deliveries.run(self.forms.submit(who, values or {}))

    def close_view(self, person: str, *, everything: bool = False) -> Outcome:
        who = self.workspace.person(person).id
        return self.deliveries.run(self.forms.close(who, everything=everything))

    def open_home(self, person: str, *, tab: str = "home") -> View | None:
        """Open the app's home; the view is what stood there, the app may publish a new one."""
        return self.acts.open_home(self.workspace.person(person).id, tab=tab)

    def home_of(self, person: str) -> View | None:
        return self.workspace.views.home_of(self.workspace.person(person).id)

    def modal_of(self, person: str) -> View | None:
        return self.workspace.views.modal_of(self.workspace.person(person).id)

    def direct_messages_to(self, person: str) -> list[Message]:
        """All that stands in the app's direct message with the person, oldest first."""
        who = self.workspace.person(person).id
        members = (self.workspace.bot.user_id, who)
        conversation = self.workspace.conversations.direct_between(members)
        return self.workspace.messages.all_in(conversation.id) if conversation else []

    def messages_in(self, channel: str) -> list[Message]:
        return self.workspace.messages.all_in(self.workspace.conversation(channel).id)

    def ephemerals_for(self, person: str, channel: str | None = None) -> list[Message]:
        place = self.place(channel).id if channel else None
        return self.workspace.messages.ephemerals_for(self.workspace.person(person).id, place)

    def log(self, *, name: str | None = None) -> list[LogLine]:
        return self.installation.log.lines(name=name)

    def set_presence(self, person: str, state: str) -> None:
        """Be "active" or "away" until "auto", which is what the hour says."""
        self.workspace.presence.say(self.workspace.person(person).id, state)
        self.workspace.changes.touch()

    def send_event(self, event: Mapping[str, Any]) -> None:
        """Deliver any event, subscribed to or not, such as ``{"type": "tokens_revoked", ...}``."""
        self.deliveries.send_event(dict(event))

    def uninstall(self) -> None:
        """Remove the app: it is told, and its tokens open nothing any more."""
        self.send_event({"type": "app_uninstalled"})
        self.installation.is_uninstalled = True

    def install(self, redirect_url: str = "") -> str:
        """A person agrees to the app; the code is what ``oauth.v2.access`` exchanges."""
        return self.installation.hand_out_code(redirect_url)

    def disconnect_sockets(self, reason: str = "refresh_requested") -> None:
        self.deliveries.run(self.deliveries.hub.disconnect(reason))

    def break_sockets(self) -> None:
        """Reset every socket's TCP connection."""
        self.deliveries.run(self.deliveries.hub.break_links())

    def verify_request_url(self, url: str | None = None) -> bool:
        if url is not None:
            self.deliveries.request_url = url
        return self.deliveries.run(self.deliveries.verify())

    def place(self, reference: str) -> Conversation:
        found = self.workspace.conversations.find(reference)
        if found is not None:
            return found
        conversation, _ = self.workspace.direct_message([self.workspace.person(reference).id])
        return conversation


def element_in(place: Message | View, action_id: str, *, block_id: str | None = None) -> Json:
    """The interactive element with this action id, its block's id put in."""
    blocks = place.content["blocks"] if isinstance(place, View) else place.blocks
    known, found = [], []
    for block in blocks:
        for element in interactive_elements(block):
            known.append(element["action_id"])
            if element["action_id"] == action_id and block_id in {None, block["block_id"]}:
                found.append({**element, "block_id": block["block_id"]})
    if not found:
        raise LookupError(f"no element {action_id!r}; there are {', '.join(known) or 'none'}")
    if len(found) > 1:
        raise LookupError(f"{len(found)} elements {action_id!r}; say which block_id")
    return found[0]

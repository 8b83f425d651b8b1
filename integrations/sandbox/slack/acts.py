"""What people do in the workspace, and what the app's answer does to it.

Run on the server's event loop. The driver and the page both come through here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from integrations.sandbox.slack.answers import AnswerRefused, show_answer
from integrations.sandbox.slack.delivery.deliveries import Deliveries
from integrations.sandbox.slack.delivery.payloads import (
    command_parcel,
    message_action_parcel,
    shortcut_parcel,
    suggestion_parcel,
    view_action_parcel,
)
from integrations.sandbox.slack.delivery.reply import Verdict
from integrations.sandbox.slack.elements import (
    BUTTONS,
    chosen_value,
    first_value,
    options_of,
    stateful_elements,
)
from integrations.sandbox.slack.entities import escaped, typed_to_wire, with_ids
from integrations.sandbox.slack.installation import Installation
from integrations.sandbox.slack.manifest import CommandHint
from integrations.sandbox.slack.state.happenings import HomeOpened, ReactionChanged
from integrations.sandbox.slack.state.values import Conversation, Json, Message, StoredFile, View

SLACKBOT = "USLACKBOT"
#: What the person reads when a command got no acknowledgement.
COMMAND_ERRORS = {
    Verdict.TIMEOUT: "operation_timeout",
    Verdict.HTTP_ERROR: "http_service_error",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an act went: ``verdict`` is "acknowledged" or Slack's name for what went wrong."""

    verdict: str
    #: Complaints at the fields of a form, by block id.
    errors: Mapping[str, str] = field(default_factory=dict)
    body: Json | None = None

    @property
    def is_acknowledged(self) -> bool:
        return self.verdict == "acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    installation: Installation
    deliveries: Deliveries

    async def type_command(self, person: str, conversation: Conversation, line: str) -> Outcome:
        """Send a slash command; whatever goes wrong is told to the person as Slack tells it."""
        command, _, text = line.strip().partition(" ")
        hint = self._hint(command)
        if hint is None:
            self._tell_person(person, conversation, f"{command} is not a valid command.")
            return Outcome(verdict="invalid_command")
        workspace = self.installation.workspace
        shown = with_ids(text, workspace) if hint.should_escape else escaped(text.strip())
        parcel, url = command_parcel(
            self.installation,
            person=person,
            conversation=conversation,
            command=command,
            text=shown.strip(),
        )
        reply = await self.deliveries.deliver(parcel)
        if not reply.is_acknowledged:
            error = COMMAND_ERRORS.get(reply.verdict, "dispatch_failed")
            self._tell_person(person, conversation, f'{command} failed with the error "{error}"')
            return Outcome(verdict=error)
        if reply.body and any(reply.body.get(key) for key in ("text", "blocks", "attachments")):
            try:
                show_answer(self.installation, url, reply.body)
            except AnswerRefused as refusal:
                self._note_refusal(command, refusal)
                self._tell_person(
                    person, conversation, f'{command} failed with the error "{refusal.error}"'
                )
                return Outcome(verdict=refusal.error, body=reply.body)
        return Outcome(verdict="acknowledged", body=reply.body)

    def say(
        self,
        person: str,
        conversation: Conversation,
        text: str,
        *,
        thread_ts: str | None = None,
        files: tuple[str, ...] = (),
    ) -> Message:
        """``files`` are ids of what the person uploaded. Raises LookupError for any other."""
        workspace = self.installation.workspace
        with workspace.lock:
            if person not in conversation.members:
                workspace.join(conversation.id, person)
            for each in files:
                file = workspace.files.find(each)
                if file is None or file.uploaded_by != person:
                    raise LookupError(f"no file {each!r} of {person}")
                workspace.files.complete(each, title=None, channels=(conversation.id,))
            message = Message(
                channel=conversation.id,
                ts=workspace.ids.stamp(),
                author=person,
                text=typed_to_wire(text, workspace),
                thread_ts=thread_ts,
                files=files,
                subtype="file_share" if files else None,
            )
            return workspace.post(message)

    def upload(self, person: str, name: str, content: bytes) -> StoredFile:
        """A file that the person picked, not shared with anybody yet."""
        workspace = self.installation.workspace
        with workspace.lock:
            file_id = workspace.ids.mint("F")
            ticket = workspace.files.expect(
                file_id,
                name=name,
                length=len(content),
                alt_text="",
                by=person,
                at=workspace.clock.now(),
            )
            workspace.files.receive(ticket, content)
            return workspace.files.complete(file_id, title=None, channels=())

    def react(self, person: str, conversation: Conversation, ts: str, name: str) -> bool:
        """Add a reaction, or take it back when it is there already; True when it was added."""
        workspace = self.installation.workspace
        with workspace.lock:
            message = workspace.messages.find(conversation.id, ts)
            if message is None:
                raise LookupError(f"no message {ts!r} in {conversation.id}")
            users = next((each.users for each in message.reactions if each.name == name), ())
            added = person not in users
            book = workspace.messages
            change = book.react if added else book.take_back
            changed = change(message, name, person)
            workspace.changes.tell(
                ReactionChanged(message=changed, user=person, name=name, added=added)
            )
            return added

    def open_home(self, person: str, *, tab: str = "home") -> View | None:
        """The person looks at the app's home or messages tab; the app hears of it."""
        self.installation.workspace.changes.tell(HomeOpened(person=person, tab=tab))
        return self.installation.workspace.views.home_of(person)

    async def press(
        self,
        person: str,
        place: Message | View,
        element: Json,
        *,
        chosen: object = None,
        state: Mapping[str, Mapping[str, Json]] | None = None,
    ) -> Outcome:
        """Press a button, pick an option or fill a field that dispatches.

        ``element`` comes with its ``block_id``; ``chosen`` is the plain value picked, ``state``
        what the other inputs of the same message or view hold.
        """
        action, place = self._noted(place, element, chosen, state)
        if isinstance(place, View):
            parcel = view_action_parcel(self.installation, person=person, view=place, action=action)
        else:
            parcel = message_action_parcel(
                self.installation, person=person, message=place, action=action
            )
        reply = await self.deliveries.deliver(parcel)
        if reply.is_acknowledged:
            return Outcome(verdict="acknowledged", body=reply.body)
        return Outcome(verdict=COMMAND_ERRORS.get(reply.verdict, "dispatch_failed"))

    async def use_shortcut(
        self, person: str, callback_id: str, *, message: Message | None = None
    ) -> Outcome:
        """A shortcut of the workspace, or of one message. LookupError when there is none."""
        known = [each.callback_id for each in self.installation.shortcuts]
        if known and callback_id not in known:
            raise LookupError(f"no shortcut {callback_id!r}; there are {', '.join(known)}")
        parcel = shortcut_parcel(
            self.installation, person=person, callback_id=callback_id, message=message
        )
        reply = await self.deliveries.deliver(parcel)
        if reply.is_acknowledged:
            return Outcome(verdict="acknowledged", body=reply.body)
        return Outcome(verdict=COMMAND_ERRORS.get(reply.verdict, "dispatch_failed"))

    async def suggest(
        self, person: str, place: Message | View, element: Json, typed: str
    ) -> list[Json]:
        """The options that the app offers for what was typed into an external select."""
        parcel = suggestion_parcel(
            self.installation, person=person, place=place, element=element, typed=typed
        )
        reply = await self.deliveries.deliver(parcel)
        return options_of(reply.body) if reply.is_acknowledged and reply.body else []

    def _noted(
        self,
        place: Message | View,
        element: Json,
        chosen: object,
        state: Mapping[str, Mapping[str, Json]] | None,
    ) -> tuple[Json, Message | View]:
        """The action as Slack words it, and the place with what was chosen in it kept."""
        workspace = self.installation.workspace
        kind, block_id = element["type"], element["block_id"]
        action: Json = {
            "type": kind,
            "action_id": element["action_id"],
            "block_id": block_id,
            "action_ts": workspace.ids.stamp(),
        }
        blocks = place.content["blocks"] if isinstance(place, View) else list(place.blocks)
        values = {block: dict(each) for block, each in all_values(blocks, place.chosen).items()}
        for block, each in (state or {}).items():
            values.setdefault(block, {}).update(each)
        if kind in BUTTONS:
            action |= {key: element[key] for key in ("text", "value") if key in element}
            if kind == "feedback_buttons":
                action["value"] = chosen
        else:
            value = chosen_value(element, chosen)
            action |= value
            if kind != "overflow":
                values.setdefault(block_id, {})[element["action_id"]] = value
        with workspace.lock:
            if isinstance(place, View):
                return action, workspace.views.swap(replace(place, chosen=values))
            return action, workspace.messages.put(replace(place, chosen=values))

    def _hint(self, command: str) -> CommandHint | None:
        known = self.installation.commands
        if known is not None:
            return known.get(command)
        return self.installation.typed_commands.setdefault(command, CommandHint(name=command))

    def _tell_person(self, person: str, conversation: Conversation, text: str) -> None:
        workspace = self.installation.workspace
        workspace.post(
            Message(
                channel=conversation.id,
                ts=workspace.ids.stamp(),
                author=SLACKBOT,
                text=text,
                visible_to=person,
            )
        )

    def _note_refusal(self, name: str, refusal: AnswerRefused) -> None:
        self.installation.log.write(
            "delivery",
            f"answer to {name}",
            refusal.error,
            is_fine=False,
            detail={"messages": refusal.lines},
        )


def all_values(
    blocks: list[Json], chosen: Mapping[str, Mapping[str, Json]]
) -> dict[str, dict[str, Json]]:
    """What every input holds: what was chosen, else what it started with."""
    values: dict[str, dict[str, Json]] = {}
    for block_id, element in stateful_elements(blocks):
        action_id = element["action_id"]
        held = chosen.get(block_id, {}).get(action_id) or first_value(element)
        values.setdefault(block_id, {})[action_id] = held
    return values

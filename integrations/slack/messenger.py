"""SlackMessenger: posts, finds and changes messages; implements the Messenger port."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.domain.errors import PermanentError, RateLimited, TransientError
from bot.domain.ids import DeliveryId, SlackUserId
from bot.domain.message import Block, Message, Receipt, View
from integrations.slack.errors import code_of, told, translated
from integrations.slack.pictures import Pictures

EVENT_TYPE = "pacesetter_delivery"
#: Newest messages looked through when the fate of one is in doubt.
LOOKED_THROUGH = 200
#: Blocks that Slack refuses now and then for reasons of its own (a picture still being worked on).
#: The words beside them say the same.
DISPENSABLE = frozenset({"image", "table", "data_visualization", "markdown"})
#: Slack works on a picture for a moment after it was put up, and refuses it until then.
PICTURE_TRIES = 3
#: Seconds.
PICTURE_WAIT = 1.0
#: What may be done twice is tried so often, with a person looking on.
SAME_TRIES = 3
SAME_WAIT, LONGEST_WAIT = 1.0, 10.0


class SlackMessenger:
    """``client`` must not repeat calls by itself: a repeated post is a message said twice."""

    def __init__(
        self,
        client: WebClient,
        *,
        draw: Callable[[str], bytes],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """``draw`` makes PNG of SVG."""
        if client.retry_handlers:
            raise ValueError("the client would repeat calls; make it with retry_handlers=[]")
        self._client = client
        self._pictures = Pictures(client, draw)
        self._pause = pause

    def shown(self, message: Message) -> Message:
        return self._pictures.put_up(message)

    def send(
        self,
        to: str,
        message: Message,
        *,
        reference: DeliveryId,
        thread: Receipt | None = None,
        part: int = 0,
    ) -> Receipt:
        message = self.shown(replace(message, thread=()))
        has_pictures = any("slack_file" in block for block in message.blocks)
        rest = [each for each in message.blocks if each["type"] not in DISPENSABLE]
        tries = [message.blocks] * (1 + (PICTURE_TRIES if has_pictures else 0))
        if len(rest) < len(message.blocks):
            tries.append(rest)
        with translated():
            for at, blocks in enumerate(tries, start=1):
                try:
                    return self._post(to, message, blocks, reference, thread, part)
                except SlackApiError as error:
                    if code_of(error) != "invalid_blocks" or at == len(tries):
                        raise
                    self._pictures.forget()
                    if has_pictures and at <= PICTURE_TRIES:
                        self._pause(PICTURE_WAIT)
        raise PermanentError("a message takes at least one try")

    def _post(
        self,
        to: str,
        message: Message,
        blocks: Sequence[Block],
        reference: DeliveryId,
        thread: Receipt | None,
        part: int,
    ) -> Receipt:
        reply = self._client.chat_postMessage(
            channel=thread.channel if thread else to,
            thread_ts=thread.ts if thread else None,
            text=message.text,
            blocks=_plain(blocks),
            metadata={"event_type": EVENT_TYPE, "event_payload": _mark(reference, part)},
            unfurl_links=False,
            unfurl_media=False,
        )
        return Receipt(channel=told(reply, "channel", str), ts=told(reply, "ts", str))

    def find(
        self, reference: DeliveryId, *, to: str, thread: Receipt | None = None, part: int = 0
    ) -> Receipt | None:
        """Looks through the newest messages of the conversation, or of the thread."""
        with translated():
            if thread is not None:
                channel = thread.channel
                reply = self._client.conversations_replies(
                    channel=channel,
                    ts=thread.ts,
                    include_all_metadata=True,
                    limit=LOOKED_THROUGH,
                )
            else:
                channel = self._conversation(to)
                reply = self._client.conversations_history(
                    channel=channel, include_all_metadata=True, limit=LOOKED_THROUGH
                )
        ts = _marked(told(reply, "messages", list), _mark(reference, part))
        return Receipt(channel=channel, ts=ts) if ts is not None else None

    def update(self, receipt: Receipt, message: Message) -> None:
        message = self.shown(message)
        self._patiently(
            lambda: self._client.chat_update(
                channel=receipt.channel,
                ts=receipt.ts,
                text=message.text,
                blocks=_plain(message.blocks),
            )
        )

    def publish_home(self, to: SlackUserId, view: View) -> None:
        self._patiently(lambda: self._client.views_publish(user_id=to, view=dict(view.payload)))

    def _patiently(self, call: Callable[[], object]) -> None:
        """Once more after a while, of what is the same however often it is done."""
        for tries_left in reversed(range(SAME_TRIES)):
            try:
                with translated():
                    call()
            except TransientError as error:
                is_limited = isinstance(error, RateLimited)
                wait = error.retry_after.total_seconds() if is_limited else SAME_WAIT
                if not tries_left or wait > LONGEST_WAIT:
                    raise
                self._pause(wait)
            else:
                return

    def _conversation(self, to: str) -> str:
        """A person's direct messages have an id of their own."""
        if not to.startswith(("U", "W")):
            return to
        opened = self._client.conversations_open(users=[to])
        return told(told(opened, "channel", dict), "id", str)


def _plain(blocks: Iterable[Block]) -> list[dict[str, object]]:
    return [dict(block) for block in blocks]


def _mark(reference: DeliveryId, part: int) -> dict[str, str]:
    return {"reference": str(reference), "part": str(part)}


def _marked(messages: Iterable[Mapping[str, Any]], mark: Mapping[str, str]) -> str | None:
    for message in messages:
        metadata = message.get("metadata") or {}
        if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload") == mark:
            return str(message["ts"])
    return None

"""SlackDirectory: who and where people are in Slack; implements the Directory port."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.domain.ids import SlackUserId
from bot.ports import SlackPerson
from integrations.slack.errors import code_of, told, translated

REMEMBERED_SECONDS = 3600.0
NOBODY = frozenset({"users_not_found", "user_not_found", "user_not_visible"})
CHANNELS_A_PAGE = 200
#: With the page size above, 20,000 channels.
MOST_PAGES = 100

Found = TypeVar("Found")
Json = Mapping[str, Any]


class SlackDirectory:
    """Remembers every answer, also "nobody", for an hour, so that a thousand reps cost little."""

    def __init__(
        self, client: WebClient, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._monotonic = monotonic
        self._remembered: dict[tuple[str, str], tuple[float, Any]] = {}

    def find_by_email(self, email: str) -> SlackPerson | None:
        address = email.strip().lower()
        return self._recall("email", address, lambda: self._look_up(address))

    def find_by_id(self, slack_id: SlackUserId) -> SlackPerson | None:
        return self._recall("id", slack_id, lambda: self._user(slack_id))

    def find_channel(self, name: str) -> str | None:
        """Joins a public channel that the bot is not yet in."""
        wanted = name.strip().removeprefix("#").lower()
        return self._recall("channel", wanted, lambda: self._channel(wanted))

    def _recall(self, kind: str, name: str, ask: Callable[[], Found]) -> Found:
        known = self._remembered.get((kind, name))
        now = self._monotonic()
        if known is not None and now - known[0] < REMEMBERED_SECONDS:
            remembered: Found = known[1]
            return remembered
        with translated():
            found = ask()
        self._remembered[kind, name] = (now, found)
        return found

    def _look_up(self, email: str) -> SlackPerson | None:
        try:
            reply = self._client.users_lookupByEmail(email=email)
        except SlackApiError as error:
            if code_of(error) in NOBODY:
                return None
            raise
        return _person(told(reply, "user", dict))

    def _user(self, slack_id: SlackUserId) -> SlackPerson | None:
        try:
            reply = self._client.users_info(user=slack_id, include_locale=True)
        except SlackApiError as error:
            if code_of(error) in NOBODY:
                return None
            raise
        return _person(told(reply, "user", dict))

    def _channel(self, name: str) -> str | None:
        for channel in self._channels():
            if str(channel.get("name", "")).lower() == name:
                return self._joined(channel)
        return None

    def _channels(self) -> Iterator[Json]:
        cursor = ""
        for _ in range(MOST_PAGES):
            reply = self._client.conversations_list(
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=CHANNELS_A_PAGE,
                cursor=cursor or None,
            )
            yield from told(reply, "channels", list)
            cursor = (reply.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _joined(self, channel: Json) -> str:
        if not channel.get("is_member") and not channel.get("is_private"):
            self._client.conversations_join(channel=channel["id"])
        return str(channel["id"])


def _person(user: Json) -> SlackPerson | None:
    if user.get("deleted") or user.get("is_bot"):
        return None
    profile = user.get("profile") or {}
    return SlackPerson(
        id=SlackUserId(told(user, "id", str)),
        name=str(user.get("real_name") or user.get("name") or user["id"]),
        email=profile.get("email"),
        zone=user.get("tz"),
        locale=user.get("locale"),
    )

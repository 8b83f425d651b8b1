from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zlib import crc32
from zoneinfo import ZoneInfo

from integrations.sandbox.changes import SlackPerson
from integrations.sandbox.slack.acts import SLACKBOT
from integrations.sandbox.slack.state.wire import instant_of
from integrations.sandbox.slack.state.workspace import Workspace

AVATAR_COLOURS = 8
#: What `<!date^...>` may ask for, as far as the page shows it.
DATE_FORMATS = {
    "{date_num}": "%Y-%m-%d",
    "{date}": "%B %-d, %Y",
    "{date_short}": "%b %-d, %Y",
    "{date_long}": "%A, %B %-d, %Y",
    "{date_pretty}": "%B %-d, %Y",
    "{date_short_pretty}": "%b %-d, %Y",
    "{date_long_pretty}": "%A, %B %-d, %Y",
    "{day_divider_pretty}": "%A, %B %-d",
    "{time}": "%-I:%M %p",
    "{time_secs}": "%-I:%M:%S %p",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Whoever can write a message, as the page shows them."""

    id: str
    name: str
    initials: str
    colour: int
    is_app: bool = False
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Eyes:
    """One person's view of the workspace: names for ids, and instants in their own zone."""

    workspace: Workspace
    person: SlackPerson

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.person.zone)

    def face(self, user: str, *, username: str | None = None) -> Face:
        bot = self.workspace.bot
        if user == bot.user_id:
            return _face(user, username or bot.real_name, is_app=True)
        if user == SLACKBOT:
            return _face(user, "Slackbot", is_app=True)
        person = self.workspace.people.get(user)
        if person is None:
            return _face(user, user)
        return _face(user, person.real_name, title=person.title)

    def name_of(self, user: str) -> str:
        bot = self.workspace.bot
        if user == bot.user_id:
            return bot.real_name
        person = self.workspace.people.get(user)
        return person.real_name if person else user

    def channel_name(self, channel: str) -> str:
        found = self.workspace.conversations.find(channel)
        return found.name if found and found.name else channel

    def local(self, ts: str) -> datetime:
        return instant_of(ts).astimezone(self.zone)

    def clock_time(self, ts: str) -> str:
        return self.local(ts).strftime("%H:%M")

    def day(self, ts: str) -> str:
        there, today = self.local(ts), self.workspace.clock.now().astimezone(self.zone)
        if there.date() == today.date():
            return "Today"
        if there.date() == (today - timedelta(days=1)).date():
            return "Yesterday"
        return there.strftime("%A, %-d %B")

    def date_words(self, seconds: str, pattern: str) -> str:
        """As ``<!date^seconds^pattern|fallback>`` asks. Raises ValueError for a bad number."""
        there = datetime.fromtimestamp(int(seconds), tz=UTC).astimezone(self.zone)
        for token, form in DATE_FORMATS.items():
            pattern = pattern.replace(token, there.strftime(form))
        return pattern


def _face(user: str, name: str, *, is_app: bool = False, title: str = "") -> Face:
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    initials = (words[0][0] + (words[-1][0] if len(words) > 1 else "")) if words else "?"
    # Ids of one workspace differ in a letter or two; their checksums differ in all.
    colour = crc32(user.encode()) % AVATAR_COLOURS
    return Face(
        id=user, name=name, initials=initials.upper(), colour=colour, is_app=is_app, title=title
    )

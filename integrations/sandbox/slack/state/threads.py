"""What stands around a thread: its title, what the app says it is doing, and words under way."""

from dataclasses import dataclass, field

from integrations.sandbox.slack.state.values import Json


@dataclass(slots=True, kw_only=True)
class Stream:
    """A message that is still being written, in the order in which its parts came."""

    markdown: str = ""
    plan: str = ""
    #: By task id; a later update of a task takes the place of the earlier.
    tasks: dict[str, Json] = field(default_factory=dict)


class Threads:
    """By channel and the timestamp of the thread's parent. Guarded by the workspace's lock."""

    def __init__(self) -> None:
        self.streams: dict[tuple[str, str], Stream] = {}
        self.titles: dict[tuple[str, str], str] = {}
        self.statuses: dict[tuple[str, str], str] = {}

    def set_status(self, channel: str, thread_ts: str, status: str) -> None:
        """Say what the app is doing there; nothing at all takes it away."""
        if status:
            self.statuses[channel, thread_ts] = status
        else:
            self.statuses.pop((channel, thread_ts), None)

"""The outside as we wish it: the CRM, the messenger, the directory of people, and the time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, overload

from bot.domain.ids import DeliveryId, SlackUserId
from bot.domain.message import Message, Receipt, View

#: One record in the mirror's own column names and types: str, int, bool, Decimal, date, aware
#: datetime or None. A column that the CRM does not have, or hides, is absent.
MirrorRow = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class MirrorBatch(Sequence[MirrorRow]):
    """Rows with the same columns, kept by column, since millions of them pass through."""

    columns: Mapping[str, Sequence[object]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    @overload
    def __getitem__(self, place: int) -> MirrorRow: ...

    @overload
    def __getitem__(self, place: slice) -> "MirrorBatch": ...

    def __getitem__(self, place: int | slice) -> "MirrorRow | MirrorBatch":
        found = {name: values[place] for name, values in self.columns.items()}
        return MirrorBatch(found) if isinstance(place, slice) else found  # type: ignore[arg-type] # slices of columns are columns


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBudget:
    """Calls to the CRM in its rolling day; None while the CRM has not said."""

    used: int | None
    allowed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletions:
    """Ids that are gone for good, and how far the CRM vouches for the list."""

    ids: Sequence[str]
    covered_until: datetime
    #: The list begins only here, so earlier deletions have to be found in another way.
    known_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmNote:
    """Something about the CRM that whoever runs us should know."""

    words: str
    #: What to do about it; empty where nothing is wrong.
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmField:
    """A field of the CRM's object, whether or not it fills a mirror column."""

    name: str
    column: str | None
    label: str
    kind: str
    #: What may be chosen today; None where anything may be written.
    values: Sequence[str] | None = None


class Census(Protocol):
    """What the CRM holds of one table right now, by the instant of creation.

    Without ``is_by_creation`` it counts and lists all records, whatever window is asked for.
    """

    is_by_creation: bool

    def count(self, *, since: datetime | None, until: datetime | None) -> int | None:
        """Records that live, created at or after ``since`` and before ``until``.

        None where there are too many to be counted at once.
        """

    def stamps(
        self, *, since: datetime | None, until: datetime | None
    ) -> Mapping[str, datetime | None] | None:
        """The same records by id, with the stamp of each; None where that takes too long."""

    def records(self, ids: Sequence[str]) -> Iterator[Sequence[MirrorRow]]:
        """Those of these records that are not gone for good, in batches."""

    def unstamped(
        self, *, since: datetime | None, until: datetime | None
    ) -> Iterator[Sequence[MirrorRow]]:
        """Id, stamp and the columns that change without a new stamp; nothing if there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPage:
    #: To be read to the end: what is missing is noticed only there, by a TransientError.
    batches: Iterator[Sequence[MirrorRow]]
    size: int
    #: Where the next page begins; None after the last.
    locator: str | None


class BulkReader(Protocol):
    """Jobs that list a whole window of a table at once, in no order, for big first loads.

    Jobs outlive us: what has been begun may be read on by another process.
    """

    def oldest(self) -> datetime | None:
        """The oldest stamp there is; None where there is none, or where it is not to be had."""

    def begin(self, *, since: datetime | None, until: datetime) -> str:
        """The id of a new job for all records stamped in the window, deleted ones included."""

    def finish(self, job: str, *, is_stopped: Callable[[], bool]) -> int | None:
        """Wait until the job is done; how many records it found. Raises BulkJobLost.

        None once ``is_stopped``, which is asked before each question to the CRM.
        """

    def page(self, job: str, locator: str | None) -> BulkPage:
        """The page at a locator, or the first. Raises BulkJobLost."""

    def forget(self, job: str) -> None:
        """Its results are no longer needed."""


class CrmWriter(Protocol):
    """Single records. Every request is sent once: raises OutcomeUnknown when its answer is lost."""

    def read(
        self, table: str, record_id: str, columns: Sequence[str]
    ) -> Mapping[str, object] | None:
        """These columns as they are there now; None when the record is gone.

        ``note`` among them is absent where it is hidden.
        """

    def change(self, table: str, record_id: str, values: Mapping[str, str]) -> None:
        """Raises WriteRefused in words for the person."""

    def create(self, table: str, values: Mapping[str, str]) -> str:
        """The new id. ``note`` among the values is free text. Raises WriteRefused."""

    def find(self, table: str, values: Mapping[str, str], *, since: datetime) -> str | None:
        """A record with these values that was created since."""


class Crm(Protocol):
    def objects(self) -> Sequence[str]:
        """The mirror tables this CRM can fill, in the order in which they should be pulled."""

    def missing_columns(self, table: str) -> Sequence[str]:
        """Mirror columns of a table that the CRM lacks or hides from us."""

    def fields(self, table: str) -> Sequence[CrmField]:
        """All fields of the object behind a table; nothing where the CRM does not say."""

    def changes(
        self,
        table: str,
        *,
        since: datetime | None,
        until: datetime,
        at_most: int | None = None,
    ) -> Iterator[Sequence[MirrorRow]]:
        """Batches of all records stamped at or after ``since`` and before ``until``.

        Deleted records come with ``is_deleted`` true. ``since`` None means from the beginning.
        Raises TooManyRecords before the first batch when the CRM says that there are more than
        ``at_most``.
        """

    def safe_until(self, table: str) -> datetime:
        """The latest instant up to which the CRM vouches that no change is still to come."""

    def deletions(self, table: str, *, since: datetime, until: datetime) -> Deletions: ...

    def census(self, table: str) -> Census | None:
        """None where the CRM cannot tell what it holds."""

    def bulk(self, table: str) -> BulkReader | None:
        """None where the CRM has no such jobs."""

    def calls(self) -> CallBudget: ...

    def writer(self) -> CrmWriter:
        """Raises PermanentError where nothing can be written."""

    def take_unusable(self, table: str) -> Mapping[str, tuple[str, str]]:
        """Values that no column can hold, met since this was asked last.

        Field → the first record with one, and what is the matter, in words.
        """

    def notes(self) -> Sequence[CrmNote]:
        """How we are known there and what will not stay so, as of the last login."""


class Messenger(Protocol):
    def send(
        self,
        to: str,
        message: Message,
        *,
        reference: DeliveryId,
        thread: Receipt | None = None,
        part: int = 0,
    ) -> Receipt:
        """Post to a person or a channel, or into the thread below a message posted before.

        ``part`` numbers the messages of one thread from 1. Raises RateLimited, OutcomeUnknown,
        PermanentError.
        """

    def shown(self, message: Message) -> Message:
        """The message with its pictures put up, for whoever says it in another way.

        A picture that cannot be shown is left out; the words beside it say the same.
        """

    def find(
        self, reference: DeliveryId, *, to: str, thread: Receipt | None = None, part: int = 0
    ) -> Receipt | None:
        """Look for a message whose sending ended in doubt."""

    def update(self, receipt: Receipt, message: Message) -> None: ...

    def publish_home(self, to: SlackUserId, view: View) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackPerson:
    id: SlackUserId
    name: str
    email: str | None
    #: IANA name, as the person set it in Slack.
    zone: str | None
    locale: str | None


class Directory(Protocol):
    def find_by_email(self, email: str) -> SlackPerson | None: ...

    def find_by_id(self, slack_id: SlackUserId) -> SlackPerson | None: ...

    def find_channel(self, name: str) -> str | None:
        """The id of a channel the bot may post to, by its name without '#', or None."""

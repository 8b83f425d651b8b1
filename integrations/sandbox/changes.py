"""What happened in a made-up organisation, as a list of dated changes to records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """At one instant a record was created, had fields set, or was deleted.

    The first change of an id creates the record; a later one sets only the fields it names.
    Fields bear Salesforce API names. Values are str, int, float, Decimal, bool, date, aware
    datetime or None. ``SystemModstamp`` and ``LastModifiedDate`` follow from ``at``; so does
    ``CreatedDate`` unless the first change sets it.
    """

    at: datetime
    sobject: str
    id: str
    fields: Mapping[str, object] = field(default_factory=dict)
    is_deletion: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackPerson:
    """A person of the made-up workspace; ``email`` is what ties them to a Salesforce User."""

    id: str
    name: str
    real_name: str
    email: str
    zone: str
    title: str = ""
    locale: str = "en-US"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackChannel:
    id: str
    #: Without the leading "#".
    name: str
    members: tuple[str, ...]
    topic: str = ""
    is_private: bool = False

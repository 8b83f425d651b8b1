"""A rule's wish to say something, and what the judge makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import MetricKey, RecordId, RepId, RuleKey
from bot.domain.light import light
from bot.domain.windows import Window


class Tone(StrEnum):
    """What a message is to the person who reads it; the contract's word for it is valence."""

    #: Something may be wrong with how a person works; it takes evidence that chance does not make.
    WARNING = "warning"
    POSITIVE = "positive"
    #: A fact about a deal or a question about the log; it says nothing about the person.
    NEUTRAL = "neutral"


@light(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A rule's wish to say one thing to one person.

    ``subject`` names what it is about within the rule (a record id or "pipeline"); the same
    rule and subject are not said again during the cooldown.
    """

    rule: RuleKey
    #: Who would read it: a rep, or a manager when the rule speaks to managers.
    to: RepId
    #: Whom it is about; the same as ``to`` for a rep's own nudges.
    about: RepId
    subject: str
    #: Larger is said first; comparable across rules: P(true) x expected gain x actionability.
    priority: float
    tone: Tone
    metric: MetricKey | None = None
    #: The days that the metric's number covers; None for a nudge about deals.
    window: Window | None = None
    records: tuple[RecordId, ...] = ()
    #: What the template sees. Plain values only: it is stored with the decision.
    view: Mapping[str, object] = field(default_factory=dict)
    #: The numbers behind it, for "Why am I seeing this?": label to text.
    because: Mapping[str, str] = field(default_factory=dict)
    #: Praise that rests on records in doubt: why it waits. None where nothing stands against it.
    doubt: str | None = None
    #: Urgent proposals do not count against the daily cap of coaching nudges.
    is_urgent: bool = False
    #: A new hire's programme speaks from the first day, and no lot withholds it.
    is_of_programme: bool = False

    @property
    def dedupe_key(self) -> str:
        return f"{self.rule}:{self.to}:{self.subject}"


class HoldReason(StrEnum):
    """Why nothing was said, in words for the person who asks."""

    DAILY_CAP = "enough was said today"
    WEEKLY_CAP = "enough was said this week"
    COOLING_DOWN = "this was said not long ago"
    SNOOZED = "you asked for this later"
    MUTED = "you muted this kind of nudge"
    PAUSED = "nudges are paused"
    ON_LEAVE = "the rep is away"
    SETTLING_IN = "the first working days belong to the onboarding programme"
    INACTIVE = "the rep is no longer active"
    NOT_IN_SLACK = "no Slack account matches the rep's e-mail"
    BAD_NEWS_TODAY = "bad news already went out today"
    KILL_SWITCH = "an admin has stopped all nudges"
    RULE_OFF = "an admin has switched this rule off"
    SHADOW = "this rule runs in shadow mode: computed, never sent"
    SHADOW_MODE = "shadow mode: only admins see what would have been said"
    IN_DOUBT = "praise waits until the records behind it are clear"
    HOLDOUT = "withheld on purpose, to measure whether nudges help"
    LIGHT_TOUCH = "light touch: doing well"
    ONE_AT_A_TIME = "one thing at a time: the last nudge is still open"
    CANNOT_RENDER = "the message could not be rendered; an admin was told"


@dataclass(frozen=True, slots=True)
class Send:
    pass


@dataclass(frozen=True, slots=True)
class Defer:
    #: The first instant at which it may arrive, aware.
    until: datetime
    reason: str = "quiet hours"


@dataclass(frozen=True, slots=True)
class Hold:
    reason: HoldReason


Verdict = Send | Defer | Hold

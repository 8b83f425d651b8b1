"""Metric, Fact, Reading: what is measured, what it rests on, and what came out."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.ids import MetricKey, RecordId, RepId
from bot.domain.light import light
from bot.domain.windows import Window


class Valence(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


class Unit(StrEnum):
    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    DAYS = "days"
    MINUTES = "minutes"


class Aggregate(StrEnum):
    """How facts become one value."""

    COUNT = "count"
    SUM = "sum"
    RATIO = "ratio"
    MEDIAN = "median"
    #: The median wait, counting those for whom it has not happened yet.
    WAIT = "wait"


class Timing(StrEnum):
    """Whether a metric moves before, with, or after the sale."""

    LEADING = "leading"
    COINCIDENT = "coincident"
    LAGGING = "lagging"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """The definition of a leading indicator, as a person reads it."""

    key: MetricKey
    title: str
    because: str
    unit: Unit
    aggregate: Aggregate
    valence: Valence
    timing: Timing
    #: Fewer facts than this, and we say "not enough data".
    min_facts: int
    #: The gaming that the paired metric would show.
    guards_against: str
    guard: MetricKey | None
    #: Which of the record's dates puts it into a window, in words.
    date_rule: str
    #: Whom the record counts for, in words.
    owner_rule: str
    #: What is counted or summed, in words.
    value_rule: str
    #: True when it describes the state on the window's last day rather than a sum over its days.
    is_state: bool
    fact_table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One CRM record's contribution to one metric; the evidence."""

    record: RecordId
    rep: RepId
    day: date
    #: In the metric's unit (money in whole currency units); for a ratio 1 or 0 counts.
    value: float
    weight: float
    label: str


@light(frozen=True, slots=True, kw_only=True)
class Reading:
    """A metric's value for one rep over one window, with what it rests on."""

    metric: MetricKey
    rep: RepId
    window: Window
    #: None when nothing could have counted, which is not the same as zero. A share lies in 0..1,
    #: money is in whole currency units.
    value: float | None
    facts: int
    #: The CRM was last mirrored at this instant; a reading never claims to be fresher.
    as_of: datetime

"""What a chart shows, as plain values; ``bot.render.charts`` draws it.

Words are ready to be read (units and currency included); numbers only say where a mark stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing as SVG, and the same in words for whoever cannot see it."""

    svg: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeDot:
    """One rep's value and the range that is fair for their own days."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeRow:
    """One metric of a team: its reps, each against their own range, and their middle."""

    label: str
    #: The middle, in words.
    told: str
    dots: Sequence[RangeDot]
    #: In a channel no rep has a dot: colleagues would know whose it is.
    shows_dots: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamAgainstRange:
    title: str
    rows: Sequence[RangeRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One week; without a value nothing was measured."""

    label: str
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    title: str
    points: Sequence[Point]
    #: The last value, in words.
    told: str
    #: What is fair to expect; None where there is no range.
    low: float | None = None
    high: float | None = None
    range_told: str = ""


class StepKind(StrEnum):
    TOTAL = "total"
    CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    label: str
    #: Of a total where it stands, of a change by how much; in any one unit.
    amount: float
    told: str
    kind: StepKind = StepKind.CHANGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """From one total over changes to another."""

    title: str
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    at: float
    share: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    label: str
    points: Sequence[CurvePoint]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveMark:
    """One person on one of the curves: when it came, or how long they have waited by now."""

    #: Which curve, counted from 0.
    curve: int
    at: float
    has_happened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """Shares of a group that have reached something by a day, as steps."""

    title: str
    axis: str
    curves: Sequence[Curve]
    #: Whom the marks are of; empty where nobody is marked.
    who: str = ""
    marks: Sequence[CurveMark] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelPoint:
    facts: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelEdge:
    facts: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Shares over how many facts they rest on, and between which edges luck alone would put them.

    Nobody is named: it shows a team whether its differences are any.
    """

    title: str
    axis: str
    centre: float
    points: Sequence[FunnelPoint]
    edges: Sequence[FunnelEdge]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the parts of a bar: how it stands, in words, and what it is about."""

    label: str
    told: str
    #: One of in place, on the way, to do, unknown.
    standing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartedBar:
    label: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartedBars:
    """Bars of equal length in parts that are not added up: each says how it stands by itself."""

    title: str
    bars: Sequence[PartedBar]


Chart = TeamAgainstRange | Sparkline | Waterfall | Curves | Funnel | PartedBars

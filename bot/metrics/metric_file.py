"""The shape of a metric file. ``playbooks/README.md`` is made from what each field says here."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.metric import Aggregate, Timing, Unit, Valence

Sentence = Annotated[str, Field(min_length=8, max_length=400)]


class FactsPart(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, use_attribute_docstrings=True)

    table: str = Field(alias="from")
    """the fact table, one of those below"""
    credit: str = "rep_id"
    """whom a fact counts for"""
    day: str
    """the column that puts a fact into a window"""
    where: str | None = None
    """which facts count, as a condition over the table's columns"""
    value: str | None = None
    """what is summed, whose median is taken, or how long a wait is"""
    numerator: str | None = None
    """for a ratio: what is counted above the line, a condition or a number"""
    happened: str | None = None
    """for a wait: the condition that it is over; else the value is how long it has been so far"""
    denominator: str = "1"
    """for a ratio: what is counted below the line"""


class ExampleAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    value: float | None
    facts: int


class ExamplePart(BaseModel):
    """A few facts and the answers worked out by hand, over all days given."""

    model_config = ConfigDict(extra="forbid")

    facts: list[dict[str, str | int | float | bool | date | None]]
    expect: dict[str, ExampleAnswer]


class MetricPart(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    title: Annotated[str, Field(min_length=3, max_length=60)]
    """what people read"""
    because: Sentence
    """what it counts and why it matters, in one sentence"""
    guards_against: Sentence
    """how one could look good in it without being good"""
    guard: str | None = None
    """the metric that such gaming would show in"""
    unit: Unit
    """how the value reads"""
    aggregate: Aggregate
    """how facts become one value"""
    better: Valence
    """which way is better"""
    timing: Timing
    """whether it moves before, with or after the sale"""
    min_facts: Annotated[int, Field(ge=0, le=1000, strict=True)]
    """with fewer facts than this there is not enough data"""
    facts: FactsPart
    example: ExamplePart

"""The shape of a programme file; ``playbooks/README.md`` is made from what each field says here."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.programme import MilestoneKind

Words = Annotated[str, Field(min_length=3, max_length=80)]
Sentence = Annotated[str, Field(min_length=8, max_length=300)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


class MeasurePart(_Part):
    metric: str
    """the metric whose facts count, one that counts or adds up"""
    at_least: Annotated[float, Field(gt=0)] | None = None
    """how much of it, in the metric's unit; or `share_of_target`"""
    share_of_target: Annotated[float, Field(gt=0, le=2)] | None = None
    """how much of the low end of the role's target range, within the weeks of that range"""
    weeks: Annotated[int, Field(ge=1, le=52, strict=True)] | None = None
    """within so many weeks that follow one another; left out: since the start"""
    where: str | None = None
    """which of the metric's facts count, as a condition over its fact table"""


class MilestonePart(_Part):
    title: Words
    """what people read"""
    day: Annotated[int, Field(ge=1, le=400, strict=True)]
    """the working day of the new hire by whose end it is due; the first day in the role is 1"""
    kind: MilestoneKind
    """who tells: the CRM (measured), the new hire (task), their manager (the other two)"""
    how: Sentence
    """what to do for it"""
    measure: MeasurePart | None = None
    needs: list[str] = Field(default_factory=list)
    """milestones that come first"""
    rubric: Annotated[list[Words], Field(max_length=6)] = Field(default_factory=list)
    """for a certification: what the manager looks at, each from 1 to 5"""
    passes_at: Annotated[int, Field(ge=1, le=5, strict=True)] = 3
    """for a certification: what is enough in each of them"""


class ProgrammePart(_Part):
    title: Words
    """what people read"""
    because: Sentence
    """why these milestones"""
    programme: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """the programme's name; all its versions have the same"""
    version: Annotated[int, Field(ge=1, le=1000, strict=True)]
    """counts up; whoever began with a version keeps it"""
    roles: Annotated[list[str], Field(min_length=1)]
    """role files that it is for"""
    starts_from: date | None = None
    """the first start in the role that this version is for; left out: any"""
    outcome: str
    """the milestone that all of it is for"""
    milestones: Annotated[dict[str, MilestonePart], Field(min_length=1, max_length=20)]

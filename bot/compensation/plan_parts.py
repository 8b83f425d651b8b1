"""The shape of a plan file; ``playbooks/README.md`` is made from what each field says here."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Rate = Annotated[float, Field(ge=0, le=20)]
Share = Annotated[float, Field(ge=0, le=1)]
MOST = 100_000_000
Amount = Annotated[float, Field(gt=0, lt=MOST)]
PeriodWord = Literal["month", "quarter", "year"]


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


def _quota(said: float | str) -> float | str:
    """One complaint in place of one for each thing that it might have been."""
    if said != "crm" and (isinstance(said, str) or not 0 < said < MOST):
        raise ValueError("should be a number above 0, or `crm`")
    return said


class TierPart(_Part):
    begins: Annotated[float, Field(ge=0, le=20, alias="from")]
    """the attainment from which it holds, as a share of the quota; the first tier is from 0"""
    rate: Rate
    """how much of the target pay a share of the quota earns here: 1.5 is an accelerator, 0.65 a \
decelerator"""
    retroactive: bool = False
    """true: beyond its start the rate holds for all that came before as well, which is a cliff"""


class TaskPart(_Part):
    title: Annotated[str, Field(pattern=r"\S", max_length=80)]
    """what is to be done"""
    share: Annotated[float, Field(gt=0, le=1)]
    """its share of the component"""


class ComponentPart(_Part):
    title: Annotated[str, Field(pattern=r"\S", max_length=60)]
    """what people read"""
    measures: str | None = None
    """the metric that is paid for; or `tasks` in its place"""
    tasks: dict[str, TaskPart] = Field(default_factory=dict)
    """management by objectives: tasks by key, whose results stand under `people:` in app.yaml"""
    weight: Annotated[float, Field(gt=0, le=1)]
    """its share of the variable pay; all of them add up to 1"""
    period: PeriodWord | None = None
    """what is measured together; left out: the plan's period"""
    quota: Annotated[float | str, AfterValidator(_quota)] | None = None
    """what is asked in one period; `crm` takes the rep's own quota there, which is never ramped"""
    tiers: list[TierPart] = Field(default_factory=list)
    """rates by attainment; left out: each share of the quota pays that share of the target pay"""
    threshold: Annotated[float, Field(ge=0, le=1)] = 0.0
    """below this attainment nothing is paid, at it all at once, which is a cliff"""
    cap: Annotated[float, Field(ge=1, le=20)] | None = None
    """at most so many times the component's target pay"""
    serves: list[str] = Field(default_factory=list)
    """the objectives in objectives.yaml that it is there for"""
    control: Literal["own", "shared", "none"] | None = None
    """how far one rep moves the measure, which no number can tell"""


class SpiffPart(_Part):
    title: Annotated[str, Field(pattern=r"\S", max_length=60)]
    """what people read"""
    measures: str
    """the metric whose every one is paid"""
    each: Amount
    """what one pays"""
    first_day: date
    """the first day that counts"""
    last_day: date
    """the last day that counts"""
    most: Amount | None = None
    """at most so much for one person"""
    budget: Amount | None = None
    """what all people together may cost; a simulation says when it does not last"""


class DrawPart(_Part):
    each_month: Amount
    """what is paid at least in a month"""
    months: Annotated[int, Field(ge=1, le=120)]
    """for how many months of the role"""
    recoverable: bool
    """true: later pay gives it back; false: it is a guarantee"""


class PlanPart(_Part):
    title: Annotated[str, Field(pattern=r"\S", max_length=60)]
    """what people read"""
    because: Annotated[str, Field(max_length=400)]
    """what it is meant to bring about"""
    plan: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    """the plan's key; another file with the same key and a later day is its next version"""
    begins: date
    """the first day of this version, which is the first day of one of its periods"""
    roles: Annotated[list[str], Field(min_length=1)]
    """the roles that it is meant for; app.yaml says who has it"""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """the currency of its money"""
    ote: Amount
    """base and variable pay of a year at target"""
    variable: Amount
    """the variable part of it"""
    period: PeriodWord = "quarter"
    """what is settled together"""
    components: Annotated[dict[str, ComponentPart], Field(min_length=1)]
    spiffs: list[SpiffPart] = Field(default_factory=list)
    draw: DrawPart | None = None
    ramp: list[Share] = Field(default_factory=list)
    """the share of the plan's own quotas that is asked in month 1, 2, … in the role"""
    clawback_days: Annotated[int, Field(ge=0, le=730)] = 0
    """pay for a deal is taken back when it is undone within so many days"""


class ObjectivePart(_Part):
    title: Annotated[str, Field(pattern=r"\S", max_length=80)]
    """what the business wants"""
    weight: Annotated[float, Field(gt=0, le=1)]
    """how much of the year is about it; all of them add up to 1"""
    managed_because: str = ""
    """why it is managed and not paid for, where no plan should pay for it"""
    deal_types: list[str] = Field(default_factory=list)
    """the Types of opportunities that it is about, which joins it to deals and activities"""
    roles: list[str] = Field(default_factory=list)
    """the roles that it is for; left out: all of them"""
    prospecting: bool = False
    """true: activities that are on no deal yet are about it"""


class ObjectivesFile(_Part):
    objectives: Annotated[dict[str, ObjectivePart], Field(min_length=1)]

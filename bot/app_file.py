"""What app.yaml may say, as models that check it."""

import re
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StrictBool, field_validator

from bot.choice_settings import DefinitionsPart
from bot.crm_settings import SalesforcePart
from bot.pay_settings import PayPart, PersonPayPart

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]


class _Part(BaseModel):
    # Strict: YAML reads `yes` as true and 17:30 as 1050, and neither is a number of nudges.
    model_config = ConfigDict(extra="forbid", strict=True)


class FiscalPart(_Part):
    pattern: Literal["4-4-5", "4-5-4", "5-4-4"]
    year_starts: str


class OrganisationPart(_Part):
    name: str = "Sales"
    zone: str = "UTC"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    fiscal_start_month: Annotated[int, Field(ge=1, le=12)] | None = None
    fiscal: FiscalPart | None = None
    crm_address: Annotated[str, Field(pattern=r"^https?://")] | None = None
    qualified_stage: str | None = None
    holiday_country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    holiday_countries: dict[str, str] = Field(default_factory=dict)
    weekends: dict[str, list[str]] = Field(default_factory=dict)

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"'{name}' is no time zone; write one like Europe/Berlin") from error
        return name


class RolePart(_Part):
    role: str
    title_contains: str | None = None
    crm_role_contains: str | None = None


class ActivitiesPart(_Part):
    call_types: list[str] = Field(default_factory=lambda: ["Call"])
    emails: Literal["auto", "recorded", "captured"] = "auto"
    conversation_seconds: Annotated[int, Field(ge=0, le=3600)] = 60
    conversation_dispositions: list[str] = Field(default_factory=lambda: ["Connected"])
    missed_subjects: list[str] | None = None
    leave_subjects: list[str] | None = None
    automatic_subjects: list[str] | None = None


def _clock(text: str) -> str:
    if not CLOCK.fullmatch(text):
        raise ValueError(f"'{text}' is no time of day; write one like \"08:30\" in quotes")
    return text


class NudgesPart(_Part):
    per_day: Annotated[int, Field(ge=0, le=20)] = 1
    per_week: Annotated[int, Field(ge=0, le=50)] = 3
    urgent_per_day: Annotated[int, Field(ge=0, le=50)] = 5
    quiet_from: str = "17:30"
    quiet_until: str = "08:30"
    settling_in_working_days: Annotated[int, Field(ge=0, le=130)] = 10
    holdout_share: Annotated[float, Field(ge=0, lt=1)] = 0
    rules_off: list[str] = Field(default_factory=list)
    rules_in_shadow: list[str] = Field(default_factory=list)
    shadow: StrictBool = False
    light_touch_per_week: Annotated[int, Field(ge=0, le=50)] = 1
    light_touch_from_priority: Annotated[float, Field(ge=0, le=1)] = 0.25
    simple_touch_per_week: Annotated[int, Field(ge=0, le=50)] = 2
    simple_touch_open_days: Annotated[int, Field(ge=0, le=30)] = 3

    _are_clocks = field_validator("quiet_from", "quiet_until")(_clock)


class SchedulePart(_Part):
    pull_every_minutes: Annotated[int, Field(ge=1, le=1440)] = 10
    coach_at: str = "08:30"
    digest_at: str = "08:00"
    digest_on: Weekday = "monday"
    deliver_every_seconds: Annotated[int, Field(ge=1, le=3600)] = 5

    _are_clocks = field_validator("coach_at", "digest_at")(_clock)


class SlackPart(_Part):
    digest_channels: dict[str, str] = Field(default_factory=dict)
    default_digest_channel: str | None = None
    digest_preview: StrictBool = False
    people: dict[str, str] = Field(default_factory=dict)
    admins: list[str] = Field(default_factory=list)


class PersonPart(_Part):
    works: Annotated[list[str], Field(min_length=1)] | None = None
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    country: str | None = None
    started_on: date | None = None
    territory_since: date | None = None
    source: str | None = None
    pay: PersonPayPart | None = None


class PeersPart(_Part):
    tenure_months: list[Annotated[float, Field(gt=0, le=240)]] = Field(
        default_factory=lambda: [4.0, 12.0]
    )
    fewest: Annotated[int, Field(ge=2, le=100)] = 5

    @field_validator("tenure_months")
    @classmethod
    def _rises(cls, months: list[float]) -> list[float]:
        if months != sorted(set(months)):
            raise ValueError("each number is larger than the one before")
        return months


class HiringPart(_Part):
    retention_days: Annotated[int, Field(ge=30, le=1825)] = 365
    interview_every_days: Annotated[int, Field(ge=7, le=365)] = 30
    scorecard_due_days: Annotated[int, Field(ge=1, le=30)] = 2
    managers: dict[str, list[str]] = Field(default_factory=dict)


class AppFile(_Part):
    organisation: OrganisationPart = Field(default_factory=OrganisationPart)
    definitions: DefinitionsPart = Field(default_factory=DefinitionsPart)
    salesforce: SalesforcePart = Field(default_factory=SalesforcePart)
    roles: list[RolePart] = Field(default_factory=list)
    default_role: str | None = None
    activities: ActivitiesPart = Field(default_factory=ActivitiesPart)
    nudges: NudgesPart = Field(default_factory=NudgesPart)
    schedule: SchedulePart = Field(default_factory=SchedulePart)
    slack: SlackPart = Field(default_factory=SlackPart)
    people: dict[str, PersonPart] = Field(default_factory=dict)
    peers: PeersPart = Field(default_factory=PeersPart)
    hiring: HiringPart = Field(default_factory=HiringPart)
    pay: PayPart = Field(default_factory=PayPart)

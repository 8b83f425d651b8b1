"""app.yaml and the environment become one frozen Settings, or a ConfigError with every problem.

Secrets come from the environment alone; the adapters that need them read them there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StrictBool, field_validator

from bot.coaching.policy import Policy, QuietHours
from bot.documents import (
    Document,
    Place,
    check,
    did_you_mean,
    load_document,
    raise_problems,
)
from bot.domain.ids import RoleKey, SlackUserId
from bot.domain.organisation import Organisation, RoleMatch

DEFAULT_CONFIG = "app.yaml"
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]


class _Part(BaseModel):
    # Strict: YAML reads `yes` as true and 17:30 as 1050, and neither is a number of nudges.
    model_config = ConfigDict(extra="forbid", strict=True)


class OrganisationPart(_Part):
    name: str = "Sales"
    zone: str = "UTC"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    fiscal_start_month: Annotated[int, Field(ge=1, le=12)] = 1
    crm_address: Annotated[str, Field(pattern=r"^https?://")] | None = None
    qualified_stage: str | None = None
    holiday_country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    holiday_countries: dict[str, str] = Field(default_factory=dict)

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
    conversation_seconds: Annotated[int, Field(ge=0, le=3600)] = 60
    conversation_dispositions: list[str] = Field(default_factory=lambda: ["Connected"])
    leave_subjects: list[str] | None = None


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
    shadow: StrictBool = False
    light_touch_per_week: Annotated[int, Field(ge=0, le=50)] = 1
    light_touch_from_priority: Annotated[float, Field(ge=0, le=1)] = 0.25
    simple_touch_per_week: Annotated[int, Field(ge=0, le=50)] = 2
    simple_touch_open_days: Annotated[int, Field(ge=0, le=30)] = 3
    holdout_share: Annotated[float, Field(ge=0, lt=1)] = 0
    rules_off: list[str] = Field(default_factory=list)
    rules_in_shadow: list[str] = Field(default_factory=list)

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
    people: dict[str, str] = Field(default_factory=dict)
    admins: list[str] = Field(default_factory=list)


class AppFile(_Part):
    organisation: OrganisationPart = Field(default_factory=OrganisationPart)
    roles: list[RolePart] = Field(default_factory=list)
    default_role: str | None = None
    activities: ActivitiesPart = Field(default_factory=ActivitiesPart)
    nudges: NudgesPart = Field(default_factory=NudgesPart)
    schedule: SchedulePart = Field(default_factory=SchedulePart)
    slack: SlackPart = Field(default_factory=SlackPart)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    organisation: Organisation
    policy: Policy
    schedule: SchedulePart
    playbooks: Path
    database_url: str
    clock_file: Path | None


def config_path(environment: Mapping[str, str]) -> Path:
    """PACESETTER_CONFIG, else app.yaml in the current folder, else the one that comes with us."""
    if named := environment.get("PACESETTER_CONFIG"):
        return Path(named)
    ours = Path(str(files("bot")))
    # A wheel has it inside the package, a clone beside it.
    places = (Path(), ours, ours.parent)
    found = (place / DEFAULT_CONFIG for place in places if (place / DEFAULT_CONFIG).is_file())
    return next(found, Path(DEFAULT_CONFIG))


def load_settings(
    environment: Mapping[str, str],
    *,
    home: Path,
    playbooks: Path,
    known_roles: frozenset[str] | None = None,
    known_rules: frozenset[str] | None = None,
) -> Settings:
    """Read the file at ``config_path``.

    Raises ConfigError with all problems at once. ``home`` is where the default database lives.
    """
    document = load_document(config_path(environment))
    if document.content is None and not document.problems:
        document.content = {}
    part = check(document, AppFile)
    if part is not None:
        _check_names(document, part, known_roles, known_rules)
    raise_problems(document.problems)
    if part is None:
        raise AssertionError("a file without a problem was not read")
    return _settings(part, environment, playbooks=playbooks, home=home)


def _check_names(
    document: Document,
    part: AppFile,
    known_roles: frozenset[str] | None,
    known_rules: frozenset[str] | None,
) -> None:
    _check_roles(document, part, known_roles)
    if known_rules is not None:
        for key, words in (
            ("rules_off", part.nudges.rules_off),
            ("rules_in_shadow", part.nudges.rules_in_shadow),
        ):
            for n, rule in enumerate(words):
                if rule not in known_rules:
                    hint = did_you_mean(rule, known_rules)
                    document.complain(("nudges", key, n), f"no rule called '{rule}'", hint=hint)
    _check_hours(document, part)


def _check_roles(document: Document, part: AppFile, known_roles: frozenset[str] | None) -> None:
    if known_roles is not None:
        places: list[tuple[Place, str]] = [
            (("roles", n, "role"), each.role) for n, each in enumerate(part.roles)
        ]
        if part.default_role is not None:
            places.append((("default_role",), part.default_role))
        for place, role in places:
            if role not in known_roles:
                hint = did_you_mean(role, known_roles)
                document.complain(place, f"no role playbook called '{role}'", hint=hint)
    for n, line in enumerate(part.roles):
        if line.title_contains is None and line.crm_role_contains is None:
            document.complain(
                ("roles", n),
                "this line fits nobody",
                hint="add `title_contains:` or `crm_role_contains:`",
            )


def _check_hours(document: Document, part: AppFile) -> None:
    if part.nudges.quiet_until >= part.nudges.quiet_from:
        document.complain(
            ("nudges", "quiet_from"),
            "quiet hours begin in the evening and end in the morning",
            hint='for example quiet_from: "17:30", quiet_until: "08:30"',
        )
    elif part.schedule.coach_at >= part.nudges.quiet_from:
        document.complain(
            ("schedule", "coach_at"),
            f"nobody is coached after quiet hours begin at {part.nudges.quiet_from}",
            hint='write a time in the morning, such as "07:30"',
        )


def _settings(
    part: AppFile, environment: Mapping[str, str], *, playbooks: Path, home: Path
) -> Settings:
    clock = environment.get("PACESETTER_CLOCK_FILE")
    return Settings(
        organisation=_organisation(part),
        policy=Policy(
            nudges_per_day=part.nudges.per_day,
            nudges_per_week=part.nudges.per_week,
            urgent_per_day=part.nudges.urgent_per_day,
            quiet_hours=QuietHours(
                begin=time.fromisoformat(part.nudges.quiet_from),
                end=time.fromisoformat(part.nudges.quiet_until),
            ),
            holdout_share=part.nudges.holdout_share,
            settling_in_working_days=part.nudges.settling_in_working_days,
            is_in_shadow=part.nudges.shadow,
            light_touch_per_week=part.nudges.light_touch_per_week,
            light_touch_from_priority=part.nudges.light_touch_from_priority,
            simple_touch_per_week=part.nudges.simple_touch_per_week,
            simple_touch_open_days=part.nudges.simple_touch_open_days,
            rules_off=frozenset(part.nudges.rules_off),
            rules_in_shadow=frozenset(part.nudges.rules_in_shadow),
        ),
        schedule=part.schedule,
        playbooks=playbooks,
        database_url=environment.get("DATABASE_URL") or default_database(home),
        clock_file=Path(clock) if clock else None,
    )


def default_database(home: Path) -> str:
    return f"sqlite:///{home / 'pacesetter.sqlite3'}"


def _organisation(part: AppFile) -> Organisation:
    whole, activities, slack = part.organisation, part.activities, part.slack
    defaults = Organisation()
    return Organisation(
        name=whole.name,
        zone=ZoneInfo(whole.zone),
        fiscal_start_month=whole.fiscal_start_month,
        currency=whole.currency,
        holiday_country=whole.holiday_country,
        holiday_country_by_zone=whole.holiday_countries,
        qualified_stage=whole.qualified_stage,
        call_types=frozenset(activities.call_types),
        conversation_seconds=activities.conversation_seconds,
        conversation_dispositions=frozenset(activities.conversation_dispositions),
        leave_subjects=tuple(
            words.lower() for words in activities.leave_subjects or defaults.leave_subjects
        ),
        roles=tuple(
            RoleMatch(
                role=RoleKey(each.role),
                title_contains=each.title_contains,
                crm_role_contains=each.crm_role_contains,
            )
            for each in part.roles
        ),
        default_role=RoleKey(part.default_role) if part.default_role else None,
        slack_overrides={key: SlackUserId(value) for key, value in slack.people.items()},
        channels=dict(slack.digest_channels),
        default_channel=slack.default_digest_channel,
        admins=frozenset(email.lower() for email in slack.admins),
        crm_address=whole.crm_address,
    )

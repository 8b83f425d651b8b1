"""app.yaml and the environment become one frozen Settings, or a ConfigError with every problem.

Secrets come from the environment alone; the adapters that need them read them there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app_file import (
    CLOCK,
    AppFile,
    HiringPart,
    NudgesPart,
    OrganisationPart,
    RolePart,
    SchedulePart,
)
from bot.app_people import check_people, terms_of, weekdays_of
from bot.app_words import check_words
from bot.choice_settings import read_choices
from bot.coaching.policy import Policy, QuietHours
from bot.compensation.plan import PayBook
from bot.crm_settings import SalesforcePart, check_fields
from bot.documents import (
    Document,
    check,
    did_you_mean,
    load_document,
    places_at,
    raise_problems,
)
from bot.domain.fiscal import (
    PATTERNS,
    CalendarMonths,
    FiscalCalendar,
    FollowedYear,
    WeekPattern,
    parse_year_start,
)
from bot.domain.hiring import HiringPolicy
from bot.domain.ids import RoleKey, SlackUserId
from bot.domain.organisation import Organisation, RoleMatch
from bot.domain.tenure import TenureBands
from bot.pay_settings import check_pay, read_pay_settings

DEFAULT_CONFIG = "app.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    organisation: Organisation
    policy: Policy
    schedule: SchedulePart
    salesforce: SalesforcePart
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
    known_countries: frozenset[str] | None = None,
    known_checks: frozenset[str] = frozenset(),
    pay_book: PayBook | None = None,
) -> Settings:
    """Read the file at ``config_path``.

    Raises ConfigError with all problems at once. ``home`` is where the default database lives.
    """
    document = load_document(config_path(environment))
    if document.content is None and not document.problems:
        document.content = {}
    part = check(document, AppFile)
    _check_names(document, known_roles, known_rules)
    check_people(document, known_countries)
    check_words(document)
    check_pay(document, pay_book, known_checks)
    check_fields(document)
    _check_fiscal(document)
    raise_problems(document.problems)
    if part is None:
        raise AssertionError("a file without a problem was not read")
    return _settings(part, environment, playbooks=playbooks, home=home)


def _check_names(
    document: Document, known_roles: frozenset[str] | None, known_rules: frozenset[str] | None
) -> None:
    """What the shape cannot tell, looked for even where the shape is wrong elsewhere."""
    if known_roles is not None:
        for pattern in (("roles", "*", "role"), ("default_role",)):
            _check_known(document, pattern, known_roles, "role playbook")
        _check_hiring(document, known_roles)
        for place, _ in places_at(document, "pay", "plans", "*"):
            if place[-1] not in known_roles:
                hint = did_you_mean(str(place[-1]), known_roles)
                document.complain(place, f"no role playbook called '{place[-1]}'", hint=hint)
    if known_rules is not None:
        for key in ("rules_off", "rules_in_shadow"):
            _check_known(document, ("nudges", key, "*"), known_rules, "rule")
    _check_hours(document)


def _check_known(
    document: Document, pattern: tuple[str, ...], known: frozenset[str], kind: str
) -> None:
    for place, word in places_at(document, *pattern):
        if isinstance(word, str) and word not in known:
            hint = did_you_mean(word, known)
            document.complain(place, f"no {kind} called '{word}'", hint=hint)


def _check_hiring(document: Document, known_roles: frozenset[str]) -> None:
    for place, _ in places_at(document, "hiring", "managers", "*"):
        if place[-1] not in known_roles:
            hint = did_you_mean(str(place[-1]), known_roles)
            document.complain(place, f"no role playbook called '{place[-1]}'", hint=hint)


def _check_fiscal(document: Document) -> None:
    said = {place[-1] for place, value in places_at(document, "organisation", "*") if value}
    if {"fiscal", "fiscal_start_month"} <= said:
        document.complain(
            ("organisation", "fiscal_start_month"),
            "a year of weeks begins on a day of its own",
            hint="keep `fiscal:` or `fiscal_start_month:`, not both",
        )
    for place, words in places_at(document, "organisation", "fiscal", "year_starts"):
        if isinstance(words, str) and parse_year_start(words) is None:
            document.complain(
                place,
                f"'{words}' is no first day of a fiscal year",
                hint="write `last saturday of january`, `first sunday of february` or "
                "`sunday nearest 1 february`",
            )


def fiscal_of(part: OrganisationPart) -> FiscalCalendar:
    start = parse_year_start(part.fiscal.year_starts) if part.fiscal else None
    if part.fiscal is None or start is None:
        if part.fiscal_start_month is None:
            return FollowedYear()
        return CalendarMonths(start_month=part.fiscal_start_month)
    return WeekPattern(starts=start, weeks=PATTERNS[part.fiscal.pattern])


def _check_hours(document: Document) -> None:
    begin = _hour(document, "nudges", "quiet_from", default=NudgesPart().quiet_from)
    end = _hour(document, "nudges", "quiet_until", default=NudgesPart().quiet_until)
    coach_at = _hour(document, "schedule", "coach_at", default=SchedulePart().coach_at)
    if begin and end and end >= begin:
        document.complain(
            ("nudges", "quiet_from"),
            "quiet hours begin in the evening and end in the morning",
            hint='for example quiet_from: "17:30", quiet_until: "08:30"',
        )
    elif begin and coach_at and coach_at >= begin:
        document.complain(
            ("schedule", "coach_at"),
            f"nobody is coached after quiet hours begin at {begin}",
            hint='write a time in the morning, such as "07:30"',
        )


def _hour(document: Document, part: str, key: str, *, default: str) -> str | None:
    """A time of day as it stands, the default where none does, or None for what is none."""
    for _, said in places_at(document, part, key):
        return said if isinstance(said, str) and CLOCK.fullmatch(said) else None
    return default


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
        salesforce=part.salesforce,
        playbooks=playbooks,
        database_url=environment.get("DATABASE_URL") or default_database(home),
        clock_file=Path(clock) if clock else None,
    )


def default_database(home: Path) -> str:
    return f"sqlite:///{home / 'pacesetter.sqlite3'}"


def _organisation(part: AppFile) -> Organisation:
    whole, activities, slack = part.organisation, part.activities, part.slack
    fiscal, defaults = fiscal_of(whole), Organisation()
    return Organisation(
        name=whole.name,
        zone=ZoneInfo(whole.zone),
        fiscal=fiscal,
        currency=whole.currency,
        holiday_country=whole.holiday_country,
        holiday_country_by_zone=whole.holiday_countries,
        weekend_by_country={
            country: weekdays_of(words) for country, words in whole.weekends.items()
        },
        qualified_stage=whole.qualified_stage,
        writes_back=part.salesforce.write_back,
        manager_from=part.salesforce.managers,
        choices=read_choices(part.definitions, fiscal=fiscal, currency=whole.currency),
        call_types=frozenset(activities.call_types),
        emails=activities.emails,
        conversation_seconds=activities.conversation_seconds,
        conversation_dispositions=frozenset(activities.conversation_dispositions),
        missed_subjects=_lower(activities.missed_subjects, defaults.missed_subjects),
        leave_subjects=_lower(activities.leave_subjects, defaults.leave_subjects),
        automatic_subjects=_lower(activities.automatic_subjects, defaults.automatic_subjects),
        roles=tuple(map(_match, part.roles)),
        default_role=RoleKey(part.default_role) if part.default_role else None,
        slack_overrides={key: SlackUserId(value) for key, value in slack.people.items()},
        channels=dict(slack.digest_channels),
        default_channel=slack.default_digest_channel,
        previews_digest=slack.digest_preview,
        admins=frozenset(email.lower() for email in slack.admins),
        crm_address=whole.crm_address,
        tenure=TenureBands(months=tuple(part.peers.tenure_months), fewest=part.peers.fewest),
        people={key.lower(): terms_of(each) for key, each in part.people.items()},
        hiring=_hiring(part.hiring),
        pay=read_pay_settings(part.pay, {key: each.pay for key, each in part.people.items()}),
    )


def _lower(words: Sequence[str] | None, default: tuple[str, ...]) -> tuple[str, ...]:
    """An empty list is none of them; only what is left out is ours."""
    return default if words is None else tuple(word.lower() for word in words)


def _hiring(part: HiringPart) -> HiringPolicy:
    return HiringPolicy(
        retention_days=part.retention_days,
        interview_every_days=part.interview_every_days,
        scorecard_due_days=part.scorecard_due_days,
        managers={
            RoleKey(role): frozenset(email.lower() for email in emails)
            for role, emails in part.managers.items()
        },
    )


def _match(part: RolePart) -> RoleMatch:
    return RoleMatch(
        role=RoleKey(part.role),
        title_contains=part.title_contains,
        crm_role_contains=part.crm_role_contains,
    )

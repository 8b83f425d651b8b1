"""What a team has settled about itself in app.yaml: the words of its CRM, its year, its people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.domain.choices import STANDARD, Choices
from bot.domain.fiscal import CalendarMonths, FiscalCalendar
from bot.domain.hiring import HiringPolicy
from bot.domain.ids import RoleKey, SlackUserId
from bot.domain.pay_settings import PaySettings
from bot.domain.people import WorkTerms
from bot.domain.tenure import TenureBands

#: What mail servers and calendars write before the subject of what they answer.
AUTOMATIC_SUBJECTS = (
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "out of office",
    "automatische antwort",
    "abwesenheit",
    "réponse automatique",
    "respuesta automática",
    "resposta automática",
    "risposta automatica",
    "automatisch antwoord",
    "undeliverable",
    "undelivered",
    "unzustellbar",
    "delivery status notification",
    "delivery failure",
    "mail delivery failed",
    "returned mail",
    "failure notice",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleMatch:
    """People whose CRM title or CRM role contains the words (case ignored) stand in ``role``."""

    role: RoleKey
    title_contains: str | None = None
    crm_role_contains: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    name: str = "Sales"
    #: When schedules fire and where people without a zone of their own live.
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    fiscal: FiscalCalendar = field(default_factory=CalendarMonths)
    currency: str = "USD"
    #: Country whose public holidays apply to people of a time zone that names none of its own.
    holiday_country: str | None = None
    holiday_country_by_zone: Mapping[str, str] = field(default_factory=dict)
    #: Days of the weekend, 0 for Monday, where they are not what we know of the country.
    weekend_by_country: Mapping[str, frozenset[int]] = field(default_factory=dict)
    #: A deal is qualified from this stage on; None takes the second open stage.
    qualified_stage: str | None = None
    choices: Choices = STANDARD
    #: Who leads whom: manager_field of the user's record, or role_hierarchy.
    manager_from: str = "manager_field"
    #: Whether reps may have what they log written to the CRM; each time they are asked.
    writes_back: bool = False
    #: Task types that are calls besides TaskSubtype Call.
    call_types: frozenset[str] = frozenset({"Call"})
    #: Whether e-mails become records of the CRM: recorded, captured, or auto, which looks itself.
    emails: str = "auto"
    #: A call counts as a conversation from this length on, or by one of these dispositions.
    conversation_seconds: int = 60
    conversation_dispositions: frozenset[str] = frozenset({"Connected", "Conversation"})
    #: Words in the subject of a meeting that was not held.
    missed_subjects: tuple[str, ...] = ("no show", "no-show", "canceled", "cancelled", "declined")
    #: Calendar entries that mean absence, besides those shown as out of office.
    leave_subjects: tuple[str, ...] = ("out of office", "ooo", "vacation", "annual leave", "pto")
    #: How the subject of an e-mail begins that nobody wrote.
    automatic_subjects: tuple[str, ...] = AUTOMATIC_SUBJECTS
    #: Calendar entries of a manager that are a 1:1, if they name one of the team.
    one_on_one_subjects: tuple[str, ...] = ("1:1", "1-1", "1on1", "one on one", "one-on-one")
    roles: tuple[RoleMatch, ...] = ()
    #: The role of everybody who sells and matches nothing; None leaves them out.
    default_role: RoleKey | None = None
    #: CRM user id or e-mail → Slack user id, for people whose e-mails differ.
    slack_overrides: Mapping[str, SlackUserId] = field(default_factory=dict)
    #: Manager's CRM user id or e-mail → name of the team's channel.
    channels: Mapping[str, str] = field(default_factory=dict)
    #: The channel of a team that has none of its own; None keeps its digest with the manager.
    default_channel: str | None = None
    #: Whether a manager says yes to the channel's digest before it is posted.
    previews_digest: bool = False
    #: E-mails of people who may use /coach-admin.
    admins: frozenset[str] = frozenset()
    #: Where a record opens in the CRM, for example https://acme.lightning.force.com
    crm_address: str | None = None
    #: What is said of single people, by e-mail in small letters or by CRM user id.
    people: Mapping[str, WorkTerms] = field(default_factory=dict)
    pay: PaySettings = field(default_factory=PaySettings)
    tenure: TenureBands = field(default_factory=TenureBands)
    hiring: HiringPolicy = field(default_factory=HiringPolicy)

    def terms_of(self, person_id: str, email: str | None) -> WorkTerms:
        by_email = self.people.get(email.lower()) if email else None
        return by_email or self.people.get(person_id.lower()) or WorkTerms()

    def record_url(self, record_id: str) -> str | None:
        return f"{self.crm_address.rstrip('/')}/{record_id}" if self.crm_address else None

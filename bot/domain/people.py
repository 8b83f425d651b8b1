"""The people who are coached, and the teams and roles they stand in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.ids import RepId, RoleKey, TeamId
from bot.domain.light import light

#: The role of those who lead a team.
MANAGERS = RoleKey("manager")


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Discipline by segment, for example AE / mid-market; has one SuccessModel."""

    key: RoleKey
    discipline: str
    segment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTerms:
    """What app.yaml says of one person beyond the CRM; None leaves it to the CRM."""

    #: The days of the week they work, 0 for Monday.
    works: frozenset[int] | None = None
    #: Part time that is spread over those days, such as 0.6 for three days' worth a week.
    share: float = 1.0
    #: Whose public holidays and weekends they have.
    country: str | None = None
    #: Their first day in the present role.
    started_on: date | None = None
    #: The day from which they have their present accounts.
    territory_since: date | None = None
    #: Where they were hired from, such as a referral.
    source: str | None = None

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"a share of {self.share} does not lie in (0, 1]")


@light(frozen=True, slots=True, kw_only=True)
class Rep:
    """A person who sells and is coached, as the CRM knows them."""

    id: RepId
    name: str
    first_name: str
    email: str
    zone: ZoneInfo
    locale: str
    role: RoleKey
    team: TeamId | None
    is_active: bool
    #: The rep's first day as the CRM knows it, in the rep's zone.
    joined_on: date
    #: The last day at work of a rep who has left.
    left_on: date | None = None
    #: The first day in the present role, whatever the team; None: the day they joined.
    role_since: date | None = None
    #: The day from which they have their present accounts, if that is known.
    territory_since: date | None = None
    #: Spans between two stays, when they were not with us.
    days_away: tuple[tuple[date, date], ...] = ()
    terms: WorkTerms = WorkTerms()

    @property
    def started_on(self) -> date:
        """When the ramp began: what app.yaml says, else the first day in the role."""
        return self.terms.started_on or self.role_since or self.joined_on

    @property
    def own_past_since(self) -> date:
        """Nothing before this day may be held against them: another role, or other accounts."""
        return max(self.started_on, self.territory_since or self.started_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manager:
    """A person who leads a Team and is coached too."""

    id: TeamId
    name: str
    first_name: str
    email: str
    zone: ZoneInfo
    locale: str
    is_active: bool
    #: Whom this manager reports to, if to anybody.
    leader: TeamId | None

    def as_rep(self, terms: WorkTerms) -> Rep:
        """The same person as one who is coached: their days, and what was said to them."""
        return Rep(
            id=RepId(self.id),
            name=self.name,
            first_name=self.first_name,
            email=self.email,
            zone=self.zone,
            locale=self.locale,
            role=MANAGERS,
            team=self.leader,
            is_active=self.is_active,
            joined_on=date.min,
            terms=terms,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Reps with one manager at one time."""

    id: TeamId
    name: str
    manager: Manager
    reps: tuple[Rep, ...]
    #: The days on which anybody belonged to the team, also those who do not now.
    days: Mapping[RepId, tuple[tuple[date, date], ...]] = field(default_factory=dict)
    #: When each of them came to the company.
    joined: Mapping[RepId, date] = field(default_factory=dict)

    def members_on(self, day: date) -> frozenset[RepId]:
        return frozenset(
            rep
            for rep, spans in self.days.items()
            if any(first <= day <= last for first, last in spans)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A rep in a role and a team from one day to another, both ends included."""

    rep: RepId
    role: RoleKey
    team: TeamId | None
    first_day: date
    #: None while it lasts.
    last_day: date | None

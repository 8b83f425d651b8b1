"""All that a rule for managers may look at about one manager on one day."""

from dataclasses import dataclass, field
from datetime import date

from bot.coaching.rep_view import Touch
from bot.domain.ids import RecordId, RepId


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One of the manager's reps, as far as coaching them goes."""

    rep: RepId
    first_name: str
    is_present: bool
    touch: Touch
    #: The day of the last 1:1 on record; None where there is none.
    last_talk_on: date | None
    #: The rep's own working days since then, or since they came to the team.
    working_days_without: int
    #: 1:1s of the weeks looked at.
    talks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePromise:
    """A commitment from a 1:1 that is due and has not been looked at again."""

    first_name: str
    words: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the manager's reps heard from us, by tone."""

    praise: int = 0
    warnings: int = 0
    neutral: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingScorecard:
    """An interview that was held some working days ago and is not scored yet."""

    interview: int
    #: The role's title; a prospect's name is no part of any message.
    role: str
    interviewer: str
    held_on: date
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HiringFacts:
    """None of a number is not known, which is not the same as zero."""

    #: Days since the last interview held while no slot was open.
    days_without_interview: int | None = None
    #: After so many of them a manager is reminded.
    interview_every_days: int = 30
    #: Roles whose bench is below its target: (title, on the bench, target).
    thin: tuple[tuple[str, int, int], ...] = ()
    missing: tuple[MissingScorecard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PayFacts:
    #: The pay plan in force, by its title.
    plan: str
    #: None where it was never audited.
    days_since_audit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedCohort:
    """New hires whose programme is over, and that nobody has looked back on yet."""

    programme: str
    hires: int
    ended_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HireBehind:
    """Somebody on an onboarding programme, and what of it is open the longest."""

    first_name: str
    milestone: str
    working_days: int
    #: Only the manager can say that it is reached.
    is_managers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountCut:
    """A deal whose amount fell in the quarter's last days, while its owner was near their quota."""

    record: RecordId
    name: str
    url: str | None
    first_name: str
    before_cents: int
    after_cents: int
    currency: str
    #: What the owner had won of the quota on that day, 0..1.
    attainment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedApproval:
    """An approval that waits, of a deal that decides whether its owner reaches the quota."""

    record: RecordId
    name: str
    url: str | None
    first_name: str
    asked_on: date
    amount_cents: int
    #: What the owner still lacks to the quota.
    missing_cents: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerView:
    manager: RepId
    first_name: str
    today: date
    locale: str
    is_present: bool = True
    #: How many weeks of 1:1s are looked at.
    weeks: int = 8
    reports: tuple[Report, ...] = ()
    promises: tuple[DuePromise, ...] = ()
    #: In the last three weeks.
    said: Said = field(default_factory=Said)
    #: None while nothing is recorded.
    hiring: HiringFacts | None = None
    pay: PayFacts | None = None
    cohorts: tuple[EndedCohort, ...] = ()
    hires_behind: tuple[HireBehind, ...] = ()
    cuts: tuple[AmountCut, ...] = ()
    approvals: tuple[AskedApproval, ...] = ()

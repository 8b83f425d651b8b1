"""All that a rule may look at about one rep on one day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.coaching.doubts import Doubt
from bot.coaching.leverage import HeldFocus
from bot.domain.gap import Gap
from bot.domain.ids import MetricKey, RecordId, RepId, RoleKey, TeamId
from bot.domain.light import light
from bot.domain.progress import Progress
from bot.domain.week import ALL_DAYS, WEEKEND
from bot.domain.windows import Window


class Touch(StrEnum):
    """How much is said to a rep; see ``bot.coaching.touch``."""

    USUAL = "usual"
    #: Doing well: praise, and deals with real money at stake.
    LIGHT = "light"
    #: Finding their feet: one simple thing at a time.
    SIMPLE = "simple"


@light(frozen=True, slots=True, kw_only=True)
class OpenOpportunity:
    """A deal as it stands on the view's day. Counts of days are the rep's own days."""

    id: RecordId
    name: str
    account: str | None
    #: Where it opens in the CRM; None when the CRM's address is not known.
    url: str | None
    #: Whole hundredths of ``currency``; None when nobody has filled it in.
    amount_cents: int | None
    currency: str
    stage: str
    #: 0 for the first stage, 1 for the last open one.
    stage_progress: float
    closes_on: date
    created_on: date
    days_in_stage: int
    next_step: str | None
    #: The next open task or future meeting on it.
    next_activity_on: date | None
    last_activity_on: date | None
    #: Working days since the last completed activity, or since creation when there was none.
    working_days_untouched: int
    #: Contacts with a role on the deal, and contacts met or talked to within 90 days.
    contact_roles: int
    contacts_engaged: int
    #: How often its close date moved into a later month.
    pushes: int
    #: Set while the rep asked to be left alone about it.
    snoozed_until: date | None = None
    #: Whether its account is a person, of whom there is only one to meet.
    is_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticedChange:
    """A signal of the last weeks: a metric that changed, or stands where it should not."""

    metric: MetricKey
    title: str
    #: sudden · drift · level · improvement · trust
    kind: str
    #: up · down: which way the number went, good or bad.
    direction: str
    #: noted · soft · escalate
    tier: str
    #: The Monday of the week that showed it.
    week: date
    #: Facts over ``weeks`` weeks, and what was to be expected of them.
    observed: float
    expected: float
    weeks: int
    #: The days that the facts lie in.
    window: Window
    #: The trials of a share, of which ``observed`` and ``expected`` are the successes; None for
    #: what is counted.
    trials: float | None = None
    #: How wide the role's target range is, in the metric's unit; None where there is none.
    range_width: float | None = None
    #: Whether ``expected`` is the edge of the target range rather than the rep's own past.
    is_against_range: bool = False
    #: Probability that it is no chance.
    posterior: float = 0.0
    #: The playbook's prior for what the metric is worth, a share of the won amount.
    leverage: float = 0.0
    play: str = ""
    #: For doubts about records: the title of what should have followed.
    leads_to: str = ""
    #: What followed, and what would have at the rep's own rate.
    yielded: float = 0.0
    yield_expected: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleNorms:
    """What is usual in the role, so that "big" and "late" mean something."""

    #: Amount at the middle and at the upper quarter of the role's open deals, in hundredths.
    amount_median_cents: int = 0
    amount_upper_quarter_cents: int = 0
    #: Days in stage under which four of five won deals stayed, by stage.
    days_in_stage_p80: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A commitment from a 1:1 that is due about now and still open."""

    id: int
    words: str
    due_on: date
    promised_on: date


@light(frozen=True, slots=True, kw_only=True)
class RepView:
    rep: RepId
    first_name: str
    role: RoleKey
    team: TeamId | None
    today: date
    locale: str
    #: Gaps of the metrics in the role's success model.
    gaps: Mapping[MetricKey, Gap] = field(default_factory=dict)
    #: The same gaps one window earlier, to tell improvement.
    gaps_before: Mapping[MetricKey, Gap] = field(default_factory=dict)
    opportunities: tuple[OpenOpportunity, ...] = ()
    norms: RoleNorms = RoleNorms()
    #: Activities completed on each of the last 10 working days the rep was present, newest first.
    activities_by_working_day: tuple[int, ...] = ()
    #: The days of the week on which the rep works, 0 for Monday.
    works: frozenset[int] = ALL_DAYS - WEEKEND
    is_present: bool = True
    working_days_since_joining: int = 9999
    #: What the rep was last asked to keep an eye on.
    focus: HeldFocus | None = None
    touch: Touch = Touch.USUAL
    plays: Mapping[MetricKey, str] = field(default_factory=dict)
    changes: tuple[NoticedChange, ...] = ()
    #: Records of the rep's that praise may not rest on.
    doubts: tuple[Doubt, ...] = ()
    #: Most of the team logged nothing on the rep's last working days: a cause they share.
    is_team_quiet: bool = False
    #: How far a new hire has come in their programme; None for who is on none.
    progress: Progress | None = None
    promises: tuple[Promise, ...] = ()
    #: What several rules ask for is worked out of a view once.
    worked_out: dict[str, object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

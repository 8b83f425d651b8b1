"""The roles of the organisation and the pace at which each of them usually works."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    SDR = "sdr_outbound"
    SMB = "smb_ae"
    MID_MARKET = "mid_market_ae"
    ENTERPRISE = "enterprise_ae"
    MANAGER = "manager"
    LEADER = "sales_leader"
    OPERATIONS = "revenue_operations"


TITLES = {
    Role.SDR: "Sales Development Representative",
    Role.SMB: "Account Executive, SMB",
    Role.MID_MARKET: "Account Executive, Mid-Market",
    Role.ENTERPRISE: "Account Executive, Enterprise",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What an account executive of a role does in an ordinary week, and how its deals run."""

    prospecting_a_week: float
    deal_touches_a_week: float
    meetings_a_week: float
    new_deals_a_week: float
    median_amount: float
    #: Median days in, and odds of leaving forwards, each open stage from the first on.
    stage_days: tuple[float, ...]
    stage_odds: tuple[float, ...]
    accounts: int
    contacts_an_account: int
    #: Fewest and most people who take part in a deal that goes all the way.
    stakeholders: tuple[int, int]
    quarterly_quota: int
    #: Share of the deals that a sales development rep brought.
    from_sdr: float


PACES = {
    Role.SMB: Pace(
        prospecting_a_week=11.0,
        deal_touches_a_week=6.5,
        meetings_a_week=4.6,
        new_deals_a_week=1.4,
        median_amount=13_500,
        stage_days=(4, 7, 8, 6, 4),
        stage_odds=(0.80, 0.75, 0.71, 0.72, 0.80),
        accounts=34,
        contacts_an_account=2,
        stakeholders=(1, 3),
        quarterly_quota=50_000,
        from_sdr=0.40,
    ),
    Role.MID_MARKET: Pace(
        prospecting_a_week=6.5,
        deal_touches_a_week=7.0,
        meetings_a_week=4.2,
        new_deals_a_week=0.76,
        median_amount=42_000,
        stage_days=(8, 12, 16, 12, 9),
        stage_odds=(0.80, 0.75, 0.72, 0.72, 0.78),
        accounts=26,
        contacts_an_account=3,
        stakeholders=(2, 4),
        quarterly_quota=100_000,
        from_sdr=0.40,
    ),
    Role.ENTERPRISE: Pace(
        prospecting_a_week=4.5,
        deal_touches_a_week=7.0,
        meetings_a_week=3.8,
        new_deals_a_week=0.44,
        median_amount=135_000,
        stage_days=(15, 24, 34, 24, 18),
        stage_odds=(0.80, 0.75, 0.75, 0.72, 0.76),
        accounts=15,
        contacts_an_account=4,
        stakeholders=(3, 6),
        quarterly_quota=210_000,
        from_sdr=0.30,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SdrPace:
    touches_a_day: float
    new_leads_a_week: float
    #: First meetings that lead to nothing; those that become deals come on top.
    fruitless_meetings_a_week: float
    share_of_calls: float
    #: Touches after which a silent lead is given up.
    patience: tuple[int, int]


SDR_PACE = SdrPace(
    touches_a_day=11.0,
    new_leads_a_week=5.5,
    fruitless_meetings_a_week=1.6,
    share_of_calls=0.68,
    patience=(7, 13),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    name: str
    probability: int
    #: As the API has it; ``category_name`` is what people read.
    category: str
    category_name: str
    is_closed: bool = False
    is_won: bool = False


STAGES = (
    Stage(name="Qualification", probability=10, category="Pipeline", category_name="Pipeline"),
    Stage(name="Discovery", probability=25, category="Pipeline", category_name="Pipeline"),
    Stage(name="Evaluation", probability=40, category="BestCase", category_name="Best Case"),
    Stage(name="Proposal", probability=60, category="BestCase", category_name="Best Case"),
    Stage(name="Negotiation", probability=80, category="Forecast", category_name="Commit"),
    Stage(
        name="Closed Won",
        probability=100,
        category="Closed",
        category_name="Closed",
        is_closed=True,
        is_won=True,
    ),
    Stage(
        name="Closed Lost",
        probability=0,
        category="Omitted",
        category_name="Omitted",
        is_closed=True,
    ),
)
QUALIFICATION, DISCOVERY, EVALUATION, PROPOSAL, NEGOTIATION, WON, LOST = range(len(STAGES))

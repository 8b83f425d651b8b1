"""Who works here: a fixed cast, so that guides and tests can speak of Kim, Sam and Maria.

What they do is drawn from the seed; who they are is not.
"""

from dataclasses import dataclass

from integrations.sandbox.org.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    zone: str
    country: str
    subdivision: str | None
    locale: str


NEW_YORK = Place(zone="America/New_York", country="US", subdivision=None, locale="en_US")
CHICAGO = Place(zone="America/Chicago", country="US", subdivision=None, locale="en_US")
LOS_ANGELES = Place(zone="America/Los_Angeles", country="US", subdivision=None, locale="en_US")
LONDON = Place(zone="Europe/London", country="GB", subdivision="ENG", locale="en_GB")
BERLIN = Place(zone="Europe/Berlin", country="DE", subdivision="BE", locale="de_DE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    key: str
    name: str
    role: Role
    manager: str
    #: Weeks from one 1:1 to the next; None where the manager holds none.
    one_on_one_weeks: int | None


TEAMS = (
    Team(key="sdr", name="SDR", role=Role.SDR, manager="Daniel O'Brien", one_on_one_weeks=1),
    Team(key="smb", name="SMB", role=Role.SMB, manager="Maria Santos", one_on_one_weeks=1),
    Team(
        key="mid-market",
        name="Mid-Market",
        role=Role.MID_MARKET,
        manager="Priya Raman",
        one_on_one_weeks=2,
    ),
    Team(
        key="enterprise",
        name="Enterprise",
        role=Role.ENTERPRISE,
        manager="Victor Lindqvist",
        one_on_one_weeks=None,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    name: str
    #: Key of the team; empty for those above the teams.
    team: str
    place: Place
    hired_days_ago: int
    role: Role | None = None
    title: str = ""
    #: In place of ``hired_days_ago``: today is this working day of theirs.
    working_day: int | None = None


def _rep(name: str, team: str, place: Place, hired_days_ago: int) -> Seat:
    return Seat(name=name, team=team, place=place, hired_days_ago=hired_days_ago)


LEADER = "Helena Okafor"
OPERATIONS = "Ruth Feldmann"

SEATS = (
    Seat(
        name=LEADER,
        team="",
        place=NEW_YORK,
        hired_days_ago=2600,
        role=Role.LEADER,
        title="VP Sales",
    ),
    Seat(
        name=OPERATIONS,
        team="",
        place=CHICAGO,
        hired_days_ago=2580,
        role=Role.OPERATIONS,
        title="Revenue Operations Manager",
    ),
    Seat(
        name="Daniel O'Brien",
        team="sdr",
        place=CHICAGO,
        hired_days_ago=2100,
        role=Role.MANAGER,
        title="Manager, Sales Development",
    ),
    Seat(
        name="Maria Santos",
        team="smb",
        place=NEW_YORK,
        hired_days_ago=2240,
        role=Role.MANAGER,
        title="Sales Manager, SMB",
    ),
    Seat(
        name="Priya Raman",
        team="mid-market",
        place=NEW_YORK,
        hired_days_ago=1990,
        role=Role.MANAGER,
        title="Sales Manager, Mid-Market",
    ),
    Seat(
        name="Victor Lindqvist",
        team="enterprise",
        place=LONDON,
        hired_days_ago=2320,
        role=Role.MANAGER,
        title="Sales Manager, Enterprise",
    ),
    _rep("Sam Adeyemi", "sdr", NEW_YORK, 812),
    _rep("Connor Walsh", "sdr", CHICAGO, 640),
    _rep("Hannah Schäfer", "sdr", BERLIN, 905),
    _rep("Tyler Nguyen", "sdr", LOS_ANGELES, 720),
    _rep("Inès Ferreira", "sdr", LONDON, 1010),
    _rep("Kofi Mensah", "sdr", NEW_YORK, 770),
    _rep("Kim Larsen", "smb", NEW_YORK, 1130),
    _rep("Aisha Rahman", "smb", LONDON, 960),
    _rep("Yuki Tanaka", "smb", LOS_ANGELES, 122),
    _rep("Diego Fuentes", "smb", CHICAGO, 107),
    _rep("Grace O'Connor", "smb", NEW_YORK, 1410),
    _rep("Marcus Bell", "smb", CHICAGO, 880),
    _rep("Zoë Krüger", "smb", BERLIN, 1240),
    _rep("Ben Goldberg", "smb", NEW_YORK, 990),
    _rep("Elena Popescu", "mid-market", BERLIN, 1520),
    _rep("Rosa Delgado", "mid-market", LOS_ANGELES, 1085),
    _rep("Noah Feldman", "mid-market", NEW_YORK, 1300),
    _rep("Chloé Dubois", "mid-market", LONDON, 1165),
    _rep("Patrick Sullivan", "mid-market", CHICAGO, 1450),
    _rep("Amara Nwosu", "mid-market", LONDON, 930),
    _rep("Jonas Bergström", "mid-market", BERLIN, 1375),
    _rep("Lukas Brandt", "mid-market", BERLIN, 1190),
    _rep("Stefan Müller", "enterprise", BERLIN, 1710),
    _rep("Olivia Hart", "enterprise", NEW_YORK, 1330),
    _rep("Fatima El-Sayed", "enterprise", LONDON, 1600),
    _rep("Wei Zhang", "enterprise", LOS_ANGELES, 1255),
    _rep("Andrew MacLeod", "enterprise", CHICAGO, 1820),
    _rep("Nadia Haddad", "enterprise", NEW_YORK, 1480),
    _rep("Tomás Rivera", "enterprise", LOS_ANGELES, 1115),
    # Six working days behind on the first discovery call, and on track.
    Seat(name="Lena Fischer", team="smb", place=NEW_YORK, hired_days_ago=0, working_day=28),
    Seat(name="Omar Reyes", team="smb", place=CHICAGO, hired_days_ago=0, working_day=17),
)

#: Small-business reps of last year's fixed terms, and how many days before today they began; what
#: came of them is in ``associates``.
ASSOCIATES = (
    ("Abel Ortiz", 448),
    ("Bianca Rossi", 441),
    ("Cyrus Nadir", 434),
    ("Dalia Stern", 420),
    ("Emil Novak", 413),
    ("Farah Aziz", 406),
    ("Gil Peretz", 350),
    ("Hana Sato", 343),
    ("Ivan Petrov", 336),
    ("Jana Berg", 329),
    ("Kei Mori", 322),
    ("Lior Katz", 315),
)

#: In the Slack workspace, yet without a Salesforce login.
ONLY_IN_SLACK = Seat(
    name="Owen Blake",
    team="",
    place=NEW_YORK,
    hired_days_ago=400,
    title="Executive Assistant",
)
COMPANY = "Brightwater Systems"
DOMAIN = "brightwater.example"
#: The day before which the organisation did not exist, counted back from today.
FOUNDED_DAYS_AGO = 2700

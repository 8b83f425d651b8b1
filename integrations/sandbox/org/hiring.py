"""How everybody came here, and who may come next, as an applicant system would export it.

Planted: those who were referred have their first deal sooner; coachability goes with it; one
interviewer sees it coming, and one gives less than the others to everybody.
"""

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from integrations.sandbox.org import names
from integrations.sandbox.org.people import Person
from integrations.sandbox.org.roles import Role
from integrations.sandbox.org.scene import Scene

FRIDAY = 4
PROSPECTS, SCORES = "prospects.csv", "interview_scores.csv"
#: As the applicant system has them.
JOBS = {
    Role.SDR: "sdr_outbound",
    Role.SMB: "smb_ae",
    Role.MID_MARKET: "mid_market_ae",
    Role.ENTERPRISE: "enterprise_ae",
}
CRITERIA = {
    Role.SDR: ("coachability", "curiosity", "resilience", "drive", "writing"),
    Role.SMB: ("coachability", "curiosity", "discovery", "drive", "process"),
    Role.MID_MARKET: ("coachability", "curiosity", "discovery", "deal_management", "drive"),
    Role.ENTERPRISE: ("coachability", "discovery", "deal_management", "many_people", "curiosity"),
}
FAST_SOURCE = "referral"
#: Whose hires have their first deal in so many days, half of them.
USUAL_DAYS, FAST_DAYS = 124, 52
SOURCES = (FAST_SOURCE, "job_board", "agency", FAST_SOURCE, "job_board", "own_search")
SEES_IT, SEVERE = "Priya Raman", "Daniel O'Brien"
OTHERS = ("Maria Santos", "Victor Lindqvist", SEVERE, "Grace O'Connor", "Elena Popescu")
#: What the story's hires came by.
TOLD_SOURCES = {"Yuki Tanaka": FAST_SOURCE, "Diego Fuentes": "job_board"}
#: How last year's fixed terms came, in the roster's order; they were not scored.
ASSOCIATES_SOURCES = (
    "job_board", "job_board", FAST_SOURCE, "own_search", "job_board", FAST_SOURCE,
    FAST_SOURCE, "own_search", FAST_SOURCE, "job_board", FAST_SOURCE, "job_board",
)  # fmt: skip
#: The CRM's records do not go back to the first day of anybody hired earlier.
RECORDS_DAYS = 400
TURNED_DOWN = 26
#: Name, job, source, referrer, state, days since the last talk, interviewers with a score, and
#: interviewers whose scorecard is missing.
BENCH = (
    ("Noor Haddad-Lindt", Role.SMB, "referral", "Kim Larsen", "bench", 6,
     ("Maria Santos", "Grace O'Connor"), ()),
    ("Theo Papadakis", Role.SMB, "event", "", "active", 5, ("Grace O'Connor",),
     ("Kim Larsen", "Maria Santos")),
    ("Priscilla Oyelaran", Role.MID_MARKET, "referral", "Elena Popescu", "bench", 47,
     (SEES_IT,), ()),
    ("Jun'ichi Mori", Role.MID_MARKET, "own_search", "", "bench", 12, ("Elena Popescu",),
     (SEES_IT,)),
    ("Saoirse Ní Bhriain", Role.SDR, "job_board", "", "bench", 9, (), ("Sam Adeyemi",)),
    ("Mateus Álvares", Role.SDR, "referral", "Sam Adeyemi", "bench", 15, (SEVERE,), ()),
    ("Ilse van den Berg", Role.ENTERPRISE, "agency", "", "bench", 71, (), ()),
)  # fmt: skip
NOTES = ("Asked twice what was meant, then did it.", "Knew the numbers by heart.", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    prospects: Sequence[Mapping[str, str]]
    scores: Sequence[Mapping[str, str]]


def write_hiring(scene: Scene, folder: Path) -> None:
    made = export(scene)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in ((PROSPECTS, made.prospects), (SCORES, made.scores)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def export(scene: Scene) -> Export:
    """Everybody who was hired, those who were not, and the bench of today."""
    rng = scene.stream("recruiting")
    prospects: list[Mapping[str, str]] = []
    scores: list[Mapping[str, str]] = []
    for number, person in enumerate(scene.cast.reps):
        strength = rng.gauss(0, 1)
        row = _hired(scene, rng, person, number, strength)
        met_on = _at_work(person.hired - timedelta(days=30))
        prospects.append(row)
        scores += _panel(scene, rng, row, strength + 0.3, met_on, (SEES_IT, *rng.sample(OTHERS, 2)))
    prospects += _associates(scene)
    for number in range(TURNED_DOWN):
        role = list(JOBS)[number % len(JOBS)]
        on = _at_work(scene.today - timedelta(days=rng.randint(40, 330)))
        row = _prospect(
            f"C{900 + number}",
            " ".join(names.person_name(rng)),
            role,
            source=rng.choice(SOURCES),
            state=rng.choice(("rejected", "rejected", "declined")),
            touched=on,
        )
        prospects.append(row)
        scores += _panel(scene, rng, row, rng.gauss(-0.6, 1), on, rng.sample((SEES_IT, *OTHERS), 2))
    for number, told in enumerate(BENCH):
        row, given = _bench(scene, rng, number, told)
        prospects.append(row)
        scores += given
    return Export(prospects=prospects, scores=scores)


def _at_work(day: date) -> date:
    """The day, or the Friday before it: nobody is met on a weekend."""
    return day - timedelta(days=max(0, day.weekday() - FRIDAY))


def _hired(
    scene: Scene, rng: Random, person: Person, number: int, strength: float
) -> Mapping[str, str]:
    source = TOLD_SOURCES.get(person.name, SOURCES[number % len(SOURCES)])
    usual = FAST_DAYS if source == FAST_SOURCE else USUAL_DAYS
    days = round(math.exp(math.log(usual) - 0.5 * strength + rng.gauss(0, 0.15)))
    is_old = (scene.today - person.hired).days > RECORDS_DAYS
    return _prospect(
        f"C{100 + number}",
        person.name,
        person.seatings[0].team.role,
        source=source,
        state="hired",
        touched=person.hired,
        hired_as=person.email,
        hired_on=person.hired.isoformat(),
        first_deal_on=(person.hired + timedelta(days=days)).isoformat() if is_old else "",
    )


def _associates(scene: Scene) -> Iterator[Mapping[str, str]]:
    """When they had their first deal is in the CRM."""
    told = zip(scene.cast.associates, ASSOCIATES_SOURCES, strict=True)
    for number, (person, source) in enumerate(told):
        yield _prospect(
            f"C{200 + number}",
            person.name,
            Role.SMB,
            source=source,
            state="hired",
            touched=person.hired,
            hired_as=person.email,
            hired_on=person.hired.isoformat(),
        )


def _prospect(
    number: str, name: str, role: Role, *, source: str, state: str, touched: date, **told: str
) -> Mapping[str, str]:
    empty = {"referrer": "", "hired_as": "", "hired_on": "", "first_deal_on": ""}
    return {
        "id": number,
        "name": name,
        "role": JOBS[role],
        "source": source,
        "state": state,
        "added_on": (touched - timedelta(days=20)).isoformat(),
        "last_touch_on": touched.isoformat(),
        **empty,
        **told,
    }


def _bench(
    scene: Scene, rng: Random, number: int, told: tuple[object, ...]
) -> tuple[Mapping[str, str], list[Mapping[str, str]]]:
    name, role, source, referrer, state, days, scored, missing = told
    if not isinstance(role, Role) or not isinstance(days, int):
        raise TypeError("a line of the bench names a role and days")
    touched = _at_work(scene.today - timedelta(days=days))
    row = _prospect(
        f"C{990 + number}",
        str(name),
        role,
        source=str(source),
        state=str(state),
        touched=touched,
        referrer=str(referrer),
    )
    given = list(_panel(scene, rng, row, 0.8, touched, list(map(str, _listed(scored)))))
    given += [_line(scene, row, str(who), touched, "", "", "") for who in _listed(missing)]
    return row, given


def _listed(told: object) -> Sequence[object]:
    return told if isinstance(told, tuple) else ()


def _panel(
    scene: Scene,
    rng: Random,
    row: Mapping[str, str],
    strength: float,
    on: date,
    interviewers: Sequence[str],
) -> Iterator[Mapping[str, str]]:
    role = next(role for role, job in JOBS.items() if job == row["role"])
    for who in interviewers:
        for criterion in CRITERIA[role]:
            seen = 0.9 if who == SEES_IT else (0.7 if criterion == "coachability" else 0.1)
            luck = rng.gauss(0, 0.35 if who == SEES_IT else 0.8)
            habit = -1.1 if who == SEVERE else 0.0
            mark = min(5, max(1, round(3.1 + seen * strength + luck + habit)))
            note = rng.choice(NOTES) if criterion == "coachability" else ""
            yield _line(scene, row, who, on, criterion, str(mark), note)


def _line(
    scene: Scene, row: Mapping[str, str], who: str, on: date, criterion: str, mark: str, note: str
) -> Mapping[str, str]:
    return {
        "prospect": row["id"],
        "interviewer": scene.cast[who].email,
        "held_on": on.isoformat(),
        "competency": criterion,
        "score": mark,
        "evidence": note,
    }

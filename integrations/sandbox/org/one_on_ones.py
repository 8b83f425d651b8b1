"""What managers noted of their 1:1s before there was a bot, in a table of their own.

Maria ends most of hers in something measurable, which is kept more often than not; Priya notes
some; Victor holds none and has nothing to note.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from integrations.sandbox.org.generator import Org
from integrations.sandbox.org.people import Person
from integrations.sandbox.org.replay import replay
from integrations.sandbox.org.roster import TEAMS

FILE = "one_on_ones.csv"
COLUMNS = ("manager", "rep", "held_on", "notes", "commitment", "metric", "due_on", "outcome")
SUBJECT = "1:1 with "
#: How far back the table goes.
KEPT = timedelta(days=150)
#: The share of 1:1s that somebody notes.
NOTES = {"Maria Santos": 0.8, "Priya Raman": 0.5, "Daniel O'Brien": 0.3}
#: Of those that are noted, how many end in a commitment.
PROMISES = 0.75
LEADING = (
    ("Five meetings with people we have not met yet", "meetings_held"),
    ("A dated next step on every open deal", "next_step_hygiene"),
    ("Ten more calls than last week", "calls_completed"),
    ("A second contact in the two largest deals", "contacts_per_deal"),
    ("Three new deals from the account list", "opportunities_created"),
)
LAGGING = ("Bring in the deal that is due first", "won_amount")
LAGGING_SHARE = 0.15
OUTCOMES = ("kept",) * 13 + ("not_kept",) * 5 + ("dropped",) * 2
TALKED = ("Went through the week and the three largest deals.", "What makes discovery hard.", "")


def write_one_on_ones(org: Org, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(noted(org))


def noted(org: Org) -> Iterator[Mapping[str, str]]:
    """In the order of the days; of talks that were in the calendar and took place."""
    scene = org.truth.scene
    now = datetime.combine(scene.today, datetime.min.time(), tzinfo=UTC)
    people = {person.id: person for person in scene.cast.everyone.values()}
    reps = {person.name: person for person in scene.cast.reps}
    weeks = {scene.cast.manager_of(team).id: team.one_on_one_weeks or 1 for team in TEAMS}
    for starts_at, owner, subject in _held(org, since=now - KEPT, until=now):
        manager, rep = people[owner], reps.get(subject.removeprefix(SUBJECT))
        if rep is None:
            continue
        day = scene.calendar(manager).local_day(starts_at)
        rng = scene.stream("noted", manager.handle, rep.handle, day.isoformat())
        if rng.random() < NOTES.get(manager.name, 0):
            due_on = day + timedelta(weeks=weeks[manager.id])
            yield _line(rng, manager, rep, day, due_on, today=scene.today)


def _held(org: Org, *, since: datetime, until: datetime) -> list[tuple[datetime, str, str]]:
    """When, by whom and under what name, by day."""
    found = []
    for event in replay(org.changes, until)["Event"].values():
        starts_at, subject = event["StartDateTime"], str(event["Subject"])
        is_one = subject.startswith(SUBJECT) and not event["IsDeleted"]
        if is_one and isinstance(starts_at, datetime) and since < starts_at < until:
            found.append((starts_at, str(event["OwnerId"]), subject))
    return sorted(found)


def _line(
    rng: Random, manager: Person, rep: Person, day: date, due_on: date, *, today: date
) -> Mapping[str, str]:
    line = dict.fromkeys(COLUMNS, "") | {
        "manager": manager.email,
        "rep": rep.email,
        "held_on": day.isoformat(),
        "notes": rng.choice(TALKED),
    }
    if rng.random() < PROMISES:
        words, metric = LAGGING if rng.random() < LAGGING_SHARE else rng.choice(LEADING)
        outcome = rng.choice(OUTCOMES) if due_on < today else "open"
        line |= {
            "commitment": words,
            "metric": metric,
            "due_on": due_on.isoformat(),
            "outcome": outcome,
        }
    elif not line["notes"]:
        line["notes"] = TALKED[0]
    return line

"""What is planted about onboarding is in the records, whatever the seed and the day."""

from collections.abc import Mapping
from datetime import date, timedelta
from statistics import median
from typing import Any

from integrations.sandbox.org.workdays import holidays_of


def test_the_new_hire_who_is_behind_has_met_nobody_on_the_28th_working_day(
    records: dict[str, Any], truth: dict[str, Any], today: date
) -> None:
    behind = truth["onboarding"]["behind"]
    [person] = [each for each in truth["people"] if each["id"] == behind["person_id"]]
    hired = date.fromisoformat(person["hired"])
    free = holidays_of("US", None, range(hired.year, today.year + 1))
    days = (hired + timedelta(days=n) for n in range((today - hired).days + 1))
    worked = sum(day.weekday() < 5 and day not in free for day in days)
    # On a weekend the next working day is the one meant.
    assert worked + (today.weekday() > 4) == 28
    met = [
        row
        for row in records["Event"].values()
        if row["OwnerId"] == person["id"] and (row["WhoId"] or row["WhatId"])
    ]
    assert met == []


def test_whoever_began_with_the_second_version_won_sooner(
    records: dict[str, Any], truth: dict[str, Any]
) -> None:
    changed = truth["onboarding"]["second_version_from"]
    waits: Mapping[bool, list[int]] = {True: [], False: []}
    for person in truth["people"]:
        if person["role"] == "smb_ae" and person["left"]:
            won = [
                row["CloseDate"]
                for row in records["Opportunity"].values()
                if row["OwnerId"] == person["id"] and row["IsWon"]
            ]
            if won:
                wait = (min(won) - date.fromisoformat(person["hired"])).days
                waits[person["hired"] >= changed].append(wait)
    assert [len(waits[is_new]) for is_new in (True, False)] == [6, 4]
    assert median(waits[True]) < 0.8 * median(waits[False])

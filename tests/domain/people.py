"""Reps for tests of calendars."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.ids import RepId, RoleKey, TeamId
from bot.domain.people import Rep, WorkTerms

KIM = Rep(
    id=RepId("kim"),
    name="Kim Berg",
    first_name="Kim",
    email="kim@acme.example",
    zone=ZoneInfo("Europe/Berlin"),
    locale="en_GB",
    role=RoleKey("smb_ae"),
    team=TeamId("maria"),
    is_active=True,
    joined_on=date(2020, 1, 1),
)


def kim_who(**terms: Any) -> Rep:
    return replace(KIM, terms=WorkTerms(**terms))

"""Wins against wins and losses to competitors, where the organisation keeps why it lost."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.choices import Choices
from bot.domain.ids import MetricKey, RepId
from bot.domain.windows import Window
from bot.flows.roll_up import roll_up
from bot.storage.availability import unavailable_metrics
from bot.storage.database import reading
from bot.storage.readings import read
from tests.mirrored import KIM, ORGANISATION, Mirror, berlin, metrics

MONDAY = date(2026, 3, 9)
NOW = berlin(MONDAY + timedelta(days=30))
KEY = MetricKey("narrow_win_rate")
REASONS = ("Lost to Competitor", "COMPETITION", "No decision", "100% in house", None)


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    mirror = Mirror(database)
    close(mirror, "Closed Won", "Beat a competitor")
    for reason in REASONS:
        close(mirror, "Closed Lost", reason)
    return mirror


def close(mirror: Mirror, stage: str, reason: str | None) -> str:
    deal = mirror.deal(berlin(MONDAY), loss_reason=None)
    closed_at = berlin(MONDAY + timedelta(days=9))
    mirror.change(deal, closed_at, stage_name=stage, close_on=closed_at.date(), loss_reason=reason)
    return deal


def told(mirror: Mirror, choices: Choices) -> float | None:
    definition = metrics()[KEY].under(choices)
    organisation = replace(ORGANISATION, choices=choices)
    roll_up(mirror.database, metrics={KEY: definition}, organisation=organisation, now=NOW)
    window = Window(first=MONDAY, last=NOW.date(), label="then")
    with reading(mirror.database) as session:
        return read(session, definition, reps=[RepId(KIM)], window=window, as_of=NOW)[
            RepId(KIM)
        ].value


def test_which_losses_count_is_a_choice(mirror: Mirror) -> None:
    assert told(mirror, Choices()) == pytest.approx(1 / 3)
    assert told(mirror, Choices(competitive_losses=("no decision",))) == 0.5
    assert told(mirror, Choices(competitive_losses=("0%",))) == 0.5
    assert told(mirror, Choices(competitive_losses=())) == 1


def test_a_loss_that_is_explained_later_counts_from_then(mirror: Mirror) -> None:
    deal = close(mirror, "Closed Lost", None)
    assert told(mirror, Choices()) == pytest.approx(1 / 3)
    mirror.change(deal, NOW, with_history=False, loss_reason="Competitor")
    assert told(mirror, Choices()) == 0.25


def test_without_a_field_for_it_there_is_no_such_number(mirror: Mirror) -> None:
    missing = []
    for mapped in ((), ("loss_reason",)):
        mirror.pulled(as_of=NOW, mapped=mapped)
        with reading(mirror.database) as session:
            missing.append(unavailable_metrics(session, [metrics()[KEY]]))
    assert missing == [{KEY: "opportunity.loss_reason"}, {}]

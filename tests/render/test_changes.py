"""A change reads the same in a nudge as elsewhere, but for the reader's days and digits."""

from dataclasses import replace

import pytest

from bot.coaching.changes import proposal_about, told
from bot.coaching.example import CALLS_FELL, KIM, LATE_FELL, LATE_ROSE, MEETINGS_ROSE
from bot.coaching.rep_view import NoticedChange
from bot.domain.nudge import Tone
from bot.render.environment import Renderer
from bot.render.filters import span

BELOW = replace(CALLS_FELL, is_against_range=True, kind="level")
CHANGES = [
    CALLS_FELL,
    LATE_ROSE,
    LATE_FELL,
    MEETINGS_ROSE,
    replace(CALLS_FELL, observed=1300, expected=41000, weeks=1),
    replace(LATE_ROSE, trials=0),
    BELOW,
    replace(BELOW, direction="up"),
    replace(BELOW, kind="improvement", direction="up"),
    replace(LATE_ROSE, is_against_range=True, kind="level"),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("template", ["change_noticed", "improvement"])
def test_the_nudge_says_what_is_said_elsewhere(change: NoticedChange, template: str) -> None:
    proposal = proposal_about(KIM, change, rule=template, tone=Tone.NEUTRAL)
    view = {**proposal.view, "nudge": "17"}
    said = Renderer().render(f"nudges/{template}.j2", view).text
    days = " ".join(span(change.window.first, change.window.last).split())
    assert told(change).replace(change.window.in_words, days) in said


def test_digits_and_days_are_the_readers() -> None:
    change = replace(LATE_ROSE, observed=1234, trials=9876, expected=500)
    proposal = proposal_about(KIM, change, rule="change_noticed", tone=Tone.WARNING)
    view = {**proposal.view, "nudge": "17", "locale": "de_DE"}
    said = Renderer().render("nudges/change_noticed.j2", view).text
    assert "12 % (1.234 of 9.876) in 2 weeks (16. Feb. \N{EN DASH} 1. März)" in said

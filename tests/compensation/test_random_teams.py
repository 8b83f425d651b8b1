"""How often each check finds something where nothing is wrong but chance."""

from collections import Counter
from dataclasses import replace

from bot.compensation.check import audit, load_checks
from tests.compensation.random_teams import sound_teams
from tests.compensation.sound_plan import SOUND

TEAMS = 100
MOST = 0.05 * TEAMS


def test_a_sound_team_is_seldom_told_that_something_is_wrong() -> None:
    checks = load_checks()
    found: Counter[str] = Counter()
    silent: Counter[str] = Counter()
    for team in sound_teams(TEAMS, seed=5):
        for each in audit(team, checks, {}):
            found[each.check.id] += bool(each.findings)
            silent[each.check.id] += bool(each.not_measurable)
    assert {check: count for check, count in found.items() if count > MOST} == {}
    # Nothing is won by silence: all but one are measured in nearly every team.
    assert {check for check, count in silent.items() if count > TEAMS / 4} == {"C16"}


def test_a_period_of_which_nothing_is_known_is_no_period_without_pay() -> None:
    hidden = [
        replace(each, paid=each.paid * 0, attained=dict.fromkeys(each.attained))
        if each.number == 0
        else each
        for each in SOUND.periods
    ]
    outcome = {
        each.check.id: each for each in audit(replace(SOUND, periods=hidden), load_checks(), {})
    }
    assert outcome["C09"].is_sound
    assert outcome["C12"].is_sound

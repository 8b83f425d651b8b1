"""How much a replay said, added up by calendar week, person and kind."""

from collections import Counter
from datetime import date

from bot.flows.replay import ReplayLine
from bot.flows.replay_volume import measure_volume

SUNDAY, MONDAY = date(2026, 3, 8), date(2026, 3, 9)


def line(day: date, to: str, rule: str, verdict: str, *, kind: str = "nudge") -> ReplayLine:
    return ReplayLine(
        kind=kind,
        day=day,
        to=to,
        about=to,
        rule=rule,
        metric=None,
        valence="neutral",
        verdict=verdict,
        reason="enough was said today" if verdict == "hold" else None,
        text=None,
    )


def test_weeks_begin_on_mondays_deferred_ones_are_said_and_digests_and_signals_stand_apart() -> (
    None
):
    lines = [
        line(SUNDAY, "kim", "quiet_week", "send"),
        line(MONDAY, "kim", "quiet_week", "defer"),
        line(MONDAY, "kim", "no_next_step", "hold"),
        line(MONDAY, "lee", "no_next_step", "hold"),
        line(MONDAY, "maria", "hire_behind", "send", kind="manager_nudge"),
        line(MONDAY, "maria", "digests_manager", "send", kind="digest"),
        line(MONDAY, "kim", "signal_change", "send", kind="signal"),
    ]
    found = measure_volume(lines, first=date(2026, 3, 4), last=MONDAY)
    assert found.weeks == [date(2026, 3, 2), MONDAY]
    assert [(each.person, each.weeks, each.held) for each in found.people] == [
        ("kim", [1, 1], 1),
        ("maria", [0, 1], 0),
        ("lee", [0, 0], 1),
    ]
    assert [(each.rule, each.said, each.people, each.held) for each in found.rules] == [
        ("quiet_week", 2, 1, Counter()),
        ("hire_behind", 1, 1, Counter()),
        ("no_next_step", 0, 0, Counter({"enough was said today": 2})),
    ]
    assert found.digests == 1

"""Praise goes out for what a person would call an improvement, not for whatever is sure."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.coaching.rule import load_rules
from bot.flows.coach import coach
from bot.storage.evidence import SignalRow
from tests.coached_team import KIM, MONDAY, coached_team

PRAISE = "improvement"


@pytest.mark.parametrize(
    ("usual", "sent"), [pytest.param(12, 0, id="from-2%"), pytest.param(60, 1, id="from-10%")]
)
def test_late_logging_down_to_one_percent_is_praised_when_it_was_much_more(
    sqlite: Engine, usual: int, sent: int
) -> None:
    team = coached_team(sqlite)
    team.add(
        SignalRow(
            week=MONDAY - timedelta(days=7),
            rep_id=KIM,
            metric="late_logging_share",
            kind="improvement",
            direction="down",
            tier="escalate",
            observed=6,
            expected=usual,
            weeks=37,
            posterior=0.99,
            detail={"evidence": 9.0, "exposure": 600.0, "span": 37},
        )
    )
    rules = {key: rule for key, rule in load_rules().items() if key == PRAISE}
    assert coach(team.at(rules=rules)).sent == sent
    assert len(team.decisions(rule=PRAISE)) == sent

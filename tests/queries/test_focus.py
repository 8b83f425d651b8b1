"""What each rep keeps an eye on, from what was decided."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.coaching.leverage import HeldFocus
from bot.domain.ids import MetricKey, RepId
from bot.domain.nudge import HoldReason
from bot.queries.focus import read_focuses
from bot.storage.database import reading, transaction
from bot.storage.decisions import DecisionRow
from tests.coached_team import KIM, MONDAY, MORNING


def decided(days_ago: int, **fields: object) -> DecisionRow:
    given: dict[str, Any] = {
        "decided_at": MORNING,
        "day": MONDAY - timedelta(days=days_ago),
        "rule": "focus_of_the_week",
        "metric": "meetings_held",
        "to_id": KIM,
        "about_id": KIM,
        "subject": "meetings_held",
        "tone": "neutral",
        "verdict": "send",
        "priority": 0.5,
        "is_eligible": True,
        "send_probability": 1.0,
        "draw": 0.5,
        "records": [],
        "view": {},
        "because": {},
    }
    return DecisionRow(**{**given, **fields})


@pytest.mark.parametrize(
    ("fields", "is_held"),
    [
        pytest.param({}, True, id="sent"),
        pytest.param({"verdict": "defer"}, True, id="deferred"),
        pytest.param({"verdict": "hold", "reason": HoldReason.HOLDOUT}, True, id="withheld"),
        pytest.param({"verdict": "hold", "reason": HoldReason.DAILY_CAP}, False, id="held"),
        pytest.param({"rule": "kudos"}, False, id="another-rule"),
        pytest.param({"day": MONDAY + timedelta(days=1)}, False, id="later"),
    ],
)
def test_a_focus_is_what_was_said_or_withheld_on_purpose(
    database: Engine,
    fields: dict[str, object],
    is_held: bool,  # noqa: FBT001 -- a case of the table
) -> None:
    with transaction(database) as session:
        session.add(decided(7, **fields))
    with reading(database) as session:
        found = read_focuses(session, MONDAY)
    held = HeldFocus(metric=MetricKey("meetings_held"), since=MONDAY - timedelta(days=7))
    assert found == ({RepId(KIM): held} if is_held else {})

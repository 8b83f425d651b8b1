"""What was pulled for the first time says nothing of people before facts are made of all of it."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.errors import TransientError
from bot.flows.pull import pull
from tests.given import BERLIN, acme
from tests.living import living

MONDAY = date(2026, 3, 9)
MORNING = datetime(2026, 3, 9, 9, 5, tzinfo=BERLIN)


def test_nobody_is_coached_before_the_first_facts_are_whole(
    sqlite_url: str, tmp_path: Path
) -> None:
    story = acme(MONDAY)
    story.with_deal("Acme", "Kim", amount=180_000, closes=MONDAY - timedelta(days=7))
    with living(story, now=MORNING, folder=tmp_path, database_url=sqlite_url) as life:
        program = life.program
        pull(program.database, program.crm, clock=program.clock)
        for due in (program.coach_due, program.digest_due):
            with pytest.raises(TransientError, match="never filled"):
                due()
        program.roll_up(now=program.clock.now())
        program.coach_due()
        program.deliver()
        assert life.messages_to("Kim")

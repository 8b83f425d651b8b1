"""Why something was said, asked by whatever one has at hand."""

from sqlalchemy import Engine

from bot.flows.coach import coach
from bot.queries.decided import explain
from bot.storage.database import reading
from tests.coached_team import KIM, coached_team


def test_people_are_known_by_id_name_and_mail_and_odd_words_find_nothing(database: Engine) -> None:
    team = coached_team(database)
    coach(team.with_one_rule())
    with reading(database) as session:
        found = {each: list(explain(session, each)) for each in (KIM, "KIM", "Kim@acme.example")}
        by_id = found[KIM]
        assert f"→ {KIM}: send" in by_id[0]
        assert all(lines == by_id for lines in found.values())
        number = by_id[0].split()[0].removeprefix("#")
        assert list(explain(session, number)) == by_id
        for odd in ("9" * 20, "²", "' OR 1=1", "%", ""):
            assert list(explain(session, odd)) == []

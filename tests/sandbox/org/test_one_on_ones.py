"""What managers noted of their 1:1s, whatever the seed and the day."""

from collections import Counter
from datetime import date

from integrations.sandbox.org import Org
from integrations.sandbox.org.one_on_ones import noted


def test_maria_notes_most_and_victor_none_and_nothing_is_overdue(world: Org, today: date) -> None:
    lines = list(noted(world))
    people = {person.email: person.name for person in world.truth.scene.cast.everyone.values()}
    by_manager = Counter(people[line["manager"]] for line in lines)
    assert by_manager.most_common(1)[0][0] == "Maria Santos"
    assert "Victor Lindqvist" not in by_manager
    for line in lines:
        assert date.fromisoformat(line["held_on"]) < today
        assert line["notes"] or line["commitment"]
        if line["outcome"] == "open":
            assert date.fromisoformat(line["due_on"]) >= today

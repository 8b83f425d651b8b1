"""The prose and the success models that ship: what a rep reads, and what the rules rely upon."""

import re
from pathlib import Path

import pytest

from bot.playbook_files import load_playbooks

PLAYBOOKS = load_playbooks(Path(__file__).parents[2] / "playbooks")
MOST_WORDS = 200
every_play = pytest.mark.parametrize("key", PLAYBOOKS.plays)
every_role = pytest.mark.parametrize("key", PLAYBOOKS.models)


@every_play
def test_a_play_is_read_in_a_minute(key: str) -> None:
    assert len(PLAYBOOKS.plays[key].split()) <= MOST_WORDS


@every_play
def test_a_play_has_a_title_one_next_step_and_three_parts(key: str) -> None:
    title, empty, step, *rest = PLAYBOOKS.plays[key].splitlines()
    assert title.startswith("# ")
    assert empty == ""
    assert re.fullmatch(r'[A-Z][^.!?]*(\?"\.|\.|\?")', step)
    assert [line for line in rest if line.startswith("## ")] == [
        "## What good looks like",
        "## Three things to do this week",
        "## How to tell it works",
    ]
    assert [line[:2] for line in rest if line[:1].isdigit()] == ["1.", "2.", "3."]


@every_role
def test_a_success_model_looks_at_few_things_and_knows_a_play_for_each(key: str) -> None:
    model = next(model for role, model in PLAYBOOKS.models.items() if role == key)
    assert 5 <= len(model.ranges) <= 7
    assert all(target.play for target in model.ranges.values())
    assert any(target.leverage > 0 for target in model.ranges.values())


@every_role
def test_the_numbers_that_ship_do_not_claim_to_be_learned(key: str) -> None:
    model = next(model for role, model in PLAYBOOKS.models.items() if role == key)
    assert model.evidence == "expert"

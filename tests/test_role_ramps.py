"""A role's own ramp, as its file says it."""

from pathlib import Path

import pytest

from bot.playbook_files import load_playbooks
from tests.test_playbook_files import books, change, complaints

#: The fixture of every test in this file.
__all__ = ["books"]


def test_a_role_may_have_a_ramp_of_its_own(books: Path) -> None:
    change(books, "roles/ae.yaml", "targets:", "ramp: [0.5, 1]\ntargets:")
    [model] = load_playbooks(books).models.values()
    assert model.ramp.shares == (0.5, 1)


@pytest.mark.parametrize(
    ("ramp", "said"),
    [
        ("[0.5, 0.4]", ":4: a ramp does not fall\n  hint: for example [0.2, 0.6, 1]"),
        ("[20, 100]", ":4: ramp.0: should be less than or equal to 1"),
        ("[]", ":4: ramp: "),
    ],
)
def test_a_ramp_that_cannot_be_meant_is_refused(books: Path, ramp: str, said: str) -> None:
    change(books, "roles/ae.yaml", "targets:", f"ramp: {ramp}\ntargets:")
    assert said in complaints(books)

from dataclasses import replace

from bot.coaching.rules.promise_due import RULE


def test_each_promise_is_a_subject_of_its_own() -> None:
    [promise] = RULE.example.promises
    other = replace(promise, id=2, due_on=RULE.example.today)
    one, two = RULE.notice(replace(RULE.example, promises=(promise, other)))
    assert one.subject != two.subject
    assert (one.view["left"], two.view["left"]) == (1, 0)


def test_who_is_away_is_left_alone() -> None:
    assert list(RULE.notice(replace(RULE.example, is_present=False))) == []


def test_a_long_promise_is_cut_short() -> None:
    [promise] = RULE.example.promises
    wordy = replace(promise, words="very " * 60)
    [proposal] = RULE.notice(replace(RULE.example, promises=(wordy,)))
    assert len(str(proposal.view["words"])) <= 80

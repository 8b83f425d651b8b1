from dataclasses import replace

from bot.coaching.manager_rules.cut_near_quota import RULE


def test_the_largest_cut_comes_first_and_the_sum_is_told() -> None:
    [cut] = RULE.example.cuts
    small = replace(cut, name="Small", after_cents=cut.before_cents - 100_00)
    [proposal] = RULE.notice(replace(RULE.example, cuts=(small, cut)))
    assert [each["name"] for each in proposal.view["cuts"]] == [cut.name, "Small"]  # type: ignore[attr-defined]  # as the rule writes it
    assert proposal.because["Taken off in all"] == "9,100 USD"

from dataclasses import replace

from bot.coaching.manager_rules.pay_audit_due import RULE
from bot.coaching.manager_view import PayFacts


def test_half_a_year_is_the_edge() -> None:
    for days, said in ((180, 0), (181, 1)):
        view = replace(RULE.example, pay=PayFacts(plan="Plan", days_since_audit=days))
        assert len(list(RULE.notice(view))) == said


def test_never_audited_is_due() -> None:
    [proposal] = RULE.notice(
        replace(RULE.example, pay=PayFacts(plan="Plan", days_since_audit=None))
    )
    assert proposal.view["days"] is None

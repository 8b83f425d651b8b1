"""pay simulate, as typed."""

from pathlib import Path

from tests.cli.conftest import ROOT, Console

PLAN = ROOT / "playbooks" / "compensation" / "mid_market_ae.yaml"


def test_a_plan_that_nobody_could_be_paid_by_is_refused_with_a_hint(imported: Console) -> None:
    said = imported("pay", "simulate", str(PLAN))
    assert said.code == 1
    assert "fewer than 5" in said.errors
    assert "sees_each_person" in said.errors


def test_a_mistake_in_the_plan_is_told_with_its_line(imported: Console, tmp_path: Path) -> None:
    wrong = tmp_path / "tried.yaml"
    wrong.write_text(PLAN.read_text(encoding="utf-8").replace("weight: 0.7", "weight: 0.8"))
    said = imported("pay", "simulate", str(wrong))
    assert said.code == 2
    assert "tried.yaml:9: the weights of all components add up to 1.1" in said.errors


def test_what_a_plan_would_have_cost_is_told_and_names_only_when_asked_for(
    imported: Console, tmp_path: Path
) -> None:
    config = (imported.home / "app.yaml").read_text(encoding="utf-8")
    paid = tmp_path / "app.yaml"
    paid.write_text(f"{config}\npay: {{plans: {{mid_market_ae: smb_ae}}}}\n")
    monthly = tmp_path / "monthly.yaml"
    text = PLAN.read_text(encoding="utf-8")
    monthly.write_text(text.replace("currency: USD", "currency: USD\nperiod: month"))
    words = ("pay", "simulate", str(monthly), "--as-of", "2026-04-08")
    said = imported(*words, "--names", PACESETTER_CONFIG=str(paid))
    assert said.code == 0, said.errors
    assert "Kim Acme" in said.out
    assert "in place of Account executive, SMB" in said.out
    unnamed = imported(*words, PACESETTER_CONFIG=str(paid))
    assert "Kim Acme" not in unnamed.out + unnamed.errors

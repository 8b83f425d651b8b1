"""Intervals, false discoveries, funnels and shrinkage, against R and print."""

import csv
from pathlib import Path

import numpy as np
import pytest

from bot.coaching.evidence.funnel import (
    FunnelKind,
    binomial_limits,
    count_funnel,
    poisson_limits,
    share_funnel,
)
from bot.coaching.evidence.intervals import (
    adjusted_for_many,
    clopper_pearson_interval,
    poisson_interval,
    wilson_interval,
)
from bot.coaching.evidence.shrinkage import drawn_to_the_mean

EXACT = 1e-8


def rows(name: str) -> list[dict[str, float]]:
    path = Path(__file__).parent / "reference" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", rows("poisson_exact"), ids=str)
def test_exact_poisson_interval(row: dict[str, float]) -> None:
    found = poisson_interval(int(row["x"]))
    assert (found.low, found.high) == pytest.approx((row["lo"], row["hi"]), rel=EXACT)


@pytest.mark.parametrize("row", rows("binomial_exact"), ids=str)
def test_wilson_and_clopper_pearson(row: dict[str, float]) -> None:
    wilson = wilson_interval(int(row["x"]), int(row["n"]))
    exact = clopper_pearson_interval(int(row["x"]), int(row["n"]))
    assert (wilson.low, wilson.high) == pytest.approx(
        (row["wilson_lo"], row["wilson_hi"]), rel=EXACT
    )
    assert (exact.low, exact.high) == pytest.approx((row["cp_lo"], row["cp_hi"]), rel=EXACT)


def test_benjamini_and_hochbergs_own_example_rejects_four() -> None:
    table = rows("fdr_bh1995")
    found = adjusted_for_many([row["p"] for row in table])
    assert found == pytest.approx([row["bh"] for row in table], rel=EXACT)
    assert (found <= 0.05).sum() == 4
    backwards = adjusted_for_many([row["p"] for row in reversed(table)])
    assert backwards == pytest.approx(found[::-1])


def test_funnel_of_shares_is_dispersed_as_funnelplotr_says() -> None:
    table = rows("funnel_proportion_units")
    funnel = share_funnel([int(row["num"]) for row in table], [int(row["den"]) for row in table])
    assert funnel.z == pytest.approx([row["z"] for row in table], rel=EXACT)
    assert funnel.z_winsorised == pytest.approx([row["zw"] for row in table], rel=EXACT)
    assert funnel.phi == pytest.approx(4.00905, abs=5e-6)
    assert funnel.tau_squared == pytest.approx(0.00868826, abs=5e-9)


@pytest.mark.parametrize("row", rows("funnel_proportion_limits"), ids=str)
def test_limits_of_a_funnel_of_shares(row: dict[str, float]) -> None:
    units = rows("funnel_proportion_units")
    funnel = share_funnel(
        [int(unit["num"]) for unit in units], [int(unit["den"]) for unit in units]
    )
    for level, name in ((0.95, "95"), (0.998, "998")):
        plain = funnel.limits(row["number_seq"], level=level, dispersed=False)
        wide = funnel.limits(row["number_seq"], level=level)
        assert (plain.low, plain.high) == pytest.approx(
            (row[f"ll{name}"], row[f"ul{name}"]), rel=1e-5
        )
        assert (wide.low, wide.high) == pytest.approx(
            (row[f"odll{name}"], row[f"odul{name}"]), rel=1e-5
        )


def test_funnel_of_counts_against_what_was_expected() -> None:
    table = rows("funnel_SR_units")
    funnel = count_funnel([int(row["obs"]) for row in table], [row["exp"] for row in table])
    assert funnel.kind is FunnelKind.COUNT
    assert funnel.z == pytest.approx([row["z"] for row in table], rel=EXACT)
    assert funnel.phi == pytest.approx(table[0]["phi"], rel=EXACT)
    assert funnel.tau_squared == pytest.approx(table[0]["tau2"], rel=EXACT)


def test_exact_limits_are_whole_counts() -> None:
    assert poisson_limits(5.0).low == 1
    assert poisson_limits(5.0).high == 10
    assert (binomial_limits(0.3, 20).low, binomial_limits(0.3, 20).high) == (0.1, 0.5)


#: Averages of the first 45 times at bat of eighteen players of 1970, as printed in table 1 of Efron
#: and Morris (1975).
AVERAGES = (
    *(0.400, 0.378, 0.356, 0.333, 0.311, 0.311, 0.289, 0.267, 0.244),
    *(0.244, 0.222, 0.222, 0.222, 0.222, 0.222, 0.200, 0.178, 0.156),
)


def test_efron_and_morris_draw_clemente_and_alvis_to_the_mean() -> None:
    averages = np.asarray(AVERAGES)
    mean = float(averages.mean())
    drawn, kept = drawn_to_the_mean(averages, mean * (1 - mean) / 45)
    assert mean == pytest.approx(0.2654, abs=5e-5)
    assert kept == pytest.approx(0.2124, abs=5e-5)
    assert drawn[0] == pytest.approx(0.294, abs=5e-4)
    assert drawn[-1] == pytest.approx(0.242, abs=5e-4)

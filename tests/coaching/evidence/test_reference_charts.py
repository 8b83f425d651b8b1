"""Run lengths of charts, against values that R computed and books print."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from bot.coaching.evidence.arrays import Floats
from bot.coaching.evidence.run_length import (
    lower_count_run_length,
    normal_cusum_run_length,
    normal_cusum_run_length_both,
    normal_ewma_run_length,
    upper_count_run_length,
)

FOUR_DIGITS = 1e-5


def rows(name: str) -> list[dict[str, float]]:
    path = Path(__file__).parent / "reference" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


def poisson(mean: float) -> Floats:
    return np.asarray(stats.poisson.pmf(np.arange(int(4 * mean + 60)), mean))


@pytest.mark.parametrize("row", rows("cusum_normal_arl"), ids=str)
def test_normal_cusum(row: dict[str, float]) -> None:
    chart = {"reference": row["k"], "limit": row["h"], "shift": row["shift"]}
    both = normal_cusum_run_length_both(**chart)
    one = normal_cusum_run_length(**chart)
    assert (both, one) == pytest.approx((row["arl_two"], row["arl_one"]), rel=FOUR_DIGITS)


@pytest.mark.parametrize("row", rows("ewma_normal_arl"), ids=str)
def test_normal_ewma(row: dict[str, float]) -> None:
    length = normal_ewma_run_length(weight=row["lambda"], width=row["L"], shift=row["shift"])
    assert length == pytest.approx(row["arl"], rel=FOUR_DIGITS)


@pytest.mark.parametrize("row", rows("cusum_poisson_lower_arl"), ids=str)
def test_lower_poisson_cusum_before_and_after_a_drop(row: dict[str, float]) -> None:
    lengths = [
        lower_count_run_length(poisson(mean), reference=row["k"], limit=row["h"], steps=10)
        for mean in (row["mu0"], row["mu0"] * row["f"])
    ]
    assert lengths == pytest.approx([row["arl0"], row["arl1"]], rel=FOUR_DIGITS)


@pytest.mark.parametrize("row", rows("cusum_poisson_upper_arl_surveillance"), ids=str)
def test_upper_poisson_cusum_with_and_without_a_head_start(row: dict[str, float]) -> None:
    lengths = [
        upper_count_run_length(
            poisson(row["theta"]),
            reference=row["k"],
            limit=row["h"],
            steps=1,
            head_start=head_start,
        )
        for head_start in (0.0, row["h"] // 2)
    ]
    assert lengths == pytest.approx([row["arl"], row["fir"]], rel=FOUR_DIGITS)


def test_lucas_1985_prints_438_333_437_and_318() -> None:
    counts = poisson(0.25)
    upper, upper_fast = (
        upper_count_run_length(counts, reference=0.25, limit=10, steps=4, head_start=start)
        for start in (0.0, 5.0)
    )
    lower, lower_fast = (
        lower_count_run_length(counts, reference=0.25, limit=10, steps=4, head_start=start)
        for start in (0.0, 5.0)
    )
    assert (upper, upper_fast) == pytest.approx((438.1, 333.1), abs=0.05)
    assert (lower, lower_fast) == pytest.approx((436.8, 318.3), abs=0.05)


def test_montgomery_prints_168_and_465() -> None:
    assert normal_cusum_run_length_both(reference=0.5, limit=4) == pytest.approx(167.68, abs=0.005)
    assert normal_cusum_run_length_both(reference=0.5, limit=5) == pytest.approx(465.44, abs=0.005)

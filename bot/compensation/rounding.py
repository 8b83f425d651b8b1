"""Cents: every share of a sum is rounded so that the shares add up to the sum, to the cent."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

CENT = Decimal("0.01")
#: Digits enough that only the last step rounds.
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


def to_cents(amount: Decimal) -> Decimal:
    """Half a cent goes up."""
    with localcontext(EXACT):
        return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def on_running_totals(amounts: Iterable[Decimal]) -> Sequence[Decimal]:
    """Each in whole cents; the running totals are rounded, so no cent is lost or made."""
    found: list[Decimal] = []
    exact = told = Decimal(0)
    with localcontext(EXACT):
        for amount in amounts:
            exact += amount
            found.append(to_cents(exact) - told)
            told += found[-1]
    return found


def shares_of(whole: Decimal, shares: Sequence[Decimal]) -> Sequence[Decimal]:
    """A sum in whole cents cut into shares, in whole cents as well."""
    with localcontext(EXACT):
        return on_running_totals([whole * share for share in shares])

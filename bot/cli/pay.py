"""Pay plans on the command line: try a changed one on past deals."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.program import open_filled_program, parse_day

if TYPE_CHECKING:
    from bot.queries.pay_simulation import PaySimulation

app = typer.Typer(help="Pay plans.", no_args_is_help=True)


@app.callback()
def pay() -> None:
    """Pay plans."""


@app.command()
def simulate(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.yaml", exists=True, dir_okay=False)],
    *,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="As it was known on that day.")
    ] = None,
    names: Annotated[
        bool, typer.Option("--names", help="Also what each person gains or loses, by name.")
    ] = False,
) -> None:
    """What a changed plan would have paid on past deals: its cost, who gains, who loses."""
    found = open_filled_program().simulate_pay(plan, parse_day(as_of), with_names=names)
    for line in _told(found):
        typer.echo(line)


def _told(found: "PaySimulation") -> Iterator[str]:
    currency = found.currency
    yield f"{found.plan}, in place of {' and '.join(found.instead_of)}"
    yield f"{found.people} people, {found.first} to {found.last}, on deals as they are known now"
    change = found.cost_then - found.cost_now
    yield f"{'':22} {'now':>16} {'then':>16}"
    yield f"{'variable pay':22} {found.cost_now:>16,.2f} {found.cost_then:>16,.2f} {currency}"
    for extra in found.extras:
        yield f"  {extra.title}: {extra.now:,.2f} now, {extra.then:,.2f} then"
    yield f"{'at target':22} {found.target_now:>16,.2f} {found.target_then:>16,.2f} {currency}"
    if found.rate_now is not None and found.rate_then is not None:
        yield f"{'share of what is sold':22} {found.rate_now:>16.2%} {found.rate_then:>16.2%}"
    yield f"costs {abs(change):,.2f} {currency} {'more' if change > 0 else 'less'}"
    alike = found.people - found.gaining - found.losing
    yield f"{found.gaining} gain, {found.losing} lose, {alike} stay within one percent"
    for spiff in found.spiffs:
        over = ", more than its budget" if spiff.is_over else ""
        yield f"SPIFF {spiff.title}: {spiff.cost:,.2f} {currency}{over}"
    for each in found.differences:
        yield f"{each.name:26} {each.now:>14,.2f} {each.then:>14,.2f} {each.change:>+14,.2f}"

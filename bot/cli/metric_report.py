"""One metric in full, as text."""

from typing import TYPE_CHECKING

import typer

from bot.domain.ids import RepId

if TYPE_CHECKING:
    from bot.queries.metric_report import MetricReport, Together


def print_report(report: "MetricReport") -> None:
    for each in report.readings:
        value = "-" if each.value is None else f"{each.value:,.4g}"
        typer.echo(f"\n{each.rep_name:26} {value:>14}  {each.facts:>6} facts")
        if (interval := report.intervals.get(RepId(each.rep))) is not None:
            typer.echo(
                f"  {interval.level:.0%} interval {interval.low:,.4g} to {interval.high:,.4g},"
                " drawing all deals anew"
            )
        behind = report.behind[each.rep]
        for record in behind:
            typer.echo(f"  {record.day} {record.record} {record.value:>14,.6g}  {record.name}")
        if (left := report.records[each.rep] - len(behind)) > 0:
            typer.echo(f"  ... and {left} more")
    if report.together is not None:
        typer.echo(f"\neverybody together: {_in_words(report.together)}")
    for left_out in report.left_out:
        typer.echo(f"\nnote: {left_out.words}")


def _in_words(together: "Together") -> str:
    said = f"{together.over} of {together.waits} waits are over"
    if together.median is None:
        return f"{said}; no median while more than half wait"
    low, high = ("?" if end is None else f"{end:g}" for end in (together.low, together.high))
    return f"{said}; median {together.median:g} days (95 % interval {low} to {high})"

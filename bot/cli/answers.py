"""Questions on the command line: metrics, check, why."""

import csv
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.metric_report import print_report
from bot.cli.program import data_home, open_filled_program, open_program, parse_day
from bot.domain.errors import ConfigError, Problem
from bot.domain.ids import MetricKey
from bot.domain.windows import FIRST_DAY_EVER

if TYPE_CHECKING:
    from bot.metrics.definition import Definition
    from bot.queries.metric_readings import RepReading

COLUMNS = ("metric", "rep", "manager", "from", "to", "value", "facts", "as_of")
LEFT_OUT = "left_out"


def register(app: typer.Typer) -> None:
    app.command()(metrics)
    app.command()(check)
    app.command()(why)


def metrics(
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...")] = None,
    *,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE")] = None,
    window: Annotated[
        str, typer.Option("--window", help="this week, this month, last 4 weeks, all …")
    ] = "last 4 weeks",
    output: Annotated[str, typer.Option("--format", help="table, json or csv")] = "table",
) -> None:
    """Definitions; with --as-of the readings of every rep."""
    if output not in {"table", "json", "csv"}:
        raise typer.BadParameter(f"'{output}' is no format; write table, json or csv")
    day = parse_day(as_of)
    from bot.bootstrap import load  # noqa: PLC0415 - slow to import

    loaded = load(os.environ, home=data_home())
    definitions = _chosen(loaded.playbooks.metrics, keys or ())
    if day is None:
        _print_definitions(definitions, output)
        return
    program = open_filled_program(loaded)
    if output == "table" and len(definitions) == 1:
        report = program.metric_report(definitions[0], day=day, words=window)
        _print_definitions(definitions, output)
        print_report(report)
        return
    _print_readings(program.readings(definitions, day=day, words=window), output)


def _chosen(known: "Mapping[MetricKey, Definition]", keys: Sequence[str]) -> "list[Definition]":
    from bot.documents import did_you_mean  # noqa: PLC0415 - slow to import

    problems = [
        Problem(
            file="metrics",
            message=f"no metric called '{key}'",
            hint=did_you_mean(key, known),
        )
        for key in keys
        if key not in known
    ]
    if problems:
        raise ConfigError(problems)
    return [known[MetricKey(key)] for key in keys] or list(known.values())


def _print_definitions(definitions: "list[Definition]", output: str) -> None:
    rows = [
        {
            "metric": each.metric.key,
            "title": each.metric.title,
            "because": each.metric.because,
            "unit": each.metric.unit,
            "better": each.metric.valence,
            "timing": each.metric.timing,
            "date": each.metric.date_rule,
            "value": each.metric.value_rule,
            "owner": each.metric.owner_rule,
            "fewest_facts": each.metric.min_facts,
            "guards_against": each.metric.guards_against,
            "version": each.version,
        }
        for each in definitions
    ]
    if output == "json":
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif output == "csv":
        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    elif len(rows) == 1:
        for name, value in rows[0].items():
            typer.echo(f"{name:15} {value}")
    else:
        for row in rows:
            typer.echo(f"{row['metric']:26} {row['because']}")


def _print_readings(readings: "Sequence[RepReading]", output: str) -> None:
    if output == "json":
        typer.echo(json.dumps([_plain(each) for each in readings], indent=1, ensure_ascii=False))
    elif output == "csv":
        # The column is there only where it says something, for those who rely on the others.
        is_more = any(each.left_out for each in readings)
        columns = (*COLUMNS, LEFT_OUT) if is_more else COLUMNS
        writer = csv.DictWriter(sys.stdout, fieldnames=columns)
        writer.writeheader()
        for each in readings:
            words = {LEFT_OUT: "; ".join(one.words for one in each.left_out)} if is_more else {}
            writer.writerow({**_fields(each), **words})
    else:
        for each in readings:
            value = "-" if each.value is None else f"{each.value:,.4g}"
            typer.echo(f"{each.metric:26} {each.rep_name:26} {value:>14}  {each.facts:>6} facts")
            for one in each.left_out:
                typer.echo(f"{'':26} note: {one.words}")


def _plain(reading: "RepReading") -> dict[str, object]:
    """As JSON has it; what is left out is said only where something is."""
    left_out = [{"why": str(one.flaw), "facts": one.facts} for one in reading.left_out]
    return {**_fields(reading), **({LEFT_OUT: left_out} if left_out else {})}


def _fields(reading: "RepReading") -> dict[str, object]:
    return {
        "metric": reading.metric,
        "rep": reading.rep,
        "manager": reading.manager,
        "from": _first_day(reading.window.first),
        "to": reading.window.last.isoformat(),
        "value": reading.value,
        "facts": reading.facts,
        "as_of": reading.as_of.isoformat(),
    }


def _first_day(day: date) -> str | None:
    """None where the window has no beginning."""
    return None if day == FIRST_DAY_EVER else day.isoformat()


def check() -> None:
    """Validate app.yaml and all playbooks; every problem with file, line and hint."""
    from bot.bootstrap import check_everything  # noqa: PLC0415 - slow to import

    loaded = check_everything(os.environ, home=data_home())
    books = loaded.playbooks
    typer.echo(
        f"all is well: {len(books.metrics)} metrics, {len(books.models)} success models, "
        f"{len(books.plays)} plays, {len(books.scorecards)} scorecards, "
        f"{len(books.pay.plans)} pay plans"
    )


def why(
    subject: Annotated[str, typer.Argument(metavar="RECORD-OR-NUDGE")],
) -> None:
    """Why something was said, or not said, about a record, a person or in a nudge."""
    lines = open_program().why(subject)
    if not lines:
        typer.echo(f"nothing was ever decided about '{subject}'")
        raise typer.Exit(1)
    for line in lines:
        typer.echo(line)

"""What would have been said in the past: line by line, and how much of it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.program import open_filled_program, require_day

if TYPE_CHECKING:
    from bot.flows.replay import ReplayLine
    from bot.flows.replay_volume import PersonVolume, ReplayVolume, RuleVolume
    from bot.program import Program

#: A replay may go on for a while after the last change; much later nothing happens at all.
MOST_UNKNOWN = timedelta(days=31)
FORMATS = ("jsonl", "text", "summary")


def register(app: typer.Typer) -> None:
    app.command()(replay)


def replay(
    first: Annotated[str, typer.Option("--from", metavar="DATE")],
    last: Annotated[str, typer.Option("--to", metavar="DATE")],
    *,
    output: Annotated[
        str,
        typer.Option(
            "--format", help="jsonl; text, for people; or summary: how much, to whom, what was held"
        ),
    ] = "jsonl",
    signals: Annotated[
        bool, typer.Option("--signals", help="Also what survived noise control, before any cap.")
    ] = False,
) -> None:
    """What would have been said, day by day, had the bot been on; sends nothing."""
    begin, end = require_day(first), require_day(last)
    if begin > end:
        raise typer.BadParameter(f"--from {begin} lies after --to {end}")
    if output not in FORMATS:
        raise typer.BadParameter(f"'{output}' is no format; write jsonl, text or summary")
    program = open_filled_program()
    if end > (known := program.known_until()) + MOST_UNKNOWN:
        raise typer.BadParameter(
            f"--to {end} lies far after {known}, from when on nothing is known"
        )
    _note_silence(program, begin)
    names = program.names() if output != "jsonl" else {}
    lines: list[ReplayLine] = []
    for line in program.replay(begin, end, with_signals=signals):
        if output == "jsonl":
            typer.echo(json.dumps(asdict(line), default=_iso, ensure_ascii=False))
            continue
        lines.append(line)
        if output == "text":
            print_line(line, names)
    if output != "jsonl":
        from bot.flows.replay_volume import measure_volume  # noqa: PLC0415 - slow to import

        _print_volume(measure_volume(lines, first=begin, last=end), names)


def _note_silence(program: "Program", begin: date) -> None:
    """Beside the lines: days before the first record look as calm as days on which all is well."""
    from bot.storage.database import reading  # noqa: PLC0415 - slow to import
    from bot.storage.rep_starts import first_day_of_anything  # noqa: PLC0415 - slow to import

    with reading(program.database) as session:
        known_from = first_day_of_anything(session)
    if known_from is not None and begin < known_from:
        typer.echo(
            f"note: nothing is on record before {known_from}, so little is said of the days before",
            err=True,
        )


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"cannot write {type(value).__name__} as JSON")


def print_line(line: "ReplayLine", names: Mapping[str, str]) -> None:
    from bot.render.plain import as_read  # noqa: PLC0415 - slow to import

    why = f" ({line.reason})" if line.reason else ""
    typer.echo(f"{line.day} {names.get(line.to, line.to)}, {line.rule}: {line.verdict}{why}")
    if line.text:
        typer.echo(f"    {as_read(line.text)}")


def _print_volume(volume: "ReplayVolume", names: Mapping[str, str]) -> None:
    said = sum(each.said for each in volume.people)
    held = sum(each.held for each in volume.people)
    typer.echo(
        f"\n{said} nudges to {sum(each.said > 0 for each in volume.people)} people in"
        f" {len(volume.weeks)} calendar weeks, {held} held back; {volume.digests} lines of digests"
    )
    weeks = " ".join(f"{week:%m-%d}" for week in volume.weeks)
    typer.echo(f"\n{'nudges by week from':28} {weeks}   all  held back")
    for person in volume.people:
        typer.echo(_person_in_words(person, names.get(person.person, person.person)))
    typer.echo(f"\n{'nudges by kind':28}  said  to people  held back")
    for rule in volume.rules:
        typer.echo(_rule_in_words(rule))


def _person_in_words(person: "PersonVolume", name: str) -> str:
    weeks = " ".join(f"{count or '-':>5}" for count in person.weeks)
    return f"{name:28} {weeks} {person.said:5} {person.held:10}"


def _rule_in_words(rule: "RuleVolume") -> str:
    reasons = "; ".join(f"{count} {reason}" for reason, count in rule.held.most_common())
    held = f"{rule.held.total():9}  {reasons}".rstrip()
    return f"{rule.rule:28} {rule.said:5} {rule.people:10} {held}"

"""One step of the main job, by hand: import, pull, coach, digest, deliver, replay."""

import json
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.program import open_filled_program, open_program, parse_day, require_day

AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="As it was known on that day.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; change nothing.")]
#: A replay may go on for a while after the last change; much later nothing happens at all.
MOST_UNKNOWN = timedelta(days=31)


def register(app: typer.Typer) -> None:
    app.command("import")(import_folder)
    app.command()(pull)
    app.command()(coach)
    app.command()(digest)
    app.command()(deliver)
    app.command()(replay)


def import_folder(
    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False)],
) -> None:
    """Read a folder of Salesforce Data Export CSV files straight into the mirror."""
    from bot.flows.pull import pull as pull_into  # noqa: PLC0415 - slow to import
    from integrations.salesforce.crm_object import load_objects, with_fields  # noqa: PLC0415
    from integrations.salesforce.export_files import ExportFolderCrm  # noqa: PLC0415

    program = open_program()
    crm = ExportFolderCrm(folder, with_fields(load_objects(), program.settings.salesforce.fields))
    report = pull_into(program.database, crm, clock=crm)
    program.roll_up(now=crm.now())
    for warning in crm.warnings:
        typer.echo(f"warning: {warning}", err=True)
    _print_pull(report)


def pull(*, dry_run: DryRun = False) -> None:
    """Pull what changed in Salesforce into the mirror, and bring the numbers up to date."""
    program = open_program()
    if dry_run:
        tables = ", ".join(program.crm.objects())
        typer.echo(f"would pull {tables}")
        return
    _print_pull(program.pull())


def _print_pull(report: Any) -> None:  # noqa: ANN401 - PullReport, imported only when needed
    from bot.queries.crm_doubts import expected_but_missing  # noqa: PLC0415 - slow to import

    for table, rows in report.rows.items():
        gone = report.deleted.get(table, 0)
        typer.echo(f"{table:28} {rows:>8} changed" + (f", {gone} deleted" if gone else ""))
    for table, columns in report.missing_columns.items():
        if lacking := expected_but_missing(table, columns):
            typer.echo(f"{table}: not available in this CRM: {', '.join(lacking)}", err=True)
    for table, problem in report.problems.items():
        typer.echo(f"{table}: {problem}", err=True)
    if report.stopped:
        typer.echo(f"stopped early: {report.stopped}", err=True)
    if report.as_of:
        typer.echo(f"the mirror is current as of {report.as_of:%Y-%m-%d %H:%M} UTC")
    if report.stopped or (report.problems and not any(report.rows.values())):
        raise typer.Exit(1)


def coach(*, as_of: AsOf = None, dry_run: DryRun = False) -> None:
    """Decide what to say to whom, write down why, and put it into the outbox."""
    day = parse_day(as_of)
    program = open_filled_program()
    if dry_run:
        first = day or program.today()
        for line in program.replay(first, first):
            if line.kind in {"nudge", "manager_nudge"}:
                _print_line(asdict(line))
        return
    program.match_people()
    report = program.coach(day)
    program.show_admins()
    for decided in report.decided:
        judgement = decided.judgement
        reason = getattr(judgement.verdict, "reason", "")
        word = type(judgement.verdict).__name__.lower()
        said = f"{decided.rep.name:24} {judgement.proposal.rule:22} {word:5} {reason}"
        typer.echo(said.rstrip())
    held = sum(report.held.values())
    typer.echo(f"{report.sent} to send, {report.deferred} deferred, {held} held")


def digest(*, as_of: AsOf = None, dry_run: DryRun = False) -> None:
    """Put last week's digest of every team into the outbox."""
    day = parse_day(as_of)
    report = open_filled_program().digest(day, is_dry=dry_run)
    for line in report.lines:
        typer.echo(f"{line.team} → {line.audience}: {line.message.text}")
        if line.reason:
            typer.echo(f"  not said: {line.reason}")


def deliver(*, dry_run: DryRun = False) -> None:
    """Send what is due in the outbox."""
    program = open_program()
    if dry_run:
        for row in program.waiting():
            typer.echo(f"{row.recipient:14} {row.kind:8} {row.text}")
        return
    report = program.deliver()
    typer.echo(f"{report.sent} sent")


def replay(
    first: Annotated[str, typer.Option("--from", metavar="DATE")],
    last: Annotated[str, typer.Option("--to", metavar="DATE")],
    *,
    output: Annotated[str, typer.Option("--format", help="jsonl or text")] = "jsonl",
    signals: Annotated[
        bool, typer.Option("--signals", help="Also what survived noise control, before any cap.")
    ] = False,
) -> None:
    """What would have been said, day by day, had the bot been on; sends nothing."""
    begin, end = require_day(first), require_day(last)
    if begin > end:
        raise typer.BadParameter(f"--from {begin} lies after --to {end}")
    if output not in {"jsonl", "text"}:
        raise typer.BadParameter(f"'{output}' is no format; write jsonl or text")
    program = open_filled_program()
    if end > (known := program.known_until()) + MOST_UNKNOWN:
        raise typer.BadParameter(
            f"--to {end} lies far after {known}, from when on nothing is known"
        )
    for line in program.replay(begin, end, with_signals=signals):
        if output == "jsonl":
            typer.echo(json.dumps(asdict(line), default=_iso, ensure_ascii=False))
        else:
            _print_line(asdict(line))


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"cannot write {type(value).__name__} as JSON")


def _print_line(line: dict[str, Any]) -> None:
    why = f" ({line['reason']})" if line["reason"] else ""
    typer.echo(f"{line['day']} {line['to']} {line['rule']}: {line['verdict']}{why}")
    if line["text"]:
        typer.echo(f"    {line['text']}")

"""Success models on the command line: show one, or learn its ranges from the own achievers."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.program import open_filled_program, open_program, parse_day
from bot.domain.errors import PermanentError

if TYPE_CHECKING:
    from bot.program import Program
    from bot.queries.learned_role import LearnedRole

app = typer.Typer(help="What good looks like in a role.", no_args_is_help=True)
Role = Annotated[str, typer.Argument(metavar="ROLE", help="The role file's name.")]


@app.command()
def show(role: Role) -> None:
    """A role's target ranges, and what they rest on."""
    from bot.queries.learned_role import find_model  # noqa: PLC0415 - slow to import

    program = open_program()
    model = find_model(program.runtime, role)
    typer.echo(f"{model.title}: {model.because}")
    for key, target in model.ranges.items():
        learned = model.learned.ranges.get(key) if model.learned else None
        grade = learned.grade if learned else "expert"
        span = f"{target.low:>12,g} to {target.high:<12,g}"
        typer.echo(f"{key:26} {span} over {target.weeks:>2} weeks  {grade}")
    if model.learned:
        basis = model.learned
        typer.echo(
            f"learned from {basis.reps} reps and {basis.quarters} quarters up to {basis.day}"
        )


@app.command()
def learn(
    role: Role,
    *,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="As it was known on that day.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Also write the diff to ROLE.yaml.proposed.diff.")
    ] = False,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Write the diff there instead.")
    ] = None,
) -> None:
    """Propose target ranges from the team's own sustained achievers; changes no playbook."""
    program = open_filled_program()
    found, diff = program.learn(role, parse_day(as_of))
    for line in _told(program, found):
        typer.echo(line)
    if not diff:
        typer.echo("Nothing to propose: the ranges stay as they are.")
        return
    typer.echo(diff, nl=False)
    if write or to:
        path = to or program.settings.playbooks / "roles" / f"{found.model.key}.yaml.proposed.diff"
        _write(path, diff)
        typer.echo(f"wrote {path}; apply it with `git apply` or `patch -p1`, or leave it", err=True)


def _write(path: Path, diff: str) -> None:
    try:
        path.write_text(diff, encoding="utf-8")
    except OSError as error:
        raise PermanentError(
            f"cannot write {path}: {error.strerror}", hint="name another file with --to"
        ) from error


def _told(program: "Program", found: "LearnedRole") -> Iterator[str]:
    """What was looked at and what came of it, a line each."""
    from bot.coaching.learning import CAVEAT  # noqa: PLC0415 - slow to import
    from bot.learned_playbook import in_words  # noqa: PLC0415 - slow to import

    learned = found.learned
    yield f"{found.model.title}, up to {found.day}: evidence {learned.grade}"
    yield (
        f"reps: {learned.reps}, quarters: {learned.quarters}, sustained achievers: "
        f"{len(learned.achievers)}, outcome: {found.outcome} of the quarter after"
    )
    if learned.refusal:
        yield f"No ranges are proposed: {learned.refusal}."
    if not learned.metrics:
        return
    yield f"Foretold of a rep left out: {max(learned.skill, 0):.0%} of the ups and downs."
    yield f"{'metric':26} {'evidence':8} {'q':>5} {'stable':>6}  range (90 % intervals of its ends)"
    for each in learned.metrics:
        unit = program.runtime.metrics[each.metric].metric.unit
        ends = (each.range.low, each.range.high) if each.range else ()
        told = " to ".join(
            f"{in_words(end.estimate, unit)} ({in_words(end.low, unit)}-{in_words(end.high, unit)})"
            for end in ends
        )
        words = "; ".join(part for part in (told, each.remark) if part)
        yield (
            f"{each.metric:26} {each.grade:8} {each.adjusted:>5.2f} {each.stability:>6.0%}  {words}"
        )
    yield "Compared within each rep's own quarters; season, team, territory and ramp are taken out."
    yield CAVEAT

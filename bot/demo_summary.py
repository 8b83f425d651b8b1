"""Who was told what and why, on one screen."""

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.coaching.judge import Judgement
from bot.domain.nudge import Defer, Hold, Send
from bot.flows.coach import CoachReport, Decided
from bot.flows.digest import DigestReport
from bot.program import Program
from bot.render.plain import as_read


def print_summary(program: Program, coached: CoachReport, digests: DigestReport) -> None:
    console = Console()
    console.print(_nudges(program, coached))
    console.print(_digests(digests))
    held = Counter(
        str(each.judgement.verdict.reason)
        for each in coached.decided
        if isinstance(each.judgement.verdict, Hold)
    )
    console.print(f"[bold]Held back: {sum(held.values())}[/bold]", highlight=False)
    for reason, count in held.most_common():
        console.print(f"  {count:3} x {reason}", highlight=False, markup=False)


def _nudges(program: Program, coached: CoachReport) -> Table:
    spoken = [each for each in coached.decided if not isinstance(each.judgement.verdict, Hold)]
    table = Table(title=f"Nudges ({len(spoken)})", title_justify="left", expand=True)
    for name in ("Who", "When", "What", "Why"):
        table.add_column(name, overflow="fold")
    for each in spoken:
        table.add_row(
            each.rep.name, _when(each), Text(_words(each)), Text(_why(program, each.judgement))
        )
    return table


def _words(decided: Decided) -> str:
    """Stand-in text as a person reads it in Slack."""
    text = decided.message.text if decided.message else ""
    return as_read(text)


def _when(decided: Decided) -> str:
    match decided.judgement.verdict:
        case Send():
            return "now"
        case Defer(until=until):
            return f"at {until.astimezone(decided.rep.zone):%H:%M} ({decided.rep.zone.key})"
        case Hold():
            return "held"


def _why(program: Program, judgement: Judgement) -> str:
    rule = program.runtime.every_rule[judgement.proposal.rule]
    facts = [f"{label}: {words}" for label, words in judgement.proposal.because.items()]
    return f"{rule.title}. {facts[0]}" if facts else rule.title


def _digests(digests: DigestReport) -> Table:
    table = Table(title=f"Digests ({len(digests.lines)})", title_justify="left", expand=True)
    for name in ("Team", "To", "What"):
        table.add_column(name, overflow="fold")
    for line in digests.lines:
        said = as_read(line.message.text)
        table.add_row(line.team, line.audience, Text(said if not line.reason else line.reason))
    return table

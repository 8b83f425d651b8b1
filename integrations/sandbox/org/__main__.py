"""Prints what a seed gives: ``python -m integrations.sandbox.org --seed 7``."""

import argparse
from collections import Counter
from datetime import UTC, date, datetime, time
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from integrations.sandbox.org.export import write_export
from integrations.sandbox.org.generator import Org, generate


def main() -> None:
    """Generate, print two tables and, when asked, write the export."""
    parser = argparse.ArgumentParser(prog="python -m integrations.sandbox.org")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
    parser.add_argument("--weeks-ahead", type=int, default=8)
    parser.add_argument("--export", type=Path, metavar="FOLDER", help="write CSV files as of today")
    wishes = parser.parse_args()
    org = generate(seed=wishes.seed, today=wishes.today, weeks_ahead=wishes.weeks_ahead)
    console = Console()
    now = datetime.combine(wishes.today, time(23, 59), tzinfo=UTC)
    console.print(_volumes(org, now))
    console.print(_stories(org))
    if wishes.export:
        rows = write_export(org, wishes.export, now)
        console.print(f"{sum(rows.values()):,} records written to {wishes.export}")


def _volumes(org: Org, now: datetime) -> Table:
    table = Table("object", "records today", "changes until today", "changes after")
    created: dict[str, str] = {}
    until, after = Counter[str](), Counter[str]()
    for change in org.changes:
        (until if change.at <= now else after)[change.sobject] += 1
        if change.at <= now:
            created.setdefault(change.id, change.sobject)
    records = Counter(created.values())
    for sobject in sorted(until | after):
        cells = (records[sobject], until[sobject], after[sobject])
        table.add_row(sobject, *(f"{cell:,}" for cell in cells))
    sums = (records.total(), until.total(), after.total())
    table.add_row("all", *(f"{cell:,}" for cell in sums), style="bold")
    return table


def _stories(org: Org) -> Table:
    table = Table("story", "about", "a good coach notices", show_lines=True)
    for story in org.truth.stories:
        table.add_row(
            f"{story.kind.value}\n{story.first_day}\n{story.last_day}",
            escape(f"{story.person.name if story.person else story.team}\n({story.manager.name})"),
            escape(story.should_notice),
        )
    return table


if __name__ == "__main__":
    main()

"""Pay, objectives and activities: whether all three point the same way."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from bot.compensation.check import Check, Finding, NotMeasurable, Number, Seen, Severity
from bot.compensation.evidence import ELSEWHERE, NO_OBJECTIVES, PayEvidence
from bot.compensation.figures import distance
from bot.compensation.overlap import DONE, PAID, WANTED, overlap
from bot.domain.metric import Unit

NOTHING_NAMED = "what no objective names"
PAIRS = (
    (WANTED, PAID, Severity.HIGH),
    (PAID, DONE, Severity.MEDIUM),
    (WANTED, DONE, Severity.MEDIUM),
)


def look(evidence: PayEvidence, threshold: Decimal) -> Iterator[Seen]:
    if not evidence.objectives:
        yield NotMeasurable(because=NO_OBJECTIVES)
        return
    known, missing = overlap(evidence)
    for because in missing:
        yield NotMeasurable(because=because)
    titles = {str(each.key): each.title for each in evidence.objectives}
    found = [
        _finding(one, other, known, titles, severity=severity, apart=apart)
        for one, other, severity in PAIRS
        if one in known and other in known
        for apart in [distance(known[one], known[other])]
        if apart > float(threshold)
    ]
    for number, each in enumerate(found):
        # The table is the same for all of them; once is enough.
        yield each if number == 0 else replace(each, numbers=each.numbers[-1:])


def _finding(
    one: str,
    other: str,
    known: Mapping[str, Mapping[str, float]],
    titles: Mapping[str, str],
    *,
    severity: Severity,
    apart: float,
) -> Finding:
    keys = sorted(set(known[one]) | set(known[other]))
    widest = max(keys, key=lambda key: abs(known[one].get(key, 0) - known[other].get(key, 0)))
    named = titles.get(widest, NOTHING_NAMED) if widest != ELSEWHERE else NOTHING_NAMED
    more = known[other].get(widest, 0) > known[one].get(widest, 0)
    return Finding(
        subject=f"{one} and {other}",
        severity=severity,
        what=f"{one.capitalize()} and {other} lie {apart:.0%} apart; most of it at '{named}', "
        f"where {other} is {'more' if more else 'less'}.",
        numbers=(
            *(
                Number(
                    label=titles.get(key, NOTHING_NAMED),
                    value=", ".join(
                        f"{known[name].get(key, 0):.0%} {word}"
                        for name, word in ((WANTED, "wanted"), (PAID, "paid"), (DONE, "done"))
                        if name in known
                    ),
                    unit=None,
                    source="playbooks/compensation/objectives.yaml",
                )
                for key in keys
            ),
            Number(label="Share that would have to move", value=apart, unit=Unit.SHARE),
        ),
        next_step=f"Decide which of the two is right about '{named}', and change the other.",
    )


CHECK = Check(
    id="C17",
    title="Pay, objectives and activity",
    because="A plan steers only where what is wanted, paid for and done are the same.",
    source="total variation distance between the three, more than a quarter",
    threshold=Decimal("0.25"),
    look=look,
)

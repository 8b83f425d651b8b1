"""What is wanted, paid for and done, each as shares of the objectives."""

from collections.abc import Mapping

from bot.compensation.evidence import FEWEST_PEOPLE, PayEvidence
from bot.compensation.figures import distance, shares

FEWEST_ACTIVITIES = 100
WANTED, PAID, DONE = "what is wanted", "what is paid for", "what people do"


def overlap(evidence: PayEvidence) -> tuple[Mapping[str, Mapping[str, float]], list[str]]:
    """The shares of the objectives in each of the three, and what is missing for which."""
    known: dict[str, Mapping[str, float]] = {
        WANTED: {str(each.key): float(each.weight) for each in evidence.objectives}
    }
    missing: list[str] = []
    if evidence.people >= FEWEST_PEOPLE and any(evidence.paid_for.values()):
        known[PAID] = shares({str(k): float(v) for k, v in evidence.paid_for.items()})
    else:
        missing.append(
            f"what was paid for takes {FEWEST_PEOPLE} people with pay; there are {evidence.people}"
        )
    done = sum(evidence.activities.values())
    if evidence.people >= FEWEST_PEOPLE and done >= FEWEST_ACTIVITIES:
        known[DONE] = shares({str(k): float(v) for k, v in evidence.activities.items()})
    else:
        missing.append(
            f"what people do takes {FEWEST_ACTIVITIES} activities of {FEWEST_PEOPLE} people; there "
            f"are {done} of {evidence.people}"
        )
    return known, missing


def distances(evidence: PayEvidence) -> Mapping[tuple[str, str], float | None]:
    """The share that would have to move between each two of them; None where it is not known."""
    known, _ = overlap(evidence)
    return {
        (one, other): distance(known[one], known[other])
        if evidence.objectives and one in known and other in known
        else None
        for one, other in ((WANTED, PAID), (PAID, DONE), (WANTED, DONE))
    }

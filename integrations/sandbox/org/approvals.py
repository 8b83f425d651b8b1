"""Discounts above a limit need the manager's approval, which leaves a ProcessInstance behind."""

from integrations.sandbox.org.deals import Deal
from integrations.sandbox.org.ledger import Ledger
from integrations.sandbox.org.lives import DealState
from integrations.sandbox.org.scene import Scene

#: Per cent.
LIMIT = 8.0
#: Working days before the win on which it was asked for, and after that until it was decided.
ASKED_BEFORE, DECIDED_AFTER = (2, 4), 1


def approve_discount(
    scene: Scene, ledger: Ledger, deal: Deal, won: DealState, discount: float
) -> None:
    """Write down that the deal's price was asked about and approved, where it had to be."""
    if discount < LIMIT:
        return
    rng = scene.stream("approval", deal.id)
    calendar = scene.calendar(won.owner)
    day = calendar.shift(calendar.local_day(won.at), -rng.randint(*ASKED_BEFORE))
    asked_at = calendar.moment(day, rng)
    if asked_at <= deal.created_at:
        return
    approval = ledger.create(
        "ProcessInstance",
        asked_at,
        {"TargetObjectId": deal.id, "Status": "Pending", "SubmittedById": won.owner.id},
        by=won.owner.id,
    )
    decided_at = calendar.moment(calendar.shift(day, DECIDED_AFTER), rng)
    ledger.set(
        "ProcessInstance",
        approval,
        decided_at,
        {
            "Status": "Approved",
            "CompletedDate": decided_at,
            "LastActorId": won.owner.seating_on(day).manager_id,
        },
    )

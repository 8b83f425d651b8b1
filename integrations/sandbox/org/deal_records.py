"""From the lives of deals to records: opportunities, their history, fields and contact roles."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from integrations.sandbox.org.deals import Deal
from integrations.sandbox.org.ledger import Ledger
from integrations.sandbox.org.lives import DealState
from integrations.sandbox.org.roles import NEGOTIATION, PROPOSAL, STAGES, Role

Touch = tuple[str, datetime, date]


def write_deals(ledger: Ledger, deals: Iterable[Deal]) -> None:
    """Write every deal with all that follows from its states."""
    for deal in deals:
        _write_states(ledger, deal)
        for number, stakeholder in enumerate(deal.stakeholders):
            state = deal.state_at(stakeholder.joined_at) or deal.states[0]
            ledger.create(
                "OpportunityContactRole",
                stakeholder.joined_at,
                {
                    "OpportunityId": deal.id,
                    "ContactId": stakeholder.contact.id,
                    "Role": stakeholder.role,
                    "IsPrimary": number == 0,
                },
                by=state.owner.id,
            )


def write_last_activity(ledger: Ledger, touches: Iterable[Touch]) -> None:
    """Keep ``LastActivityDate`` true: the latest day of a held meeting or a closed task.

    A touch is the deal's id, the instant at which it counts, and its day.
    """
    latest: dict[str, date] = {}
    for deal, at, day in sorted(touches, key=lambda touch: touch[1]):
        if latest.get(deal, date.min) < day:
            latest[deal] = day
            ledger.set("Opportunity", deal, at, {"LastActivityDate": day})


def _write_states(ledger: Ledger, deal: Deal) -> None:
    before: DealState | None = None
    fields: dict[str, object] = {}
    for state in deal.states:
        now = dict(_stated(deal, state))
        if before is None:
            ledger.create("Opportunity", state.at, {**_fixed(deal), **now}, id=deal.id)
        else:
            changed = {name: value for name, value in now.items() if fields[name] != value}
            if "StageName" in changed:
                changed["LastStageChangeDate"] = state.at
            if _month(state.close_date) > _month(before.close_date):
                changed["PushCount"] = _pushes(deal, state)
            changed["LastModifiedById"] = state.by
            ledger.set("Opportunity", deal.id, state.at, changed)
            _write_field_history(ledger, deal, before, state)
        if before is None or _is_historic(before, state):
            _write_history(ledger, deal, before, state)
        if STAGES[state.stage].is_won:
            ledger.set("Account", deal.account_id, state.at, {"Type": "Customer"})
        before, fields = state, now


def _fixed(deal: Deal) -> Mapping[str, object]:
    first = deal.states[0]
    return {
        "Name": deal.name,
        "AccountId": deal.account_id,
        "Type": deal.kind,
        "LeadSource": deal.source,
        "CreatedById": first.by,
        "PushCount": 0,
        "LastStageChangeDate": first.at,
        "LastActivityDate": None,
    }


def _stated(deal: Deal, state: DealState) -> Iterator[tuple[str, object]]:
    stage, (category, category_name) = STAGES[state.stage], _forecast(deal, state)
    yield "OwnerId", state.owner.id
    yield "StageName", stage.name
    yield "IsClosed", stage.is_closed
    yield "IsWon", stage.is_won
    yield "Probability", stage.probability
    yield "ForecastCategory", category
    yield "ForecastCategoryName", category_name
    yield "Amount", state.amount
    yield "ExpectedRevenue", _expected(state)
    yield "CloseDate", state.close_date
    yield "NextStep", state.next_step


def _forecast(deal: Deal, state: DealState) -> tuple[str, str]:
    """Who sells fast counts on a deal once the offer is made, and others on every other one."""
    stage = STAGES[state.stage]
    role = state.owner.role_on(state.at.date())
    is_even = int(deal.id[8:15], 36) % 2 == 0
    if state.stage == PROPOSAL and (role is Role.SMB or (role is Role.MID_MARKET and is_even)):
        return STAGES[NEGOTIATION].category, STAGES[NEGOTIATION].category_name
    return stage.category, stage.category_name


def _expected(state: DealState) -> Decimal:
    share = Decimal(STAGES[state.stage].probability) / 100
    return (state.amount * share).quantize(Decimal("0.01"))


def _is_historic(before: DealState, state: DealState) -> bool:
    return (before.amount, before.stage, before.close_date) != (
        state.amount,
        state.stage,
        state.close_date,
    )


def _write_history(ledger: Ledger, deal: Deal, before: DealState | None, state: DealState) -> None:
    stage = STAGES[state.stage]
    ledger.create(
        "OpportunityHistory",
        state.at,
        {
            "OpportunityId": deal.id,
            "StageName": stage.name,
            "Amount": state.amount,
            "ExpectedRevenue": _expected(state),
            "CloseDate": state.close_date,
            "Probability": stage.probability,
            "ForecastCategory": _forecast(deal, state)[0],
            "PrevAmount": before.amount if before else None,
            "PrevCloseDate": before.close_date if before else None,
        },
        by=state.by,
    )


def _write_field_history(ledger: Ledger, deal: Deal, before: DealState, state: DealState) -> None:
    tracked: tuple[tuple[str, object, object], ...] = (
        ("NextStep", before.next_step, state.next_step),
        ("Owner", before.owner.id, state.owner.id),
    )
    for field, old, new in tracked:
        if old != new:
            ledger.create(
                "OpportunityFieldHistory",
                state.at,
                {"OpportunityId": deal.id, "Field": field, "OldValue": old, "NewValue": new},
                by=state.by,
            )


def _pushes(deal: Deal, until: DealState) -> int:
    """As Salesforce counts: moves of the close date into a later month."""
    pairs = zip(deal.states, deal.states[1:], strict=False)
    return sum(
        _month(later.close_date) > _month(earlier.close_date)
        for earlier, later in pairs
        if later.at <= until.at
    )


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month

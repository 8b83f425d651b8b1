"""From what was measured to what is paid, line by line, in Decimal.

pay = sum over the tiers of rate x the part of the attainment within the tier, times the target pay
of the component, which is variable x weight. Only the last step rounds, on running totals.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum

from bot.compensation.curve import NOTHING
from bot.compensation.plan import PERIODS_A_YEAR, Component, PayPlan, Period, Spiff
from bot.compensation.rounding import EXACT, on_running_totals, shares_of, to_cents
from bot.domain.ids import RecordId


class Kind(StrEnum):
    """What a line of a statement is."""

    TIER = "tier"
    RETROACTIVE = "retroactive"
    CAP = "cap"
    BELOW = "below"
    TASK = "task"
    NOT_KNOWN = "not known"
    SPIFF = "spiff"
    DRAW = "draw"
    RECOVERY = "recovery"
    CLAWBACK = "clawback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One amount, and the numbers that it follows from."""

    kind: Kind
    amount: Decimal
    #: What was measured in this stretch; for a task the share done.
    measured: Decimal = NOTHING
    #: From and to which attainment it goes.
    first: Decimal = NOTHING
    last: Decimal = NOTHING
    rate: Decimal = NOTHING
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a component of one rep comes to in one of its periods."""

    first_day: date
    last_day: date
    #: None where the CRM does not tell, which is not the same as zero.
    value: Decimal | None
    #: None where the CRM has no quota for the rep.
    quota: Decimal | None
    #: The number of its period in the year, 1 for the first.
    number: int = 1
    #: The share of the period that the rep was in the plan.
    presence: Decimal = Decimal(1)
    #: Task key to the share done; what is missing is not known yet.
    done: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentPay:
    """What one component pays for one of its periods."""

    component: Component
    measured: Measured
    #: At exactly the quota.
    target: Decimal
    lines: tuple[Line, ...]

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), NOTHING)

    @property
    def attainment(self) -> Decimal | None:
        value, quota = self.measured.value, self.measured.quota
        return None if value is None or not quota else value / quota


def target_of(variable: Decimal, period: Period, number: int) -> Decimal:
    """The variable pay of a year's ``number``-th period; all of them add up to the year's."""
    many = PERIODS_A_YEAR[period]
    with localcontext(EXACT):
        upto, before = variable * number / many, variable * (number - 1) / many
        return to_cents(upto) - to_cents(before)


def component_targets(
    plan: PayPlan, variable: Decimal, period: Period, number: int
) -> Mapping[str, Decimal]:
    """What each component pays at its quota in a period; together the period's variable pay."""
    whole = target_of(variable, period, number)
    shares = shares_of(whole, [each.weight for each in plan.components])
    return {each.key: share for each, share in zip(plan.components, shares, strict=True)}


def pay_component(
    plan: PayPlan, component: Component, measured: Measured, *, variable: Decimal
) -> ComponentPay:
    targets = component_targets(plan, variable, component.period, measured.number)
    target = to_cents(targets[component.key] * measured.presence)
    lines = _task_lines if component.tasks else _measure_lines
    return ComponentPay(
        component=component,
        measured=measured,
        target=target,
        lines=tuple(lines(component, measured, target)),
    )


def _measure_lines(component: Component, measured: Measured, target: Decimal) -> Iterator[Line]:
    value, quota = measured.value, measured.quota
    if value is None or not quota or quota <= NOTHING:
        words = "the CRM does not tell" if value is None else "there is no quota"
        yield Line(kind=Kind.NOT_KNOWN, amount=NOTHING, words=words)
        return
    curve = component.curve
    found = curve.slices(value, quota)
    if not found:
        yield Line(
            kind=Kind.BELOW,
            amount=NOTHING,
            measured=max(value, NOTHING),
            last=curve.threshold,
        )
        return
    with localcontext(EXACT):
        paid = on_running_totals([each.weight * target / quota for each in found])
        for each, amount in zip(found, paid, strict=True):
            yield Line(
                kind=Kind.RETROACTIVE if each.is_retroactive else Kind.TIER,
                amount=amount,
                measured=each.amount,
                first=each.first / quota,
                last=each.last / quota,
                rate=each.rate,
            )
        if curve.cap is not None and curve.is_capped(value, quota):
            most = to_cents(curve.cap * target)
            over = most - sum(paid, NOTHING)
            yield Line(kind=Kind.CAP, amount=over, rate=curve.cap)


def _task_lines(component: Component, measured: Measured, target: Decimal) -> Iterator[Line]:
    whole = shares_of(target, [task.share for task in component.tasks])
    for task, share in zip(component.tasks, whole, strict=True):
        done = measured.done.get(task.key)
        yield Line(
            kind=Kind.TASK if done is not None else Kind.NOT_KNOWN,
            amount=to_cents(share * done) if done is not None else NOTHING,
            measured=done if done is not None else NOTHING,
            words=task.title,
        )


def pay_spiff(spiff: Spiff, count: Decimal) -> Line:
    """So much for each, up to the most for one person."""
    amount = to_cents(spiff.each * max(count, NOTHING))
    if spiff.most is not None:
        amount = min(amount, spiff.most)
    return Line(kind=Kind.SPIFF, amount=amount, measured=count, rate=spiff.each, words=spiff.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One settlement: earned, advanced or given back, and what is still owed."""

    lines: tuple[Line, ...]
    #: What of recoverable draws is still to be given back.
    owed: Decimal

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), NOTHING)


def settle_draw(
    plan: PayPlan, earned: Decimal, *, months_of_draw: int, owed: Decimal = NOTHING
) -> Settled:
    """The lines that a draw adds to what was earned in a settlement with so many draw months."""
    draw = plan.draw
    if draw is None:
        return Settled(lines=(), owed=owed)
    least = to_cents(draw.each_month * months_of_draw)
    if earned < least:
        missing = least - earned
        words = "later pay gives it back" if draw.is_recoverable else "it is not given back"
        line = Line(kind=Kind.DRAW, amount=missing, rate=draw.each_month, words=words)
        return Settled(lines=(line,), owed=owed + missing if draw.is_recoverable else owed)
    back = min(owed, earned - least)
    if not back:
        return Settled(lines=(), owed=owed)
    return Settled(lines=(Line(kind=Kind.RECOVERY, amount=-back),), owed=owed - back)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A deal that was paid for and is undone within the days of the clawback."""

    name: str
    amount: Decimal
    won_on: date


def claw_back(
    plan: PayPlan,
    component: Component,
    measured: Measured,
    undone: Sequence[Undone],
    *,
    variable: Decimal,
) -> Sequence[Line]:
    """What each undone deal of a past period takes back: the period is paid anew without it.

    ``measured`` holds all the deals still; together the lines are what the period paid too much.
    """
    found: list[Line] = []
    value = measured.value
    paid = pay_component(plan, component, measured, variable=variable).amount
    for deal in undone:
        if value is None:
            break
        value -= deal.amount
        anew = with_value(measured, value)
        left = pay_component(plan, component, anew, variable=variable).amount
        found.append(
            Line(kind=Kind.CLAWBACK, amount=left - paid, measured=deal.amount, words=deal.name)
        )
        paid = left
    return found


def with_value(measured: Measured, value: Decimal | None) -> Measured:
    """The same period, had so much been measured."""
    return replace(measured, value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The credit for one deal among several people, by share; the shares add up to 1."""

    record: RecordId
    #: By CRM e-mail or user id.
    shares: Mapping[str, Decimal]

    def credits(self, amount: Decimal) -> Mapping[str, Decimal]:
        """Each person's part, in whole cents; together they are the amount."""
        parts = shares_of(to_cents(amount), list(self.shares.values()))
        return dict(zip(self.shares, parts, strict=True))

"""What one person has earned in the period under way, what it may come to, and the next deal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session

from bot.compensation.calendar import PayPeriod, period_of
from bot.compensation.curve import NOTHING
from bot.compensation.outlook import Outlook
from bot.compensation.payout import Kind, Line
from bot.domain.errors import NotAllowed
from bot.domain.ids import SlackUserId
from bot.queries.earners import Earner, earner_for, earner_of, read_earners
from bot.queries.pay_lines import PayLine, PayLines
from bot.queries.pay_measures import measures_for, names_of
from bot.queries.pay_permissions import require_earner, require_pay_reader
from bot.queries.pay_settling import settle_past
from bot.queries.pay_spiffs import spiff_lines
from bot.runtime import Runtime
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.roster import read_roster

NO_PLAN = "No pay plan is set for you here."
HOW_TO_HAVE_ONE = (
    "Ask whoever looks after me: a line under `pay: plans:` in app.yaml gives a role its plan."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MyPay:
    name: str
    first_name: str
    is_own: bool
    plan: str
    since: date
    currency: str
    period: str
    first: date
    last: date
    lines: tuple[PayLine, ...]
    #: SPIFFs, draws, what is given back.
    extras: tuple[Line, ...]
    earned: Decimal
    target: Decimal
    #: Of all components; None while it is too early to say for any that is measured.
    outlook: Outlook | None
    variable: Decimal
    as_of: datetime | None
    locale: str
    zone: str
    #: Where that lies within the period; quota and target are for the days since.
    began_on: date | None = None
    #: Paid by what a whole team brings.
    is_team: bool = False

    @property
    def drawn(self) -> Decimal:
        """What a draw fills up for now."""
        return _sum([each.amount for each in self.extras if each.kind is Kind.DRAW])


def ask(runtime: Runtime, *, asker: SlackUserId, words: str = "") -> MyPay:
    """One's own, or that of a person whom the settings let one see.

    Raises UnknownPerson, or NotAllowed with who may.
    """
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        reader = require_pay_reader(
            session, asker, roster=roster, organisation=runtime.organisation
        )
        person = reader.person
        today = runtime.clock.now().astimezone(reader.zone).date()
        if words:
            seen = require_earner(session, roster, runtime.organisation, reader, words)
            earner = earner_of(runtime, roster, seen, today)
        else:
            earner = None if person is None else earner_for(runtime, roster, person, today)
        if earner is None:
            raise NotAllowed(NO_PLAN, hint=HOW_TO_HAVE_ONE)
        return read_pay(
            session,
            runtime,
            earner,
            today=today,
            everybody=read_earners(runtime, roster, today),
            is_own=person is not None and earner.id == person.crm_id,
            locale=reader.locale,
            zone=reader.zone.key,
        )


def read_pay(
    session: Session,
    runtime: Runtime,
    earner: Earner,
    *,
    today: date,
    everybody: Sequence[Earner],
    is_own: bool,
    locale: str,
    zone: str,
) -> MyPay:
    knowledge = Knowledge(day=today, now=runtime.clock.now())
    measures = measures_for(session, runtime, [earner], knowledge, names_of(everybody))
    earner, settlement = _under_way(runtime, earner, today)
    read = PayLines(measures=measures, earner=earner, everybody=everybody, today=today)
    lines, spiffs = tuple(read.of(settlement)), tuple(spiff_lines(measures, earner, settlement))
    of_parts = _sum([each.amount for each in lines])
    extras = (*spiffs, *settle_past(measures, earner, settlement, of_parts))
    return MyPay(
        name=earner.name,
        first_name=earner.first_name,
        is_own=is_own,
        began_on=earner.started_on if settlement.first < earner.started_on else None,
        is_team=earner.counts != (earner.id,),
        plan=earner.plan.title,
        since=earner.plan.begins,
        currency=earner.plan.currency,
        period=settlement.label,
        first=settlement.first,
        last=settlement.last,
        lines=lines,
        extras=extras,
        earned=of_parts + _sum([each.amount for each in extras]),
        target=_sum([each.target for each in lines]),
        outlook=_together(lines),
        variable=earner.variable,
        as_of=mirrored_at(session),
        locale=locale,
        zone=zone,
    )


def _under_way(runtime: Runtime, earner: Earner, today: date) -> tuple[Earner, PayPeriod]:
    """The settlement of today, and the earner with the version of their plan that pays it."""
    fiscal = runtime.organisation.fiscal
    first = period_of(earner.plan.period, today, fiscal).first
    plan = runtime.pay.paying(earner.plan.key, first, today) or earner.plan
    return replace(earner, plan=plan), period_of(plan.period, today, fiscal)


def _sum(amounts: Sequence[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)


def _together(lines: Sequence[PayLine]) -> Outlook | None:
    """What is over counts as it stands; None while anything under way cannot be foretold."""
    under_way = [each for each in lines if each.metric is not None and not each.is_over]
    if not under_way or any(each.outlook is None for each in under_way):
        return None
    found = [
        each.outlook or Outlook(likely=each.amount, low=each.amount, high=each.amount)
        for each in lines
    ]
    return Outlook(
        likely=_sum([each.likely for each in found]),
        low=_sum([each.low for each in found]),
        high=_sum([each.high for each in found]),
    )

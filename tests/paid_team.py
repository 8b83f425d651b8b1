"""Kim, Sam and Maria with pay plans: a quarter under way, quotas in the CRM, deals won."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Engine

from bot.domain.ids import RoleKey
from bot.domain.organisation import Organisation
from bot.domain.pay_settings import PaySettings
from bot.runtime import Runtime
from tests.coached_team import Team, books, runtime_at
from tests.mirrored import KIM, MARIA, ORGANISATION, SAM, Mirror, berlin, mirror_with

TODAY = date(2026, 3, 9)
NOW = berlin(TODAY, 9)
PLANS = {
    RoleKey("mid_market_ae"): "mid_market_ae",
    RoleKey("manager"): "sales_manager",
}
PAY = PaySettings(plans=PLANS)


def organisation_with(**changes: object) -> Organisation:
    return replace(ORGANISATION, pay=replace(PAY, **changes))  # type: ignore[arg-type]  # named as the fields are


def quota(mirror: Mirror, owner: str, amount: int, begins: date = date(2026, 1, 1)) -> None:
    mirror.write(
        "quota",
        id=mirror.record_id("0J9"),
        owner_id=owner,
        starts_on=begins,
        amount_cents=amount * 100,
    )


def won(mirror: Mirror, owner: str, amount: int, day: date, **fields: object) -> str:
    deal = mirror.deal(
        berlin(date.fromordinal(day.toordinal() - 30)),
        owner_id=owner,
        stage_name="Proposal",
        amount_cents=amount * 100,
        **fields,
    )
    mirror.change(deal, berlin(day), stage_name="Closed Won", close_on=day)
    return deal


def paid_team(database: Engine) -> Team:
    """Kim has won 80,000 of 100,000 by four deals, Sam 20,000 of 100,000 by one."""
    return Team(mirror_with(database, "paid team", _fill))


def _fill(mirror: Mirror) -> None:
    for owner in (KIM, SAM):
        quota(mirror, owner, 100_000)
    for month, day, amount in ((1, 14, 20_000), (1, 30, 20_000), (2, 16, 20_000), (3, 4, 20_000)):
        won(mirror, KIM, amount, date(2026, month, day))
    won(mirror, SAM, 20_000, date(2026, 2, 10))
    won(mirror, KIM, 10_000, date(2025, 11, 12))
    mirror.pulled(as_of=NOW)
    mirror.roll_up(NOW)
    Team(mirror).match()


def runtime_of(team: Team, now: datetime = NOW, **pay: object) -> Runtime:
    return runtime_at(now, team.database, pay=books().pay, organisation=organisation_with(**pay))


def decimals(**numbers: str) -> Mapping[str, Decimal]:
    return {name: Decimal(number) for name, number in numbers.items()}


__all__ = ["KIM", "MARIA", "NOW", "PAY", "SAM", "TODAY", "paid_team", "quota", "runtime_of", "won"]

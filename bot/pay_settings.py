"""The section ``pay`` of app.yaml, and what stands under ``people:`` about one person's pay."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from bot.compensation.plan import PayBook, PayPlan
from bot.compensation.plan_file import exact
from bot.documents import Document, did_you_mean, places_at
from bot.domain.ids import RecordId, RoleKey
from bot.domain.pay_settings import DealSplit, PaySettings, PersonPay, TasksDone

SLIP = Decimal("0.000001")


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class SplitPart(_Part):
    record: Annotated[str, Field(min_length=15, max_length=18)]
    """the opportunity's record id"""
    shares: Annotated[dict[str, Annotated[float, Field(gt=0, le=1)]], Field(min_length=2)]
    """CRM e-mail or user id to the share of the credit; they add up to 1"""


class PayPart(_Part):
    plans: dict[str, str] = Field(default_factory=dict)
    """role to the plan that its people have; without a line nobody has one"""
    leaders: list[str] = Field(default_factory=list)
    """e-mails of who may audit and simulate plans; that shows no single person's pay"""
    sees_each_person: list[str] = Field(default_factory=list)
    """e-mails of who may see every single person's pay, by name"""
    managers_see_reports: StrictBool = False
    """true: managers see what `/pay` tells those who report to them"""
    managers_audit: StrictBool = False
    """true: managers audit the plans of those who report to them, in sums of five or more"""
    thresholds: dict[str, float] = Field(default_factory=dict)
    """check id to your threshold in place of ours, such as C17: 0.3"""
    splits: list[SplitPart] = Field(default_factory=list)
    """deals whose credit several people share"""


class TasksDonePart(_Part):
    begins: date
    """the first day of the period"""
    done: dict[str, Annotated[float, Field(ge=0, le=1)]]
    """task key to the share done"""


class PersonPayPart(_Part):
    plan: str | None = None
    """their plan, where it is not that of their role"""
    ote: Annotated[float, Field(gt=0)] | None = None
    """their base and variable pay of a year at target"""
    variable: Annotated[float, Field(gt=0)] | None = None
    """the variable part of it"""
    quotas: dict[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    """component to their quota of one period"""
    tasks: list[TasksDonePart] = Field(default_factory=list)
    """how far their tasks were done"""


def check_pay(document: Document, book: PayBook | None, checks: Collection[str]) -> None:
    """Complain about plans, components and checks that there are not."""
    for place, _ in places_at(document, "pay", "thresholds", "*"):
        if checks and place[-1] not in checks:
            hint = did_you_mean(str(place[-1]), checks)
            document.complain(place, f"no pay check called '{place[-1]}'", hint=hint)
    _check_splits(document)
    for place, terms in places_at(document, "people", "*", "pay"):
        if isinstance(terms, dict):
            _check_variable(document, (*place, "variable"), terms)
    if book is None:
        return
    for pattern in (("pay", "plans", "*"), ("people", "*", "pay", "plan")):
        for place, plan in places_at(document, *pattern):
            if isinstance(plan, str) and plan not in book.plans:
                hint = did_you_mean(plan, book.plans) or "plans are in playbooks/compensation/"
                document.complain(place, f"no pay plan called '{plan}'", hint=hint)
    _check_quotas(document, book)


def _check_splits(document: Document) -> None:
    for place, shares in places_at(document, "pay", "splits", "*", "shares"):
        told = list(shares.values()) if isinstance(shares, dict) else []
        numbers = [number for number in told if type(number) in {int, float} and isfinite(number)]
        if len(numbers) == len(told) > 0 and abs(sum(map(exact, numbers), Decimal(-1))) > SLIP:
            document.complain(place, "the shares of a deal do not add up to 1", hint="0.6 and 0.4")


def _check_variable(
    document: Document, place: tuple[str | int, ...], terms: Mapping[str, object]
) -> None:
    ote, variable = terms.get("ote"), terms.get("variable")
    if isinstance(ote, int | float) and isinstance(variable, int | float) and variable > ote:
        document.complain(place, "the variable pay is a part of `ote`", hint="at most as large")


def _check_quotas(document: Document, book: PayBook) -> None:
    versions: list[PayPlan] = [each for plan in book.plans.values() for each in plan]
    components = {each.key for plan in versions for each in plan.components}
    tasks = {task.key for plan in versions for each in plan.components for task in each.tasks}
    for pattern, known, kind in (
        (("people", "*", "pay", "quotas", "*"), components, "component"),
        (("people", "*", "pay", "tasks", "*", "done", "*"), tasks, "task"),
    ):
        for place, _ in places_at(document, *pattern):
            if place[-1] not in known:
                hint = did_you_mean(str(place[-1]), known)
                document.complain(place, f"no plan has a {kind} '{place[-1]}'", hint=hint)


def read_pay_settings(part: PayPart, people: Mapping[str, PersonPayPart | None]) -> PaySettings:
    return PaySettings(
        plans={RoleKey(role): plan for role, plan in part.plans.items()},
        leaders=frozenset(email.lower() for email in part.leaders),
        sees_each_person=frozenset(email.lower() for email in part.sees_each_person),
        managers_see_reports=part.managers_see_reports,
        managers_audit=part.managers_audit,
        thresholds={check: exact(value) for check, value in part.thresholds.items()},
        people={key.lower(): _person(each) for key, each in people.items() if each is not None},
        splits=tuple(
            DealSplit(
                record=RecordId(each.record),
                shares={who.lower(): exact(share) for who, share in each.shares.items()},
            )
            for each in part.splits
        ),
    )


def _person(part: PersonPayPart) -> PersonPay:
    return PersonPay(
        plan=part.plan,
        ote=None if part.ote is None else exact(part.ote),
        variable=None if part.variable is None else exact(part.variable),
        quotas={key: exact(quota) for key, quota in part.quotas.items()},
        tasks=tuple(
            TasksDone(begins=each.begins, done={k: exact(v) for k, v in each.done.items()})
            for each in part.tasks
        ),
    )

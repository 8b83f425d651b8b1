"""playbooks/compensation/: plan files become plans, or complaints with line numbers."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from bot.compensation.curve import NOTHING, WHOLE, Curve, Tier
from bot.compensation.plan import (
    Component,
    Control,
    Draw,
    Objective,
    ObjectiveKey,
    PayBook,
    PayPlan,
    Period,
    PlanKey,
    Spiff,
    Task,
)
from bot.compensation.plan_checks import check_objectives, check_plan, check_versions
from bot.compensation.plan_parts import ComponentPart, DrawPart, ObjectivesFile, PlanPart, SpiffPart
from bot.documents import Document, check, load_document
from bot.domain.errors import ConfigError, Problem
from bot.domain.ids import MetricKey, RoleKey
from bot.domain.metric import Metric

OBJECTIVES = "objectives.yaml"


def exact(number: float) -> Decimal:
    """As it was written: 0.1 is a tenth, and 3 is read as 3, not as 3.0."""
    found = Decimal(str(number))
    whole = found.to_integral_value()
    return whole if found == whole else found


def load_pay_book(
    folder: Path,
    metrics: Mapping[MetricKey, Metric],
    *,
    roles: Collection[str],
    problems: list[Problem],
) -> PayBook:
    """Every plan under ``folder``; what is wrong goes to ``problems``. No folder, no plans."""
    name = f"{folder.parent.name}/{folder.name}"
    objectives = _load_objectives(folder, name, roles, problems)
    known = {str(each.key) for each in objectives}
    versions: dict[PlanKey, list[PayPlan]] = {}
    read: list[tuple[Document, PayPlan]] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name == OBJECTIVES:
            continue
        try:
            document = load_document(path, name=f"{name}/{path.name}")
        except ConfigError as error:
            problems.extend(error.problems)
            continue
        plan = read_plan(document, metrics, roles=roles, objectives=known)
        if plan is not None:
            read.append((document, plan))
        else:
            problems.extend(document.problems)
    check_versions(read)
    for document, plan in read:
        problems.extend(document.problems)
        versions.setdefault(plan.key, []).append(plan)
    return PayBook(
        plans={key: sorted(each, key=lambda one: one.begins) for key, each in versions.items()},
        objectives=objectives,
    )


def _load_objectives(
    folder: Path, name: str, roles: Collection[str], problems: list[Problem]
) -> tuple[Objective, ...]:
    path = folder / OBJECTIVES
    if not path.is_file():
        return ()
    try:
        document = load_document(path, name=f"{name}/{path.name}")
    except ConfigError as error:
        problems.extend(error.problems)
        return ()
    part = check(document, ObjectivesFile)
    check_objectives(document, roles)
    problems.extend(document.problems)
    if part is None:
        return ()
    return tuple(
        Objective(
            key=ObjectiveKey(key),
            title=each.title,
            weight=exact(each.weight),
            managed_because=each.managed_because,
            deal_types=frozenset(each.deal_types),
            roles=frozenset(each.roles),
            is_prospecting=each.prospecting,
            line=document.line_of(("objectives", key)),
        )
        for key, each in part.objectives.items()
    )


def read_plan(
    document: Document,
    metrics: Mapping[MetricKey, Metric],
    *,
    roles: Collection[str],
    objectives: Collection[str],
) -> PayPlan | None:
    """A plan, or None with every complaint in ``document.problems``."""
    part = check(document, PlanPart)
    check_plan(document, metrics, roles=roles, objectives=objectives)
    if part is None or document.problems:
        return None
    return PayPlan(
        key=PlanKey(part.plan),
        title=part.title,
        because=part.because,
        begins=part.begins,
        roles=tuple(map(RoleKey, part.roles)),
        currency=part.currency,
        ote=exact(part.ote),
        variable=exact(part.variable),
        period=Period(part.period),
        components=tuple(
            _component(document, key, each, Period(each.period or part.period))
            for key, each in part.components.items()
        ),
        spiffs=tuple(map(_spiff, part.spiffs)),
        draw=None if part.draw is None else _draw(part.draw),
        ramp=tuple(map(exact, part.ramp)),
        clawback_days=part.clawback_days,
        file=document.file,
        fingerprint=sha256(part.model_dump_json().encode()).hexdigest()[:12],
    )


def _component(document: Document, key: str, part: ComponentPart, period: Period) -> Component:
    quota = part.quota
    return Component(
        key=key,
        title=part.title,
        weight=exact(part.weight),
        period=period,
        metric=MetricKey(part.measures) if part.measures else None,
        quota=None if quota is None or isinstance(quota, str) else exact(quota),
        curve=curve_of(part),
        serves=tuple(map(ObjectiveKey, part.serves)),
        control=Control(part.control) if part.control else None,
        tasks=tuple(
            Task(key=name, title=each.title, share=exact(each.share))
            for name, each in part.tasks.items()
        ),
        line=document.line_of(("components", key)),
    )


def curve_of(part: ComponentPart) -> Curve:
    tiers: Sequence[Tier] = [
        Tier(begins=exact(each.begins), rate=exact(each.rate), is_retroactive=each.retroactive)
        for each in part.tiers
    ] or [Tier(begins=NOTHING, rate=WHOLE)]
    return Curve(
        tiers=tuple(tiers),
        threshold=exact(part.threshold),
        cap=None if part.cap is None else exact(part.cap),
    )


def _draw(part: DrawPart) -> Draw:
    return Draw(
        each_month=exact(part.each_month), months=part.months, is_recoverable=part.recoverable
    )


def _spiff(part: SpiffPart) -> Spiff:
    return Spiff(
        title=part.title,
        metric=MetricKey(part.measures),
        each=exact(part.each),
        first_day=part.first_day,
        last_day=part.last_day,
        most=None if part.most is None else exact(part.most),
        budget=None if part.budget is None else exact(part.budget),
    )

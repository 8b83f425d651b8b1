"""What is wrong with a plan file beyond its shape; each complaint names its line and the remedy."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal

from pydantic import ValidationError

from bot.compensation.curve import NOTHING, WHOLE, Curve, Tier
from bot.compensation.plan import PayPlan
from bot.compensation.plan_parts import TierPart
from bot.documents import Document, Place, check_keys, did_you_mean, places_at
from bot.domain.ids import MetricKey
from bot.domain.metric import Aggregate, Metric, Unit, Valence

ADDS_UP = "measure what is counted or summed and is better higher, such as won_amount"
#: So far may a sum of shares as they were written stray from one.
SLIP = Decimal("0.000001")


def check_plan(
    document: Document,
    metrics: Mapping[MetricKey, Metric],
    *,
    roles: Collection[str],
    objectives: Collection[str],
) -> None:
    """Looked for as it stands: a mistake elsewhere in the file hides none in here."""
    for part in ("components", "spiffs"):
        for place, name in places_at(document, part, "*", "measures"):
            if isinstance(name, str):
                _check_metric(document, place, name, metrics)
    check_keys(document, "components.*", "component", "won")
    check_keys(document, "components.*.tasks.*", "task", "account_plans")
    _check_known(document, "roles.*", roles, "role playbook")
    _check_known(document, "components.*.serves.*", objectives, "objective")
    _check_weights(document, ("components",), "weight", "the weights of all components")
    _check_money(document)
    for name, look in (("components", _check_component), ("spiffs", _check_days)):
        for place, told in places_at(document, name, "*"):
            if isinstance(told, dict):
                look(document, place, told)


def _check_known(document: Document, at: str, known: Collection[str], kind: str) -> None:
    for place, word in places_at(document, *at.split(".")):
        if isinstance(word, str) and word not in known:
            hint = did_you_mean(word, known) or "name it in objectives.yaml"
            document.complain(place, f"no {kind} called '{word}'", hint=hint)


def check_objectives(document: Document, roles: Collection[str]) -> None:
    _check_known(document, "objectives.*.roles.*", roles, "role playbook")
    _check_weights(document, ("objectives",), "weight", "the weights of all objectives")


def check_versions(read: Sequence[tuple[Document, PayPlan]]) -> None:
    """No two versions of one plan begin on the same day, and all are in one currency."""
    seen: dict[tuple[str, object], str] = {}
    currencies: dict[str, PayPlan] = {}
    for document, plan in read:
        first = currencies.setdefault(plan.key, plan)
        if first.currency != plan.currency:
            document.complain(
                ("currency",),
                f"{first.file} has '{plan.key}' in {first.currency}",
                hint="a plan in another currency is another plan: give it a key of its own",
            )
        known = seen.setdefault((plan.key, plan.begins), document.file)
        if known != document.file:
            document.complain(
                ("begins",),
                f"{known} is the version of '{plan.key}' that begins on that day",
                hint="a new version begins on a later day; the old one is left as it was",
            )


def _check_metric(
    document: Document, place: Place, name: str, metrics: Mapping[MetricKey, Metric]
) -> None:
    metric = metrics.get(MetricKey(name))
    if not metrics:
        # They could not be read, which is complained about elsewhere.
        return
    if metric is None:
        hint = did_you_mean(name, metrics)
        document.complain(place, f"no metric called '{name}'", hint=hint)
    elif metric.valence is Valence.LOWER:
        document.complain(place, f"'{name}' is better lower, so nobody attains it", hint=ADDS_UP)
    elif metric.aggregate not in {Aggregate.COUNT, Aggregate.SUM} or metric.is_state:
        document.complain(place, f"'{name}' does not add up over a period", hint=ADDS_UP)
    elif place[0] == "spiffs" and metric.unit is not Unit.COUNT:
        document.complain(place, f"'{name}' is no count", hint="a SPIFF pays so much for each")


def _check_weights(document: Document, at: Place, name: str, of_what: str) -> None:
    told = [value for _, value in places_at(document, *map(str, at), "*", name)]
    numbers = list(_numbers(told))
    total = sum(numbers, NOTHING)
    if numbers and len(numbers) == len(told) and abs(total - WHOLE) > SLIP:
        document.complain(at, f"{of_what} add up to {total.normalize():f}", hint="they add up to 1")


def _numbers(told: Iterable[object]) -> Iterator[Decimal]:
    for each in told:
        if isinstance(each, int | float) and not isinstance(each, bool):
            yield Decimal(str(each))


def _check_component(document: Document, place: Place, part: Mapping[str, object]) -> None:
    has_tasks = bool(part.get("tasks"))
    if bool(part.get("measures")) == has_tasks:
        document.complain(
            place, "a component has a measure or tasks", hint="keep `measures:` or `tasks:`"
        )
    if has_tasks:
        _check_weights(document, (*place, "tasks"), "share", "the shares of all tasks")
        for name in ("quota", "tiers", "threshold", "cap"):
            if part.get(name):
                document.complain((*place, name), f"tasks have no {name}", hint="leave it out")
    elif part.get("quota") is None:
        document.complain(
            place, "'quota' is missing", hint="add `quota:` with a number, or `quota: crm`"
        )
    tiers = part.get("tiers")
    if isinstance(tiers, list) and tiers:
        _check_tiers(document, (*place, "tiers"), tiers, part)


def _check_tiers(
    document: Document, place: Place, told: Sequence[object], part: Mapping[str, object]
) -> None:
    tiers: list[Tier] = []
    with suppress(ValidationError):
        for each in told:
            tier = TierPart.model_validate(each)
            tiers.append(
                Tier(
                    begins=Decimal(str(tier.begins)),
                    rate=Decimal(str(tier.rate)),
                    is_retroactive=tier.retroactive,
                )
            )
    if len(tiers) != len(told):
        return
    starts = [tier.begins for tier in tiers]
    if starts[0] != NOTHING or starts != sorted(set(starts)):
        document.complain(
            place, "tiers rise from 0", hint="the first is `from: 0`, each starts after the last"
        )
        return
    _check_falls(document, place, tiers)
    [*_, threshold] = [NOTHING, *_numbers([part.get("threshold")])]
    at_target = Curve(tiers=tuple(tiers), threshold=threshold).pays(WHOLE, WHOLE)
    if abs(at_target - WHOLE) > SLIP:
        document.complain(
            place,
            f"at 100% of the quota these tiers pay {float(at_target * 100):.4g}% of the target pay",
            hint=_remedy(tiers, at_target),
        )


def _remedy(tiers: Sequence[Tier], at_target: Decimal) -> str:
    """The rate of the last tier below the quota that would pay exactly the target."""
    last = [tier for tier in tiers if tier.begins < WHOLE][-1]
    width = WHOLE - last.begins
    rate = last.rate + (WHOLE - at_target) / width
    if rate < NOTHING or any(tier.is_retroactive for tier in tiers):
        return "target pays target: raise or lower the rates below 1"
    return f"target pays target: the tier from {last.begins:f} needs the rate {float(rate):.6g}"


def _check_falls(document: Document, place: Place, tiers: Sequence[Tier]) -> None:
    """Beyond the start of a retroactive tier nobody is paid less than at it."""
    for number, tier in enumerate(tiers):
        at_start = Curve(tiers=tuple(tiers)).pays(tier.begins, WHOLE)
        if tier.is_retroactive and tier.rate * tier.begins < at_start:
            document.complain(
                (*place, number),
                "beyond its start one would be paid less than at it",
                hint=f"a rate of {float(at_start / tier.begins):.4g} or more",
            )


def _check_money(document: Document) -> None:
    content = document.content if isinstance(document.content, dict) else {}
    match list(_numbers([content.get("ote"), content.get("variable")])):
        case [ote, variable] if variable > ote:
            document.complain(
                ("variable",), "the variable pay is a part of `ote`", hint="it is at most as large"
            )
    ramp = content.get("ramp")
    if isinstance(ramp, list) and ramp:
        shares = list(_numbers(ramp))
        if len(shares) == len(ramp) and (shares != sorted(shares) or shares[-1] > 1):
            hint = "for example [0.25, 0.5, 0.75, 1]"
            document.complain(("ramp",), "a ramp does not fall", hint=hint)
        if any(share == NOTHING for share in shares):
            hint = "a `draw:` pays in a month in which nothing is asked"
            document.complain(("ramp",), "a quota of zero cannot be attained", hint=hint)


def _check_days(document: Document, place: Place, spiff: Mapping[str, object]) -> None:
    first, last = spiff.get("first_day"), spiff.get("last_day")
    if type(first) is type(last) and str(first) > str(last):
        document.complain((*place, "last_day"), "it ends before it begins", hint=f"after {first}")

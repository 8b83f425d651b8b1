"""One thing that an audit of a pay plan looks at; the folder ``checks/`` is the registry."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.compensation import checks
from bot.compensation.evidence import FEWEST_PEOPLE, FEWEST_PERIODS, PayEvidence
from bot.compensation.plan import Component
from bot.domain.metric import Unit


class Severity(StrEnum):
    HIGH = "act on it"
    MEDIUM = "look into it"
    LOW = "good to know"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number that a finding rests on, and where it comes from."""

    label: str
    value: Decimal | float | int | str
    #: None for words.
    unit: Unit | None
    #: A place in a file, or a command that shows it; empty for what is worked out from these.
    source: str = ""
    #: Of pay, in the plan's currency; other money is the CRM's.
    is_pay: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    #: What it is about, so that two findings of one check can be told apart.
    subject: str
    severity: Severity
    what: str
    numbers: tuple[Number, ...]
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasurable:
    """Too little is known to say anything, which is not the same as nothing being wrong."""

    because: str


Seen = Finding | NotMeasurable


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    #: C01 to C20, as the literature that they rest on is listed.
    id: str
    title: str
    #: Why it matters, in one sentence.
    because: str
    #: Where the check and its threshold come from.
    source: str
    threshold: Decimal | None
    look: Callable[[PayEvidence, Decimal], Iterator[Seen]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """One check's outcome; sound when nothing was found and nothing was missing."""

    check: Check
    findings: tuple[Finding, ...]
    not_measurable: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        return not self.findings and not self.not_measurable


def load_checks() -> Mapping[str, Check]:
    """Every check in the folder, by id."""
    found: dict[str, Check] = {}
    for module in sorted(pkgutil.iter_modules(checks.__path__), key=lambda each: each.name):
        check: Check = importlib.import_module(f"{checks.__name__}.{module.name}").CHECK
        found[check.id] = check
    return found


def audit(
    evidence: PayEvidence,
    known: Mapping[str, Check],
    thresholds: Mapping[str, Decimal],
) -> Sequence[Audited]:
    """Every check over one plan, in the order of their ids."""
    done: list[Audited] = []
    for check in known.values():
        threshold = thresholds.get(check.id, check.threshold or Decimal(0))
        seen = list(check.look(evidence, threshold))
        done.append(
            Audited(
                check=check,
                findings=tuple(each for each in seen if isinstance(each, Finding)),
                not_measurable=tuple(
                    each.because for each in seen if isinstance(each, NotMeasurable)
                ),
            )
        )
    return done


def place(evidence: PayEvidence, line: int | None) -> str:
    return evidence.plan.file if line is None else f"{evidence.plan.file}:{line}"


def component_number(evidence: PayEvidence, component: Component) -> Number:
    """A component with its weight and its line in the plan's file."""
    return Number(
        label=component.title,
        value=component.weight,
        unit=Unit.SHARE,
        source=place(evidence, component.line),
    )


def too_little(evidence: PayEvidence, *, people: int = FEWEST_PEOPLE) -> NotMeasurable | None:
    """What is missing before an outcome is judged; None when there is enough."""
    settled = evidence.settled()
    seen = len({each.person for each in settled})
    if seen >= people and len(settled) >= FEWEST_PERIODS:
        return None
    return NotMeasurable(
        because=f"it takes {people} people past their ramp and {FEWEST_PERIODS} settled periods "
        f"of theirs with a quota and a result; there are {seen} and {len(settled)}"
    )

"""playbooks/onboarding/: programme files become one Programme for each role, or complaints."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.documents import Document, Place, check, check_keys, did_you_mean, load_document, places_at
from bot.domain.errors import ConfigError, Problem
from bot.domain.ids import MetricKey, RoleKey
from bot.domain.metric import Aggregate
from bot.domain.programme import Measure, Milestone, MilestoneKind, Programme
from bot.domain.success_model import SuccessModel
from bot.metrics.definition import Definition
from bot.metrics.expression import ExpressionError, parse_expression
from bot.metrics.fact_tables import Kind
from bot.onboarding.programme_file import MeasurePart, MilestonePart, ProgrammePart

FOLDER = "onboarding"
ADD_UP = {Aggregate.COUNT, Aggregate.SUM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What programmes may speak of."""

    metrics: Mapping[MetricKey, Definition]
    models: Mapping[RoleKey, SuccessModel]
    #: Also of files with a mistake in them, so that one mistake does not make others.
    metric_names: frozenset[str]
    role_names: frozenset[str]


def load_programmes(folder: Path, known: Known, problems: list[Problem]) -> tuple[Programme, ...]:
    """Every file in ``folder/onboarding``; complaints are added to ``problems``."""
    found: list[Programme] = []
    said: dict[tuple[str, int], str] = {}
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        try:
            document = load_document(path, name=f"{folder.name}/{FOLDER}/{path.name}")
        except ConfigError as error:
            problems.extend(error.problems)
            continue
        part = check(document, ProgrammePart)
        _check_milestones(document, known)
        _check_roles(document, known)
        if part is not None:
            _check_version(document, part, said, found)
            if not document.problems:
                found.extend(_programmes(part, known))
        problems.extend(document.problems)
    return tuple(found)


def _check_roles(document: Document, known: Known) -> None:
    for place, role in places_at(document, "roles", "*"):
        if isinstance(role, str) and role not in known.role_names:
            hint = did_you_mean(role, known.role_names)
            document.complain(place, f"no role file called '{role}'", hint=hint)


def _check_version(
    document: Document,
    part: ProgrammePart,
    said: dict[tuple[str, int], str],
    found: Iterable[Programme],
) -> None:
    here = (part.programme, part.version)
    if here in said:
        document.complain(
            ("version",),
            f"version {part.version} of {part.programme} is in {said[here]} already",
            hint="count the version up; whoever began with the old one keeps it",
        )
    said.setdefault(here, document.file)
    _check_order(document, part, found)
    for other in found:
        if other.role not in part.roles or other.starts_from != part.starts_from:
            continue
        if other.key != part.programme or other.version != part.version:
            document.complain(
                ("starts_from",) if part.starts_from else ("roles",),
                f"{other.key} version {other.version} is for the same role and the same starts "
                f"({other.role})",
                hint="give the newer one a later `starts_from:`",
            )
            return


def _check_order(document: Document, part: ProgrammePart, found: Iterable[Programme]) -> None:
    """Whoever starts on a day has the version that began last, so the newest has to."""
    mine = part.starts_from or date.min
    for other in found:
        theirs = other.starts_from or date.min
        is_mine = other.key == part.programme and other.role in part.roles
        if is_mine and (other.version < part.version) != (theirs < mine) and theirs != mine:
            document.complain(
                ("starts_from",) if part.starts_from else ("version",),
                f"version {part.version} does not begin in its order with {other.version}",
                hint="each newer version has a later `starts_from:`",
            )
            return


def _check_milestones(document: Document, known: Known) -> None:
    said = document.content if isinstance(document.content, dict) else {}
    milestones = said.get("milestones")
    milestones = milestones if isinstance(milestones, dict) else {}
    check_keys(document, "milestones.*", "milestone", "first_meeting")
    outcome = said.get("outcome")
    if isinstance(outcome, str) and milestones and outcome not in milestones:
        hint = did_you_mean(outcome, milestones)
        document.complain(("outcome",), f"no milestone called '{outcome}'", hint=hint)
    for place, name in places_at(document, "milestones", "*", "needs", "*"):
        if isinstance(name, str):
            _check_need(document, place, name, milestones)
    for key, milestone in milestones.items():
        if isinstance(milestone, dict):
            _check_kind(document, ("milestones", key), milestone)
    for place, measure in places_at(document, "milestones", "*", "measure"):
        if isinstance(measure, dict):
            _check_measure(document, place, measure, known)


def _check_need(
    document: Document, place: Place, name: str, milestones: Mapping[str, object]
) -> None:
    if name not in milestones:
        hint = did_you_mean(name, milestones)
        document.complain(place, f"no milestone called '{name}'", hint=hint)
        return
    mine, first = milestones[str(place[1])], milestones[name]
    days = [each.get("day") if isinstance(each, dict) else None for each in (first, mine)]
    if all(isinstance(day, int) for day in days) and days[0] >= days[1]:  # type: ignore[operator]  # just looked at
        document.complain(
            place,
            f"'{name}' is due on day {days[0]}, not before day {days[1]}",
            hint="what comes first is due on an earlier day",
        )


def _check_kind(document: Document, place: Place, milestone: Mapping[str, object]) -> None:
    kind = milestone.get("kind")
    if kind not in set(MilestoneKind):
        return
    is_measured = kind == MilestoneKind.MEASURED
    if is_measured and milestone.get("measure") is None:
        document.complain(
            (*place, "kind"), "what is measured needs a `measure:`", hint="name a metric"
        )
    if not is_measured and milestone.get("measure") is not None:
        document.complain((*place, "measure"), f"a {kind} is not measured", hint="remove it")
    if kind != MilestoneKind.CERTIFICATION and milestone.get("rubric"):
        document.complain((*place, "rubric"), f"a {kind} has no rubric", hint="remove it")


def _check_measure(
    document: Document, place: Place, measure: Mapping[str, object], known: Known
) -> None:
    name = str(measure.get("metric"))
    if name not in known.metric_names:
        hint = did_you_mean(name, known.metric_names) or "see playbooks/metrics"
        document.complain((*place, "metric"), f"no metric called '{name}'", hint=hint)
        return
    if (measure.get("at_least") is None) == (measure.get("share_of_target") is None):
        document.complain(
            place, "say how much: `at_least:` or `share_of_target:`", hint="one of the two"
        )
    definition = known.metrics.get(MetricKey(name))
    if definition is None:
        return
    metric = definition.metric
    if metric.aggregate not in ADD_UP or metric.is_state:
        document.complain(
            (*place, "metric"),
            f"'{name}' does not add up day by day, so no day completes it",
            hint="take a metric that counts or sums, or make it a sign_off",
        )
    where = measure.get("where")
    if isinstance(where, str):
        _check_where(document, (*place, "where"), where, definition)
    if measure.get("share_of_target") is not None:
        _check_target(document, place, name, known)


def _check_where(document: Document, place: Place, where: str, definition: Definition) -> None:
    try:
        term = parse_expression(where, definition.table.columns)
    except ExpressionError as error:
        document.complain(place, str(error), hint=error.hint)
        return
    if term.kind is not Kind.BOOLEAN:
        document.complain(place, "a condition is needed here", hint="such as seconds >= 600")


def _check_target(document: Document, place: Place, name: str, known: Known) -> None:
    said = document.content if isinstance(document.content, dict) else {}
    roles = said.get("roles")
    for role in roles if isinstance(roles, list) else ():
        model = known.models.get(RoleKey(str(role)))
        if model is not None and MetricKey(name) not in model.ranges:
            document.complain(
                (*place, "share_of_target"),
                f"{role} has no target for '{name}'",
                hint="give the role one, or say `at_least:` here",
            )


def _programmes(part: ProgrammePart, known: Known) -> Iterator[Programme]:
    for role in part.roles:
        model = known.models.get(RoleKey(role))
        yield Programme(
            key=part.programme,
            version=part.version,
            role=RoleKey(role),
            title=part.title,
            because=part.because,
            starts_from=part.starts_from,
            outcome=part.outcome,
            milestones=tuple(_milestone(key, each, model) for key, each in part.milestones.items()),
        )


def _milestone(key: str, part: MilestonePart, model: SuccessModel | None) -> Milestone:
    return Milestone(
        key=key,
        title=part.title,
        day=part.day,
        kind=part.kind,
        how=part.how,
        measure=_measure(part.measure, model) if part.measure else None,
        needs=tuple(part.needs),
        rubric=tuple(part.rubric),
        passes_at=part.passes_at,
    )


def _measure(part: MeasurePart, model: SuccessModel | None) -> Measure:
    metric = MetricKey(part.metric)
    target = model.ranges.get(metric) if model else None
    if part.share_of_target is None or target is None:
        return Measure(
            metric=metric, at_least=part.at_least or 0.0, weeks=part.weeks, where=part.where
        )
    return Measure(
        metric=metric,
        at_least=part.share_of_target * target.low,
        weeks=part.weeks or target.weeks,
        where=part.where,
    )

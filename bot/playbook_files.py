"""playbooks/: role files become success models, plays become prose; complaints carry lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.compensation.plan import PayBook
from bot.compensation.plan_file import load_pay_book
from bot.documents import Document, check, did_you_mean, load_document, places_at, read_text
from bot.domain.errors import ConfigError, Problem
from bot.domain.ids import MetricKey, RoleKey
from bot.domain.metric import Unit
from bot.domain.people import Role
from bot.domain.programme import Programme
from bot.domain.ramp import RampProfile
from bot.domain.success_model import LearnedFrom, LearnedRange, SuccessModel, TargetRange
from bot.hiring.scorecard import Scorecard
from bot.hiring.scorecard_file import load_scorecards
from bot.metrics.catalog import load_metrics
from bot.metrics.definition import Definition
from bot.onboarding.reading import Known, load_programmes

EVIDENCE = frozenset({"expert", "strong", "weak", "none"})


class _Part(BaseModel):
    """What a field says of itself goes into ``playbooks/README.md``."""

    model_config = ConfigDict(
        extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class RolePart(_Part):
    discipline: str
    """what they do, such as AE or SDR"""
    segment: str
    """to whom they sell"""


class TargetPart(_Part):
    low: float
    """where the range of sustained achievers begins"""
    high: float
    """where it ends; beyond it is not better by itself"""
    weeks: Annotated[int, Field(ge=1, le=104)] = 4
    """how many full weeks are looked at together"""
    leverage: Annotated[float, Field(ge=0, le=1)] = 0.0
    """the gain in sales to expect from closing a gap here, as a share"""
    play: str | None = None
    """the file in plays/ that says how to get better"""


class LearnedTargetPart(_Part):
    grade: Literal["strong", "weak"]
    """how strong the evidence for this metric was: strong or weak"""
    low: list[float]
    """between which two numbers the range's low end lies, with nine chances in ten"""
    high: list[float]
    """the same for its high end"""


class LearnedPart(_Part):
    day: date
    """the day up to which quarters were looked at"""
    reps: Annotated[int, Field(ge=1)]
    """how many reps it was learned from"""
    quarters: Annotated[int, Field(ge=1)]
    """how many quarters it was learned from"""
    ranges: dict[str, LearnedTargetPart] = Field(default_factory=dict)


class RoleFile(_Part):
    title: str
    """what people read"""
    because: str
    """why these metrics and these ranges"""
    role: RolePart
    evidence: Literal["expert", "strong", "weak", "none"] = "expert"
    """how well it is known that the ranges lead to sales"""
    ramp: list[Annotated[float, Field(ge=0, le=1)]] | None = Field(default=None, min_length=1)
    """the share of a full target that is fair at the end of month 1, 2, … in the role, and a \
month after the last one all of it; left out: 0.25, 0.5, 0.75, 1"""
    learned: LearnedPart | None = None
    """written by `pacesetter playbook learn`: what learned ranges rest on"""
    targets: Annotated[dict[str, TargetPart], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbooks:
    metrics: Mapping[MetricKey, Definition]
    models: Mapping[RoleKey, SuccessModel]
    #: Play key → its prose.
    plays: Mapping[str, str]
    #: How prospects for a role are judged.
    scorecards: Mapping[RoleKey, Scorecard] = field(default_factory=dict)
    programmes: tuple[Programme, ...] = ()
    pay: PayBook = field(default_factory=PayBook)


def load_playbooks(folder: Path) -> Playbooks:
    """Everything under ``folder``. Raises ConfigError with the problems of all files at once."""
    problems: list[Problem] = []
    metrics: Mapping[MetricKey, Definition] = {}
    try:
        metrics = load_metrics(folder / "metrics")
    except ConfigError as error:
        problems.extend(error.problems)
    plays = _read_plays(folder, problems)
    models = _read_roles(folder, metrics, plays, problems)
    roles = {path.stem for path in (folder / "roles").glob("*.yaml")}
    scorecards = load_scorecards(folder / "hiring", roles=roles, problems=problems)
    pay = load_pay_book(
        folder / "compensation",
        {key: each.metric for key, each in metrics.items()},
        roles=roles,
        problems=problems,
    )
    if not models and not problems:
        problems.append(Problem(file=f"{folder}/roles", message="there is no role file here"))
    programmes = load_programmes(folder, _known(folder, metrics, models), problems)
    if problems:
        raise ConfigError(problems)
    return Playbooks(
        metrics=metrics,
        models=models,
        plays=plays,
        scorecards=scorecards,
        programmes=programmes,
        pay=pay,
    )


def _read_roles(
    folder: Path,
    metrics: Mapping[MetricKey, Definition],
    plays: Mapping[str, str],
    problems: list[Problem],
) -> dict[RoleKey, SuccessModel]:
    known = {path.stem for path in (folder / "metrics").glob("*.yaml")}
    models: dict[RoleKey, SuccessModel] = {}
    for path in sorted((folder / "roles").glob("*.yaml")):
        try:
            document = load_document(path, name=f"{folder.name}/roles/{path.name}")
        except ConfigError as error:
            problems.extend(error.problems)
            continue
        model = _read_role(document, RoleKey(path.stem), known, metrics, plays)
        problems.extend(document.problems)
        if model is not None:
            models[model.key] = model
    return models


def _known(
    folder: Path,
    metrics: Mapping[MetricKey, Definition],
    models: Mapping[RoleKey, SuccessModel],
) -> Known:
    names = [
        frozenset(path.stem for path in (folder / part).glob("*.yaml"))
        for part in ("metrics", "roles")
    ]
    return Known(metrics=metrics, models=models, metric_names=names[0], role_names=names[1])


def _read_plays(folder: Path, problems: list[Problem]) -> dict[str, str]:
    plays = {}
    for path in sorted((folder / "plays").glob("*.md")):
        try:
            plays[path.stem] = read_text(path, file=f"{folder.name}/plays/{path.name}")
        except ConfigError as error:
            plays[path.stem] = ""
            problems.extend(error.problems)
    return plays


def _read_role(
    document: Document,
    key: RoleKey,
    known: set[str],
    metrics: Mapping[MetricKey, Definition],
    plays: Mapping[str, str],
) -> SuccessModel | None:
    part = check(document, RoleFile)
    # As they stand: a mistake elsewhere in the file hides none in here.
    for (_, name), target in places_at(document, "targets", "*"):
        if isinstance(target, dict):
            _check_target(document, str(name), target, known, metrics, plays)
    _check_ramp(document)
    _check_learned(document)
    if part is None or document.problems:
        return None
    role = Role(key=key, discipline=part.role.discipline, segment=part.role.segment)
    return SuccessModel(
        role=role,
        title=part.title,
        because=part.because,
        ranges={
            MetricKey(name): TargetRange(
                metric=MetricKey(name),
                low=target.low,
                high=target.high,
                weeks=target.weeks,
                leverage=target.leverage,
                play=target.play,
            )
            for name, target in part.targets.items()
        },
        evidence=part.evidence,
        ramp=RampProfile() if part.ramp is None else RampProfile(shares=tuple(part.ramp)),
        learned=_learned(part.learned),
    )


def _learned(part: LearnedPart | None) -> LearnedFrom | None:
    if part is None:
        return None
    return LearnedFrom(
        day=part.day,
        reps=part.reps,
        quarters=part.quarters,
        ranges={
            MetricKey(name): LearnedRange(
                grade=each.grade,
                low=(each.low[0], each.low[1]),
                high=(each.high[0], each.high[1]),
            )
            for name, each in part.ranges.items()
        },
    )


def _check_ramp(document: Document) -> None:
    for place, ramp in places_at(document, "ramp"):
        shares = ramp if isinstance(ramp, list) else []
        if all(isinstance(each, int | float) for each in shares) and shares != sorted(shares):
            document.complain(place, "a ramp does not fall", hint="for example [0.2, 0.6, 1]")


def _check_learned(document: Document) -> None:
    """Who claims to have learned says from whom, and who says so does not call it expertise."""
    said = document.content if isinstance(document.content, dict) else {}
    evidence, is_learned = said.get("evidence", "expert"), said.get("learned") is not None
    if evidence in EVIDENCE and is_learned == (evidence in {"expert", "none"}):
        document.complain(
            ("evidence",),
            f"evidence '{evidence}' does not go with "
            + ("`learned:`" if is_learned else "no `learned:`"),
            hint="`pacesetter playbook learn` writes strong or weak, and what it rests on",
        )
    targets = said.get("targets")
    for place, _ in places_at(document, "learned", "ranges", "*"):
        if isinstance(targets, dict) and place[-1] not in targets:
            hint = did_you_mean(str(place[-1]), map(str, targets))
            document.complain(place, f"'{place[-1]}' has no target here", hint=hint)
    for end in ("low", "high"):
        for place, span in places_at(document, "learned", "ranges", "*", end):
            numbers = span if isinstance(span, list) else []
            if all(isinstance(each, int | float) for each in numbers) and not _is_interval(numbers):
                document.complain(
                    place, "an interval is two numbers", hint="the smaller one goes first"
                )


def _is_interval(numbers: list[float]) -> bool:
    return len(numbers) == 2 and numbers[0] <= numbers[1]  # noqa: PLR2004 - from and to


def _check_target(
    document: Document,
    name: str,
    target: Mapping[str, object],
    known: set[str],
    metrics: Mapping[MetricKey, Definition],
    plays: Mapping[str, str],
) -> None:
    place, play = ("targets", name), target.get("play")
    if name not in known:
        hint = did_you_mean(name, known)
        document.complain(place, f"no metric called '{name}'", hint=hint or "see playbooks/metrics")
    if isinstance(play, str) and play not in plays:
        hint = did_you_mean(play, plays)
        document.complain((*place, "play"), f"no play called '{play}'", hint=hint)
    low, high = target.get("low"), target.get("high")
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return
    if low > high:
        document.complain(place, f"low {float(low)} lies above high {float(high)}")
    definition = metrics.get(MetricKey(name))
    is_share = definition is not None and definition.metric.unit is Unit.SHARE
    if is_share and not 0 <= low <= high <= 1:
        document.complain(place, "a share lies between 0 and 1", hint="write 0.8 for 80 %")

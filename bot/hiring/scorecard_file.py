"""playbooks/hiring/: one file, one role's scorecard; complaints carry lines."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.documents import Document, check, check_keys, did_you_mean, load_document, places_at
from bot.domain.errors import ConfigError, Problem
from bot.domain.ids import RoleKey
from bot.hiring.scorecard import OUTCOME_DAYS, Competency, Outcome, Scorecard

#: More than a conversation can test.
MOST_COMPETENCIES = 8


class _Part(BaseModel):
    """What a field says of itself goes into ``playbooks/README.md``."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class OutcomePart(_Part):
    days: Literal[90, 180, 365]
    """by how many days after the start: 90, 180 or 365"""
    outcome: Annotated[str, Field(pattern=r"\S", max_length=200)]
    """what is to have come about by then, so that anybody could count it"""


class AnchorsPart(_Part):
    one: Annotated[str, Field(alias="1", pattern=r"\S", max_length=200)]
    """what one sees and hears at a 1"""
    two: Annotated[str, Field(alias="2", pattern=r"\S", max_length=200)]
    """at a 2"""
    three: Annotated[str, Field(alias="3", pattern=r"\S", max_length=200)]
    """at a 3, which is good enough to hire"""
    four: Annotated[str, Field(alias="4", pattern=r"\S", max_length=200)]
    """at a 4"""
    five: Annotated[str, Field(alias="5", pattern=r"\S", max_length=200)]
    """at a 5"""


class CompetencyPart(_Part):
    title: Annotated[str, Field(pattern=r"\S", max_length=60)]
    """what people read"""
    because: Annotated[str, Field(pattern=r"\S", max_length=300)]
    """what it leads to in this job"""
    must: bool = True
    """whether nobody is hired without it"""
    ask: Annotated[str, Field(pattern=r"\S", max_length=300)]
    """the question or the task that shows it, the same for everybody"""
    anchors: AnchorsPart


class ScorecardFile(_Part):
    title: Annotated[str, Field(pattern=r"\S", max_length=60)]
    """what people read"""
    mission: Annotated[str, Field(pattern=r"\S", max_length=300)]
    """what the job is there for, in one sentence"""
    bench_target: Annotated[int, Field(ge=0, le=50)] = 2
    """how many prospects are to stand on the bench, slot or no slot"""
    outcomes: Annotated[list[OutcomePart], Field(min_length=3, max_length=9)]
    competencies: Annotated[dict[str, CompetencyPart], Field(min_length=1)]
    beware: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=8)] = Field(
        default_factory=list
    )
    """what looks like a good sign and is none"""


def load_scorecards(
    folder: Path, *, roles: Collection[str], problems: list[Problem]
) -> Mapping[RoleKey, Scorecard]:
    """Those that are right; what is wrong with the others is added to ``problems``."""
    found: dict[RoleKey, Scorecard] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            document = load_document(path, name=f"{folder.parent.name}/{folder.name}/{path.name}")
        except ConfigError as error:
            problems.extend(error.problems)
            continue
        card = _read(document, RoleKey(path.stem), roles)
        problems.extend(document.problems)
        if card is not None:
            found[card.role] = card
    return found


def _read(document: Document, key: RoleKey, roles: Collection[str]) -> Scorecard | None:
    if key not in roles:
        hint = did_you_mean(key, roles)
        document.complain((), f"no role playbook called '{key}'", hint=hint)
    part = check(document, ScorecardFile)
    _check_outcomes(document)
    _check_competencies(document)
    if part is None or document.problems:
        return None
    return Scorecard(
        role=key,
        title=part.title,
        mission=part.mission,
        bench_target=part.bench_target,
        outcomes=tuple(Outcome(days=each.days, words=each.outcome) for each in part.outcomes),
        competencies={name: _competency(name, each) for name, each in part.competencies.items()},
        beware=tuple(part.beware),
    )


def _competency(key: str, part: CompetencyPart) -> Competency:
    anchors = part.anchors
    return Competency(
        key=key,
        title=part.title,
        because=part.because,
        is_must=part.must,
        ask=part.ask,
        anchors=(anchors.one, anchors.two, anchors.three, anchors.four, anchors.five),
    )


def _check_outcomes(document: Document) -> None:
    told = [value for _, value in places_at(document, "outcomes", "*", "days")]
    if not told or not all(isinstance(value, int) for value in told):
        return
    for days in OUTCOME_DAYS:
        if days not in told:
            hint = f"add a line such as `- {{days: {days}, outcome: …}}`"
            document.complain(("outcomes",), f"nothing is to come about by day {days}", hint=hint)


def _check_competencies(document: Document) -> None:
    places = [place for place, _ in places_at(document, "competencies", "*")]
    if len(places) > MOST_COMPETENCIES:
        document.complain(
            places[MOST_COMPETENCIES],
            f"{len(places)} competencies are more than interviews can test",
            hint=f"keep the {MOST_COMPETENCIES} that matter most",
        )
    check_keys(document, "competencies.*", "competency", "deal_management")
    titles: dict[str, str] = {}
    for place, title in places_at(document, "competencies", "*", "title"):
        known = titles.setdefault(str(title).strip().lower(), str(place[1]))
        if known != place[1]:
            document.complain(
                place, f"'{known}' has that title too", hint="interviewers tell them apart by it"
            )

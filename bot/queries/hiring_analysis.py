"""What past hires teach about hiring, in words that claim no more than is known."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.hiring import SOURCES
from bot.domain.ids import RepId, SlackUserId, TeamId
from bot.hiring.chance import FEWEST_HIRES, Pooled, hires_needed
from bot.hiring.hires import Hire, Outcome
from bot.hiring.process import WORTH_KNOWING, ProcessAnalysis, Relation, analyse
from bot.hiring.scorecard import Scorecard
from bot.metrics.survival import median_interval, median_wait, steps
from bot.queries.hiring_access import Hirer, find_role, require_hirer
from bot.queries.hiring_evidence import read_hiring_evidence
from bot.runtime import Runtime
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading

#: What goes up with a score, and what goes down with it.
WORDS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.FIRST_DEAL: ("an earlier first deal", "a later first deal"),
    Outcome.ATTAINMENT: ("more of the quota", "less of the quota"),
    Outcome.STAY: ("staying longer", "leaving sooner"),
    Outcome.MILESTONES: ("more milestones in time", "fewer milestones in time"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationLine:
    title: str
    #: Such as "an earlier first deal".
    goes_with: str
    size: Pooled
    hires: int
    needed: int
    #: What it might be among all who were met; None where nobody knows.
    among_all: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    title: str
    hires: int
    here: int
    #: Days until half had their first deal, with what is likely; None while more than half wait.
    median: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewerLine:
    """The asker themselves, or somebody who reports to them: nobody else's is shown."""

    name: str
    is_asker: bool
    shared: int
    #: How many points more or less they give than others do to the same prospects.
    points: Pooled | None
    gives_more: bool
    #: What their scores go with, more than chance explains.
    goes_with: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HiringAnalysis:
    roles: tuple[str, ...]
    hires: int
    #: Of them, those with scores from interviews.
    scored: int
    fewest: int
    unlinked: int
    found: tuple[RelationLine, ...]
    #: Whether there is a competency among them, and not only sources.
    has_competency: bool
    #: Titles of the competencies of which nothing can be told yet.
    untold: tuple[str, ...]
    #: So many hires in all would tell a moderate relation.
    needed: int
    #: The narrowest spread of a competency among the hired, as a share of that of all.
    spread_share: float | None
    sources: tuple[SourceLine, ...]
    interviewers: tuple[InterviewerLine, ...]
    agreement_pairs: int
    within_a_point: float | None
    as_of: datetime | None
    locale: str
    zone: str

    @property
    def is_too_little(self) -> bool:
        return self.scored < self.fewest


def ask(runtime: Runtime, *, asker: SlackUserId, words: str = "") -> HiringAnalysis:
    """Of all roles of theirs, or of one. Raises NotAllowed, or UnclearWords."""
    with reading(runtime.database) as session:
        hirer = require_hirer(session, runtime, asker)
        cards = [find_role(hirer, words)] if words else list(hirer.cards.values())
        today = runtime.clock.now().astimezone(hirer.person.zone).date()
        evidence = read_hiring_evidence(
            session, runtime, hirer.roster, [card.role for card in cards], today=today
        )
        made = analyse(evidence.hires, evidence.panels, seed=seed_of(runtime.draw_seed))
        return told(
            made,
            evidence.hires,
            cards,
            unlinked=evidence.unlinked,
            interviewers=_interviewers(hirer, made),
            as_of=mirrored_at(session),
            locale=hirer.person.locale,
            zone=hirer.person.zone.key,
        )


def seed_of(words: str) -> int:
    """The same answer whenever the same question is asked."""
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:4], "big")


def told(
    made: ProcessAnalysis,
    hires: Sequence[Hire],
    cards: Iterable[Scorecard],
    *,
    unlinked: int,
    interviewers: tuple[InterviewerLine, ...],
    as_of: datetime | None,
    locale: str,
    zone: str,
) -> HiringAnalysis:
    cards = list(cards)
    titles = {key: each.title for card in cards for key, each in card.competencies.items()}
    known = [each for each in made.competencies if each.key in titles]
    shares = [each.spread_share for each in known if each.spread_share is not None]
    found = [_line(each, titles) for each in known if each.is_found]
    found += [_line(each, _from(SOURCES)) for each in made.sources if each.is_found]
    is_told = {each.key for each in known if each.is_found}
    untold = dict.fromkeys(titles[each.key] for each in known if each.key not in is_told)
    return HiringAnalysis(
        roles=tuple(card.title for card in cards),
        hires=len(hires),
        scored=sum(bool(hire.panel.scores) for hire in hires),
        fewest=FEWEST_HIRES,
        unlinked=unlinked,
        found=tuple(found),
        has_competency=bool(is_told),
        untold=tuple(untold),
        needed=hires_needed(WORTH_KNOWING),
        spread_share=min(shares, default=None),
        sources=tuple(_sources(hires)),
        interviewers=interviewers,
        agreement_pairs=made.agreement.pairs if made.agreement else 0,
        within_a_point=made.agreement.within_a_point if made.agreement else None,
        as_of=as_of,
        locale=locale,
        zone=zone,
    )


def _from(sources: Mapping[str, str]) -> Mapping[str, str]:
    return {key: f"Source {title.lower()}" for key, title in sources.items()}


def _line(relation: Relation, titles: Mapping[str, str]) -> RelationLine:
    up, down = WORDS[relation.outcome]
    size = relation.size
    among_all = relation.among_all
    return RelationLine(
        title=titles.get(relation.key, relation.key),
        goes_with=up if size.estimate >= 0 else down,
        size=upwards(size),
        hires=relation.hires,
        needed=relation.needed,
        among_all=abs(among_all) if among_all is not None else None,
    )


def upwards(size: Pooled) -> Pooled:
    """The words beside it say which way."""
    if size.estimate >= 0:
        return size
    return Pooled(estimate=-size.estimate, low=-size.high, high=-size.low)


def _sources(hires: Sequence[Hire]) -> Iterable[SourceLine]:
    """In alphabetical order: it is no list of the best."""
    for source in sorted({hire.source for hire in hires}, key=lambda key: SOURCES.get(key, key)):
        own = [hire for hire in hires if hire.source == source]
        curve = steps([hire.first_deal for hire in own if hire.first_deal is not None])
        low, high = median_interval(curve)
        yield SourceLine(
            title=SOURCES.get(source, source),
            hires=len(own),
            here=sum(hire.stay is None or not hire.stay.has_happened for hire in own),
            median=median_wait(curve),
            low=low,
            high=high,
        )


def _interviewers(hirer: Hirer, made: ProcessAnalysis) -> tuple[InterviewerLine, ...]:
    """By name. What is said of how somebody scores is for them and their manager."""
    people = {*made.leniencies, *(each.key for each in made.interviewers if each.is_found)}
    lines = [
        InterviewerLine(
            name=hirer.name_of(person),
            is_asker=person == hirer.person.crm_id,
            shared=known.shared if (known := made.leniencies.get(person)) else 0,
            points=upwards(known.points) if known else None,
            gives_more=known is None or known.points.estimate >= 0,
            goes_with=tuple(
                WORDS[each.outcome][each.size.estimate < 0]
                for each in made.interviewers
                if each.key == person and each.is_found
            ),
        )
        for person in people
        if _may_see(hirer, person)
    ]
    return tuple(sorted(lines, key=lambda each: each.name))


def _may_see(hirer: Hirer, person: str) -> bool:
    asker = hirer.person.crm_id
    rep = hirer.roster.reps.get(RepId(person))
    manager = hirer.roster.managers.get(TeamId(person))
    leaders = {rep.team if rep else None, manager.leader if manager else None}
    return person == asker or asker in leaders

"""What past hires teach, for the command line: no interviewer is named."""

from collections.abc import Iterator, Mapping, Sequence

from bot.documents import did_you_mean
from bot.domain.errors import UnclearWords
from bot.domain.hiring import SOURCES
from bot.domain.ids import RoleKey
from bot.hiring.chance import FEWEST_HIRES, hires_needed
from bot.hiring.process import WORTH_KNOWING, Relation, analyse
from bot.queries.hiring_analysis import WORDS, seed_of
from bot.queries.hiring_evidence import read_hiring_evidence
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.roster import read_roster


def report(runtime: Runtime, role: str | None) -> Iterator[str]:
    """Raises UnclearWords for a role without a scorecard."""
    cards = runtime.scorecards
    if role is not None and RoleKey(role) not in cards:
        message = f"no scorecard for a role called '{role}'"
        raise UnclearWords(message, hint=did_you_mean(role, cards))
    roles = [RoleKey(role)] if role is not None else list(cards)
    today = runtime.clock.now().astimezone(runtime.organisation.zone).date()
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        evidence = read_hiring_evidence(session, runtime, roster, roles, today=today)
    made = analyse(evidence.hires, evidence.panels, seed=seed_of(runtime.draw_seed))
    yield f"{made.hires} hires, {len(evidence.panels)} prospects with scores"
    if made.hires < FEWEST_HIRES:
        yield f"from {FEWEST_HIRES} hires on something may be concluded, and not before"
        return
    titles = {key: each.title for card in cards.values() for key, each in card.competencies.items()}
    yield from _lines("competency", made.competencies, titles)
    yield from _lines("source", made.sources, SOURCES)
    if made.agreement is not None:
        yield (
            f"interviewers agree within a point in {made.agreement.within_a_point:.0%} "
            f"of {made.agreement.pairs} pairs"
        )
    yield (
        "only those who were hired have become anything; going together is not causing; "
        f"a relation of {WORTH_KNOWING} takes about {hires_needed(WORTH_KNOWING)} hires"
    )


def _lines(kind: str, relations: Sequence[Relation], titles: Mapping[str, str]) -> Iterator[str]:
    for each in relations:
        up, down = WORDS[each.outcome]
        words = up if each.size.estimate >= 0 or not each.is_found else down
        verdict = "more than chance" if each.is_found else f"not told, {each.needed} hires would"
        interval = f"{each.size.estimate:+.2f} ({each.size.low:+.2f} to {each.size.high:+.2f})"
        title = titles.get(each.key, each.key)
        yield f"{kind:10} {title:24} {words:24} {interval:24} {each.hires:>3} hires  {verdict}"

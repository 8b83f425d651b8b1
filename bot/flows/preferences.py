"""What a person asks of us for themselves: silence for a while, or never again this kind."""

import difflib
from collections.abc import Mapping, Sequence
from datetime import date, time

from bot.coaching.rule import AnyRule
from bot.domain.day_words import parse_day_ahead
from bot.domain.errors import UnclearWords
from bot.domain.ids import RuleKey, SlackUserId
from bot.domain.quiet_words import parse_quiet_hours
from bot.queries.permissions import person_of
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.people import MuteRow, PauseRow, QuietHoursRow


def pause(runtime: Runtime, *, by: SlackUserId, words: Sequence[str]) -> date:
    """No nudges up to and including the day that is returned. Raises UnclearWords."""
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        person = person_of(session, by, runtime.organisation)
        until = parse_day_ahead(words, today=now.astimezone(person.zone).date())
        session.merge(PauseRow(person_id=person.crm_id, until=until, asked_at=now))
    return until


def resume(runtime: Runtime, *, by: SlackUserId) -> None:
    with transaction(runtime.database) as session:
        person = person_of(session, by, runtime.organisation)
        known = session.get(PauseRow, person.crm_id)
        if known is not None:
            session.delete(known)


def keep_quiet(runtime: Runtime, *, by: SlackUserId, words: Sequence[str]) -> str:
    """The person's own quiet hours in words, or those of the team again. Raises UnclearWords."""
    is_off = [word.lower() for word in words] in (["off"], ["default"])
    begin, end = (time(), time()) if is_off else parse_quiet_hours(words)
    with transaction(runtime.database) as session:
        person = person_of(session, by, runtime.organisation)
        known = session.get(QuietHoursRow, person.crm_id)
        if is_off:
            if known is not None:
                session.delete(known)
            return "Your quiet hours are the team's again."
        row = QuietHoursRow(
            person_id=person.crm_id,
            begin=f"{begin:%H:%M}",
            end=f"{end:%H:%M}",
            asked_at=runtime.clock.now(),
        )
        session.merge(row)
    return f"Noted: nothing from {begin:%H:%M} to {end:%H:%M}, where you are."


def mute(runtime: Runtime, *, by: SlackUserId, words: Sequence[str]) -> AnyRule:
    """Never again this kind of nudge. Raises UnclearWords with the kinds there are."""
    rule = find_kind(runtime.every_rule, words)
    with transaction(runtime.database) as session:
        person = person_of(session, by, runtime.organisation)
        row = MuteRow(person_id=person.crm_id, rule=rule.key, muted_at=runtime.clock.now())
        session.merge(row)
    return rule


def unmute(runtime: Runtime, *, by: SlackUserId, words: Sequence[str]) -> AnyRule:
    """Raises UnclearWords with the kinds there are."""
    rule = find_kind(runtime.every_rule, words)
    with transaction(runtime.database) as session:
        person = person_of(session, by, runtime.organisation)
        known = session.get(MuteRow, (person.crm_id, rule.key))
        if known is not None:
            session.delete(known)
    return rule


def find_kind(rules: Mapping[RuleKey, AnyRule], words: Sequence[str]) -> AnyRule:
    """A rule by its key or its title, spelled roughly right. Raises UnclearWords."""
    wanted = " ".join(words).strip().lower().replace("_", " ")
    names = {rule.title.lower(): rule for rule in rules.values()}
    names |= {key.replace("_", " "): rule for key, rule in rules.items()}
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.75)
    if not near:
        titles = ", ".join(rule.title for rule in rules.values())
        unclear = f"I know no kind of nudge called '{wanted[:40]}'." if wanted else "Which kind?"
        raise UnclearWords(unclear, hint=titles)
    return names[near[0]]

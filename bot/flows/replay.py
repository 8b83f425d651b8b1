"""What would have been said, day by day, had the bot been on; sends and writes nothing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from bot.coaching.judge import Judgement
from bot.coaching.rep_view import RepView
from bot.domain.ids import RuleKey
from bot.domain.nudge import Defer, Hold, HoldReason, Send
from bot.domain.people import Rep, Team
from bot.flows.coach import decide, look, render_nudge
from bot.flows.digest import look_at_everybody, make_digest
from bot.flows.replay_managers import NOT_REPLAYED, judged_managers
from bot.flows.replay_signals import Evidence, valence_of, words_of
from bot.queries.digest_changes import words_of_shared
from bot.queries.focus import focuses_of
from bot.queries.history import history_of
from bot.queries.rep_views import Moment
from bot.queries.unavailable import unavailable_rules
from bot.runtime import Runtime
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading
from bot.storage.decisions import DecisionRow, words_for
from bot.storage.evidence import SignalRow
from bot.storage.facts.select import Knowledge
from bot.storage.roster import Roster, read_roster

MONDAY = 0
WITHHELD = Hold(HoldReason.HOLDOUT)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """Stands still."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayLine:
    """One thing that would have been decided; ``kind`` is nudge, digest or manager_nudge."""

    kind: str
    day: date
    to: str
    about: str
    rule: str
    metric: str | None
    valence: str
    verdict: str
    reason: str | None
    text: str | None


@dataclass(slots=True)
class _Memory:
    """What this replay has said so far, by person."""

    said: dict[str, list[DecisionRow]] = field(default_factory=lambda: defaultdict(list))
    unavailable: frozenset[RuleKey] = frozenset()
    evidence: Evidence = field(default_factory=Evidence)


def replay(
    runtime: Runtime, *, first: date, last: date, coach_at: time, with_signals: bool = False
) -> Iterator[ReplayLine]:
    """Every decision from ``first`` to ``last``, both included.

    Each day is seen as it was known then, and each rep is coached at ``coach_at`` where they live.
    Everybody counts as being in Slack, and shadow mode as off. ``with_signals`` also tells each
    signal that survived noise control, before caps and quiet hours.
    """
    runtime = replace(runtime, policy=replace(runtime.policy, is_in_shadow=False))
    memory = _Memory()
    with reading(runtime.database) as session:
        people = read_roster(session, runtime.organisation)
        as_of = mirrored_at(session)
    yield from _left_out(runtime, people.on(first), first)
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        now = datetime.combine(day, coach_at, tzinfo=runtime.organisation.zone)
        then = replace(runtime, clock=FixedClock(now))
        moment = Moment(knowledge=Knowledge(day=day, now=now), as_of=as_of or now)
        roster = people.on(day)
        memory.evidence.weigh(then, roster, moment.knowledge)
        if with_signals:
            yield from _signals(then, roster, memory, day)
        if day.weekday() == MONDAY:
            yield from _digests(then, roster, memory, day)
        yield from _nudges(then, roster, moment, memory, coach_at)


def _left_out(runtime: Runtime, roster: Roster, day: date) -> Iterator[ReplayLine]:
    """What a replay cannot tell honestly, once for each manager, with the reason."""
    for team in roster.teams():
        for rule, reason in NOT_REPLAYED.items():
            if rule in runtime.manager_rules:
                line = _to_manager(team, day, rule=rule, text=None)
                yield replace(line, kind="manager_nudge", verdict="hold", reason=reason)


def _signals(runtime: Runtime, roster: Roster, memory: _Memory, day: date) -> Iterator[ReplayLine]:
    """A rep's signals are about the rep; what a team or everybody shares is about managers."""
    leaders = [manager.id for manager in roster.managers.values() if manager.leader is None]
    for row in memory.evidence.told_on(day):
        if isinstance(row, SignalRow):
            person, rule, valence = row.rep_id, f"signal_{row.kind}", valence_of(row)
        else:
            person = row.team_id or next(iter(leaders), "")
            rule, valence = "common_cause", "neutral"
        yield ReplayLine(
            kind="signal",
            day=day,
            to=person,
            about=person,
            rule=rule,
            metric=row.metric,
            valence=valence,
            verdict="send",
            reason=None,
            text=words_of(row, runtime),
        )


def _digests(runtime: Runtime, roster: Roster, memory: _Memory, day: date) -> Iterator[ReplayLine]:
    with reading(runtime.database) as session:
        seen = look_at_everybody(session, runtime, roster)
    shared = memory.evidence.shared(day)
    for team in roster.teams():
        for words in words_of_shared(shared, runtime, team):
            yield _to_manager(team, day, rule="digests_shared_fall", text=words)
        view = make_digest(runtime, team, seen=seen).view()
        for template in ("digests/channel.j2", "digests/manager.j2"):
            yield _to_manager(
                team,
                day,
                rule=template.removesuffix(".j2").replace("/", "_"),
                text=runtime.renderer.render(template, view).text,
            )


def _to_manager(team: Team, day: date, *, rule: str, text: str | None) -> ReplayLine:
    """What stands in a team's digest."""
    return ReplayLine(
        kind="digest",
        day=day,
        to=team.id,
        about=team.id,
        rule=rule,
        metric=None,
        valence="neutral",
        verdict="send",
        reason=None,
        text=text,
    )


def _nudges(
    runtime: Runtime, roster: Roster, moment: Moment, memory: _Memory, coach_at: time
) -> Iterator[ReplayLine]:
    reps = sorted(
        (rep for rep in roster.reps.values() if _is_coached(runtime, rep, moment.today)),
        key=lambda rep: (rep.name, rep.id),
    )
    with reading(runtime.database) as session:
        news = memory.evidence.news(moment.today)
        said = (row for rows in memory.said.values() for row in rows)
        views, _ = look(
            session,
            runtime,
            reps,
            moment,
            roster=roster,
            changes=news,
            focuses=focuses_of(said),
        )
        memory.unavailable = unavailable_rules(session, runtime)
    for rep in reps:
        view = views.get(rep.id)
        if view is not None:
            now = datetime.combine(moment.today, coach_at, tzinfo=rep.zone)
            yield from _nudges_of(runtime, rep, view, memory, now)
    judged = judged_managers(
        runtime,
        roster,
        moment,
        views=views,
        said=memory.said,
        unavailable=memory.unavailable,
        coach_at=coach_at,
    )
    for judgement, now in judged:
        yield _remember(runtime, judgement, memory, now, moment.today, kind="manager_nudge")


def _is_coached(runtime: Runtime, rep: Rep, day: date) -> bool:
    return rep.is_active and day.weekday() in runtime.calendar.own_week(rep)


def _nudges_of(
    runtime: Runtime, rep: Rep, view: RepView, memory: _Memory, now: datetime
) -> Iterator[ReplayLine]:
    history = history_of(
        rep,
        view=view,
        today=view.today,
        said=memory.said[rep.id],
        muted=frozenset(),
        snoozed_until={},
        paused_until=None,
        match=None,
        is_in_slack=True,
    )
    judgements = decide(runtime, view, history, now=now, unavailable=memory.unavailable)
    for judgement in judgements:
        yield _remember(runtime, judgement, memory, now, view.today, kind="nudge")


def _remember(
    runtime: Runtime, judgement: Judgement, memory: _Memory, now: datetime, day: date, *, kind: str
) -> ReplayLine:
    if isinstance(judgement.verdict, Send | Defer) or judgement.verdict == WITHHELD:
        memory.said[judgement.proposal.to].append(_remembered(judgement, day, now))
    return _line(runtime, judgement, day, kind=kind)


def _line(runtime: Runtime, judgement: Judgement, day: date, *, kind: str) -> ReplayLine:
    proposal = judgement.proposal
    verdict, reason = words_for(judgement.verdict)
    return ReplayLine(
        kind=kind,
        day=day,
        to=proposal.to,
        about=proposal.about,
        rule=proposal.rule,
        metric=proposal.metric,
        valence=proposal.tone,
        verdict=verdict,
        reason=reason,
        text=render_nudge(runtime, proposal, nudge="0").text,
    )


def _remembered(judgement: Judgement, day: date, now: datetime) -> DecisionRow:
    """A decision as the history would have it, kept in memory only."""
    proposal = judgement.proposal
    return DecisionRow(
        decided_at=now,
        day=day,
        rule=proposal.rule,
        metric=proposal.metric,
        to_id=proposal.to,
        about_id=proposal.about,
        subject=proposal.subject,
        tone=proposal.tone,
        is_urgent=proposal.is_urgent,
        verdict=words_for(judgement.verdict)[0],
        reason=words_for(judgement.verdict)[1],
        priority=proposal.priority,
        is_eligible=judgement.is_eligible,
        send_probability=judgement.send_probability,
        draw=judgement.draw,
        records=[],
        view={},
        because={},
    )

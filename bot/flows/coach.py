"""Judges what every rule would say about every rep, writes it down, enqueues what may go."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlmodel import Session

from bot.coaching.judge import History, Judgement, judge
from bot.coaching.rep_view import RepView
from bot.domain.errors import CoachingError
from bot.domain.ids import RepId, RuleKey
from bot.domain.message import Message
from bot.domain.nudge import Defer, Hold, HoldReason, Proposal, Send
from bot.domain.people import Rep
from bot.flows.weigh import weigh
from bot.queries.changes import Changes, read_changes, with_changes
from bot.queries.doubts import read_doubts, with_doubts
from bot.queries.focus import Focuses, read_focuses, with_focuses
from bot.queries.history import read_histories, read_slack_matches
from bot.queries.programmes import read_progress, with_programmes
from bot.queries.promises import read_promises, with_promises
from bot.queries.rep_views import Moment, read_rep_views
from bot.queries.switched import switched
from bot.queries.touches import read_touches, with_touches
from bot.queries.unavailable import unavailable_rules
from bot.queries.yardstick import read_yardstick
from bot.runtime import Runtime
from bot.storage.current import as_filled
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading, transaction
from bot.storage.decisions import CoachedRow, begin_coaching, record
from bot.storage.facts.select import Knowledge
from bot.storage.outbox import enqueue
from bot.storage.roster import Roster, read_roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One judged proposal with the message it would have been."""

    rep: Rep
    judgement: Judgement
    message: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachReport:
    decided: tuple[Decided, ...]

    def __add__(self, other: "CoachReport") -> "CoachReport":
        return CoachReport(decided=self.decided + other.decided)

    @property
    def sent(self) -> int:
        return sum(isinstance(each.judgement.verdict, Send) for each in self.decided)

    @property
    def deferred(self) -> int:
        return sum(isinstance(each.judgement.verdict, Defer) for each in self.decided)

    @property
    def held(self) -> Mapping[str, int]:
        """How many were held, by reason."""
        verdicts = (each.judgement.verdict for each in self.decided)
        return Counter(str(each.reason) for each in verdicts if isinstance(each, Hold))


def coach(runtime: Runtime, *, from_time: time | None = None) -> CoachReport:
    """Coach everybody who was not coached yet on their own present day.

    With ``from_time`` only those whose working day it is, from that local time on until their
    quiet hours begin; a schedule that fires through the day so finds everybody in their morning.
    One transaction a person: a crash in between loses nothing, and nobody is judged twice a day.
    """
    runtime = switched(runtime)
    now = runtime.clock.now()
    decided: list[Decided] = []
    weigh(runtime)
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        days = {
            rep.id: now.astimezone(rep.zone).date()
            for rep in roster.reps.values()
            if from_time is None or is_coaching_time(now, rep, from_time, runtime)
        }
        as_of = mirrored_at(session) or now
    for today in sorted(set(days.values())):
        reps = [rep for rep in roster.reps.values() if days.get(rep.id) == today]
        moment = Moment(knowledge=Knowledge(day=today, now=now), as_of=as_of)
        decided.extend(_coach_day(runtime, roster, reps, moment))
    return CoachReport(decided=tuple(decided))


def is_coaching_time(now: datetime, rep: Rep, from_time: time, runtime: Runtime) -> bool:
    local = now.astimezone(rep.zone)
    is_workday = local.weekday() in runtime.calendar.own_week(rep)
    return is_workday and from_time <= local.time() < runtime.policy.quiet_hours.begin


def _coach_day(runtime: Runtime, roster: Roster, reps: list[Rep], moment: Moment) -> list[Decided]:
    now = moment.knowledge.now
    with reading(runtime.database) as session:
        moment = replace(moment, knowledge=as_filled(session, moment.knowledge))
        reps = [rep for rep in reps if not was_coached(session, rep.id, moment.today)]
        views, histories = look(session, runtime, reps, moment, roster=roster)
        unavailable = unavailable_rules(session, runtime)
        slack = {person: row.slack_id for person, row in read_slack_matches(session).items()}
    decided = []
    for rep in sorted(reps, key=lambda each: (each.name, each.id)):
        view = views.get(rep.id)
        if view is None:
            continue
        judgements = decide(runtime, view, histories[rep.id], now=now, unavailable=unavailable)
        decided += settle(runtime, rep, judgements, moment, slack.get(rep.id))
    return decided


def look(
    session: Session,
    runtime: Runtime,
    reps: Iterable[Rep],
    moment: Moment,
    *,
    roster: Roster | None = None,
    changes: Changes | None = None,
    focuses: Focuses | None = None,
) -> tuple[Mapping[RepId, RepView], Mapping[RepId, History]]:
    """Everything that deciding needs, read at once for all reps.

    ``roster`` is everybody as they stood on the day; None, as they stand now. ``changes`` are the
    signals that are news, ``focuses`` what each rep keeps an eye on; None takes those that were
    written down.
    """
    people = list(reps)
    yardstick = read_yardstick(session, runtime, roster)
    views = read_rep_views(
        session,
        people,
        yardstick=yardstick,
        organisation=runtime.organisation,
        plays=runtime.plays,
        moment=moment,
    )
    if changes is None:
        changes = read_changes(session, moment.today)
    views = with_changes(views, changes, yardstick=yardstick, plays=runtime.plays)
    if focuses is None:
        focuses = read_focuses(session, moment.today)
    touches = read_touches(session, yardstick, moment.knowledge)
    views = with_touches(with_focuses(views, focuses), touches)
    doubts = read_doubts(session, yardstick, people, knowledge=moment.knowledge, as_of=moment.as_of)
    views = with_promises(with_doubts(views, doubts), read_promises(session, people, moment))
    views = with_programmes(views, read_progress(session, runtime, people, moment.today))
    is_in_shadow = runtime.policy.is_in_shadow
    return views, read_histories(
        session, people, views=views, today=moment.today, in_shadow=is_in_shadow
    )


def decide(
    runtime: Runtime,
    view: RepView,
    history: History,
    *,
    now: datetime,
    unavailable: frozenset[RuleKey] = frozenset(),
) -> list[Judgement]:
    """What every rule would say about one rep, with the judge's verdicts; touches nothing."""
    proposals = [
        wish
        for rule in runtime.rules.values()
        if rule.key not in unavailable
        for wish in rule.notice(view)
    ]
    return judge(
        proposals,
        policy=runtime.policy,
        history=history,
        cooldown_days={key: rule.cooldown_days for key, rule in runtime.rules.items()},
        now=now,
        draw=draw_on(runtime, view.today),
    )


def draw_on(runtime: Runtime, day: date) -> Callable[[Proposal], float]:
    return lambda proposal: draw(runtime.draw_seed, proposal, day)


def draw(seed: str, proposal: Proposal, day: date) -> float:
    """A uniform number in [0, 1) that is the same whenever the same proposal is judged again."""
    text = f"{seed}|{proposal.dedupe_key}|{day}"
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def render_nudge(runtime: Runtime, proposal: Proposal, *, nudge: str) -> Message:
    template = runtime.every_rule[proposal.rule].template
    return runtime.renderer.render(template, {**proposal.view, "nudge": nudge})


def was_coached(session: Session, rep: str, day: date) -> bool:
    return session.get(CoachedRow, (rep, day)) is not None


def settle(
    runtime: Runtime,
    person: Rep,
    judgements: Iterable[Judgement],
    moment: Moment,
    slack_id: str | None,
) -> list[Decided]:
    """One transaction a person; nothing when somebody else was faster."""
    with transaction(runtime.database) as session:
        if not begin_coaching(session, person.id, moment.today, at=moment.knowledge.now):
            return []
        return [
            _write_down(session, runtime, person, each, moment, slack_id) for each in judgements
        ]


def _write_down(
    session: Session,
    runtime: Runtime,
    rep: Rep,
    judgement: Judgement,
    moment: Moment,
    slack_id: str | None,
) -> Decided:
    verdict = judgement.verdict
    message: Message | None = None
    try:
        message = render_nudge(runtime, judgement.proposal, nudge="0")
    except CoachingError:
        verdict = Hold(HoldReason.CANNOT_RENDER)
    decision = record(
        session,
        judgement.proposal,
        verdict,
        at=moment.knowledge.now,
        day=moment.today,
        text=message.text if message else None,
        is_eligible=judgement.is_eligible,
        send_probability=judgement.send_probability,
        draw=judgement.draw,
    )
    if isinstance(verdict, Send | Defer) and slack_id is not None:
        enqueue(
            session,
            dedupe_key=f"nudge:{decision}",
            kind="nudge",
            recipient=slack_id,
            message=render_nudge(runtime, judgement.proposal, nudge=str(decision)),
            not_before=verdict.until if isinstance(verdict, Defer) else moment.knowledge.now,
            now=moment.knowledge.now,
            decision=decision,
        )
    return Decided(rep=rep, judgement=replace(judgement, verdict=verdict), message=message)

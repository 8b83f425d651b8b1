"""What a manager and a team should know on Monday, as values for the digest's templates."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.coaching.rep_view import RepView
from bot.domain.gap import Band, Gap
from bot.domain.ids import MetricKey, RepId
from bot.domain.metric import Reading, Valence
from bot.domain.people import Rep, Team
from bot.domain.windows import Window
from bot.queries.charts import funnel_chart, waterfall_chart
from bot.queries.digest_changes import (
    has_soft_changes,
    lull_of,
    real_changes,
    shared_falls,
    soft_looks,
)
from bot.queries.digest_corner import Corner
from bot.queries.digest_facts import TeamFact, find_facts
from bot.queries.digest_new_hires import NewHire, find_new_hires
from bot.queries.digest_praise import Praise, find_praise
from bot.queries.digest_programmes import ProgrammeNote
from bot.queries.doubts import words_of_doubts
from bot.queries.nudge_effect import NudgeEffect, words_of_effect
from bot.queries.one_on_one_queue import QueueLine, read_queue
from bot.queries.pipeline_waterfall import Waterfall, read_waterfall
from bot.queries.quarter_outlook import QuarterOutlook, read_quarter_outlook
from bot.queries.rep_views import Moment
from bot.queries.team_health import TeamHealth, summarise
from bot.queries.team_sales import gaps_within, quota_of, won_by
from bot.runtime import Runtime

MOST_TO_COACH = 2
WIN_RATE = MetricKey("win_rate_count")
MOST_DEALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One rep to coach on one metric, with a question to open with. For the manager's eyes."""

    rep: str
    metric: str
    unit: str
    value: float
    low: float
    high: float
    facts: int
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One fact about one person's deals, for the manager's eyes."""

    rep: str
    words: str
    deals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDigest:
    team: Team
    week: Window
    as_of: datetime
    currency: str
    won_cents: int
    won_count: int
    quarter_won_cents: int
    #: None where the CRM holds no quota for the quarter.
    quarter_quota_cents: int | None
    #: Where it may end, and how earlier ones stood at the same point.
    quarter: QuarterOutlook
    #: The last day of the quarter in which the week ended; the waterfall is of deals due by then.
    due_by: date
    waterfall: Waterfall
    health: TeamHealth
    win_rates: tuple[Reading, ...]
    facts: tuple[TeamFact, ...]
    coach: tuple[Suggestion, ...]
    kudos: tuple[Praise, ...]
    #: What is real by the week's evidence: of one rep, and of the whole team.
    changes: tuple[str, ...]
    shared: tuple[str, ...]
    #: Soft changes so large that the manager should hear of them, kindly; and whether there are
    #: others, that are their own reps' affair.
    looks: tuple[str, ...]
    has_soft_changes: bool
    concerns: tuple[Concern, ...]
    new_hires: tuple[NewHire, ...]
    away: tuple[str, ...]
    #: Each rep's last 1:1 and commitments.
    one_on_ones: tuple[QueueLine, ...]
    #: Whoever had a 1:1 since this day was talked to lately.
    lately: date
    #: The manager's own scorecard, once a month.
    corner: Corner | None = None
    #: Over everybody; None where nobody asked.
    nudged: NudgeEffect | None = None
    #: None where nobody is on a programme.
    programmes: ProgrammeNote | None = None
    #: What was renamed or taken away in the CRM.
    crm_changes: tuple[str, ...] = ()

    def view(self) -> Mapping[str, object]:
        """Plain values for a template."""
        plain = {
            name: value
            for name, value in asdict(self).items()
            if name not in {"team", "week", "health", "win_rates", "nudged"}
        }
        return {
            **plain,
            "team_name": self.team.name,
            "manager": self.team.manager.first_name,
            "locale": self.team.manager.locale,
            "zone": self.team.manager.zone.key,
            "reps": len(self.team.reps),
            "first": self.week.first,
            "last": self.week.last,
            "hires_to_help": [asdict(hire) for hire in self.new_hires if hire.short_of],
            "talked": sum(
                (each.last_held_on or date.min) > self.lately for each in self.one_on_ones
            ),
            "judged": self.health.judged,
            "well": self.health.well,
            "focus": [asdict(line) for line in self.health.focus],
            "trust": self.health.trust,
            "nudged": words_of_effect(self.nudged),
            "not_computed": self.health.not_computed,
            "waterfall_chart": waterfall_chart(
                self.waterfall,
                title="Open pipeline, last week",
                currency=self.currency,
                locale=self.team.manager.locale,
            ),
            "win_rates": funnel_chart(
                self.win_rates, title="Win rates, last 13 weeks", axis="closed deals of one rep"
            ),
            "sections": [asdict(section) for section in self.health.sections],
        }


def last_full_week(today: date) -> Window:
    """Monday to Sunday before the week of ``today``."""
    monday = today - timedelta(days=today.weekday() + 7)
    return Window(first=monday, last=monday + timedelta(days=6), label="last week")


def read_digest(
    session: Session,
    runtime: Runtime,
    team: Team,
    *,
    views: Mapping[RepId, RepView],
    moment: Moment,
) -> TeamDigest:
    seen = [(rep, views[rep.id]) for rep in team.reps if rep.id in views]
    choices, as_of = runtime.organisation.choices, moment.as_of
    week, quarter, end, due_by = _spans(runtime, moment.today)
    won_cents, won_count = won_by(session, team, week, moment)
    gaps = gaps_within(session, runtime, team, seen, moment)
    return TeamDigest(
        team=team,
        week=week,
        as_of=as_of,
        currency=runtime.organisation.currency,
        won_cents=won_cents,
        won_count=won_count,
        quarter_won_cents=won_by(session, team, quarter, moment)[0],
        quarter_quota_cents=quota_of(session, team, quarter.first, end, choices=choices),
        quarter=read_quarter_outlook(session, runtime, team, moment.today),
        lately=moment.earlier,
        due_by=due_by,
        waterfall=read_waterfall(session, team, week, due_by=due_by),
        health=summarise(team, *gaps, window=week, as_of=as_of, trust=_trust(seen)),
        win_rates=_win_rates(seen),
        facts=find_facts(session, runtime, team, week, moment),
        coach=_to_coach(seen),
        kudos=find_praise(seen, runtime.rules),
        changes=real_changes(seen),
        shared=(*lull_of(seen), *shared_falls(session, runtime, team, moment.today)),
        looks=soft_looks(seen),
        has_soft_changes=has_soft_changes(seen),
        concerns=_concerns(seen),
        new_hires=find_new_hires(session, seen, week, moment, choices=choices),
        away=tuple(rep.first_name for rep, view in seen if not view.is_present),
        one_on_ones=_one_on_ones(session, runtime, team, moment),
    )


def _one_on_ones(
    session: Session, runtime: Runtime, team: Team, moment: Moment
) -> tuple[QueueLine, ...]:
    now, organisation = moment.knowledge.now, runtime.organisation
    return read_queue(session, team.reps, team.manager, organisation=organisation, now=now)


def _spans(runtime: Runtime, today: date) -> tuple[Window, Window, date, date]:
    """The week; the quarter so far, its last day, and that of the one in which the week ended."""
    week = last_full_week(today)
    quarter_of = runtime.organisation.fiscal.quarter
    (start, end), due_by = quarter_of(today), quarter_of(week.last)[1]
    return week, Window(first=start, last=today, label="this quarter"), end, due_by


def _to_coach(seen: Sequence[tuple[Rep, RepView]]) -> tuple[Suggestion, ...]:
    """The reps whose one gap promises most; who is away, or whose log is in doubt, is left out."""
    best: list[tuple[float, Rep, RepView, Gap]] = []
    for rep, view in seen:
        is_in_doubt = any(change.kind == "trust" for change in view.changes)
        if is_in_doubt or not view.is_present or _has_programme(view):
            continue
        short = [gap for gap in view.gaps.values() if gap.band is Band.SHORT and gap.is_earned]
        if short:
            gap = max(short, key=lambda each: (promise(each), each.metric.key))
            best.append((promise(gap), rep, view, gap))
    best.sort(key=lambda each: (-each[0], each[1].name))
    return tuple(
        Suggestion(
            rep=rep.first_name,
            metric=gap.metric.title,
            unit=gap.metric.unit,
            value=gap.reading.value or 0.0,
            low=gap.target.low,
            high=gap.target.high,
            facts=gap.reading.facts,
            question=f"What stands in the way of better {gap.metric.title.lower()}, and what "
            "would you try first?"
            if gap.metric.valence is Valence.HIGHER
            else "Which of these deals would you bet on, and which would you close out?",
        )
        for _, rep, view, gap in best[:MOST_TO_COACH]
    )


def _has_programme(view: RepView) -> bool:
    """What to help them with is said where their programme is."""
    return view.progress is not None and view.progress.is_running


def promise(gap: Gap) -> float:
    """The expert's prior for what closing the gap is worth, as a share of the won amount."""
    return gap.target.leverage * min(gap.distance, 1.0)


def _concerns(seen: Sequence[tuple[Rep, RepView]]) -> tuple[Concern, ...]:
    found = []
    for rep, view in seen:
        late = [deal for deal in view.opportunities if deal.closes_on < view.today]
        if len(late) >= MOST_DEALS:
            late.sort(key=lambda deal: -(deal.amount_cents or 0))
            found.append(
                Concern(
                    rep=rep.first_name,
                    words=f"{len(late)} open deals have a close date in the past",
                    deals=tuple(deal.name for deal in late[:MOST_DEALS]),
                )
            )
        alone = [
            deal
            for deal in view.opportunities
            if not deal.is_person
            and deal.contacts_engaged <= 1
            and deal.stage_progress >= 0.5  # noqa: PLR2004 - the second half of the stages
            and (deal.amount_cents or 0) >= max(view.norms.amount_upper_quarter_cents, 1)
        ]
        if alone:
            found.append(
                Concern(
                    rep=rep.first_name,
                    words="a large late-stage deal rests on one contact",
                    deals=tuple(deal.name for deal in alone[:MOST_DEALS]),
                )
            )
    return tuple(found)


def _win_rates(seen: Sequence[tuple[Rep, RepView]]) -> tuple[Reading, ...]:
    gaps = (view.gaps.get(WIN_RATE) for _, view in seen)
    return tuple(gap.reading for gap in gaps if gap is not None)


def _trust(seen: Sequence[tuple[Rep, RepView]]) -> tuple[str, ...]:
    return words_of_doubts(view.doubts for _, view in seen)

"""What a manager and a team should know on Monday, as values for the digest's templates."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.coaching.rep_view import RepView
from bot.coaching.rule import Rule
from bot.domain.gap import Band, Gap
from bot.domain.ids import RepId, RuleKey
from bot.domain.metric import Valence
from bot.domain.people import Rep, Team
from bot.domain.windows import Window
from bot.queries.digest_changes import real_changes, shared_falls
from bot.queries.pipeline_waterfall import Waterfall, read_waterfall
from bot.queries.rep_views import Moment
from bot.queries.team_health import TeamHealth, summarise
from bot.queries.team_sales import gaps_within, quota_of, won_by
from bot.runtime import Runtime
from bot.storage.open_deals import activities_by_day

MOST_TO_COACH = 2
MOST_KUDOS = 3
MOST_DEALS = 3
KUDOS = RuleKey("kudos")
#: Working days since joining under which somebody counts as new.
NEW_WITHIN = 90


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
class Praise:
    """Something good that may be said before the whole team."""

    rep: str
    metric: str
    unit: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One fact about one person's deals, for the manager's eyes."""

    rep: str
    words: str
    deals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHire:
    rep: str
    working_days: int
    activities: int


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
    waterfall: Waterfall
    health: TeamHealth
    coach: tuple[Suggestion, ...]
    kudos: tuple[Praise, ...]
    #: What is real by the week's evidence: of one rep, and of the whole team.
    changes: tuple[str, ...]
    shared: tuple[str, ...]
    concerns: tuple[Concern, ...]
    new_hires: tuple[NewHire, ...]
    away: tuple[str, ...]

    def view(self) -> Mapping[str, object]:
        """Plain values for a template."""
        plain = {
            name: value
            for name, value in asdict(self).items()
            if name not in {"team", "week", "health"}
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
            "headline": self.health.headline,
            "focus": self.health.focus,
            "not_computed": self.health.not_computed,
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
    week = last_full_week(moment.today)
    seen = [(rep, views[rep.id]) for rep in team.reps if rep.id in views]
    start, end = runtime.organisation.fiscal.quarter(moment.today)
    quarter = Window(first=start, last=moment.today, label="this quarter")
    won_cents, won_count = won_by(session, team, week, moment)
    return TeamDigest(
        team=team,
        week=week,
        as_of=moment.as_of,
        currency=runtime.organisation.currency,
        won_cents=won_cents,
        won_count=won_count,
        quarter_won_cents=won_by(session, team, quarter, moment)[0],
        quarter_quota_cents=quota_of(session, team, start, end),
        waterfall=read_waterfall(session, team.members_on, week),
        health=summarise(
            team,
            *gaps_within(session, runtime, team, seen, moment),
            window=week,
            as_of=moment.as_of,
        ),
        coach=_to_coach(seen),
        kudos=_kudos(seen, runtime.rules),
        changes=real_changes(seen),
        shared=shared_falls(session, runtime, team, moment.today),
        concerns=_concerns(seen),
        new_hires=_new_hires(session, seen, week, moment),
        away=tuple(rep.first_name for rep, view in seen if not view.is_present),
    )


def _to_coach(seen: Sequence[tuple[Rep, RepView]]) -> tuple[Suggestion, ...]:
    """The reps whose one gap promises most, those in their first weeks and away left out."""
    best: list[tuple[float, Rep, RepView, Gap]] = []
    for rep, view in seen:
        if not view.is_present:
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


def promise(gap: Gap) -> float:
    """The expert's prior for what closing the gap is worth, as a share of the won amount."""
    return gap.target.leverage * min(gap.distance, 1.0)


def _kudos(
    seen: Sequence[tuple[Rep, RepView]], rules: Mapping[RuleKey, Rule]
) -> tuple[Praise, ...]:
    found = []
    for rep, view in seen:
        for proposal in rules[KUDOS].notice(view) if KUDOS in rules else ():
            gap = view.gaps.get(proposal.metric) if proposal.metric else None
            if gap is not None and gap.reading.value is not None:
                praise = Praise(
                    rep=rep.first_name,
                    metric=gap.metric.title,
                    unit=gap.metric.unit,
                    value=gap.reading.value,
                )
                found.append((proposal.priority, praise))
    found.sort(key=lambda each: (-each[0], each[1].rep))
    return tuple(praise for _, praise in found[:MOST_KUDOS])


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
            if deal.contacts_engaged <= 1
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


def _new_hires(
    session: Session, seen: Sequence[tuple[Rep, RepView]], week: Window, moment: Moment
) -> tuple[NewHire, ...]:
    done = activities_by_day(session, moment.knowledge, since=week.first)
    return tuple(
        NewHire(
            rep=rep.first_name,
            working_days=view.working_days_since_joining,
            activities=sum(count for day, count in done.get(rep.id, {}).items() if day in week),
        )
        for rep, view in seen
        if view.working_days_since_joining <= NEW_WITHIN
    )


def attainment(digest: TeamDigest) -> float | None:
    """Won this quarter as a share of the quarter's quota."""
    quota = digest.quarter_quota_cents
    return digest.quarter_won_cents / quota if quota else None

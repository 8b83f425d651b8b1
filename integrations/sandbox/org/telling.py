"""The stories in words: what a good coach notices in each, and what it must never say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from integrations.sandbox.org.lives import PILE_DAYS
from integrations.sandbox.org.planted import PILE, QUIET_DAYS, SECOND_CONTACT_DAYS, STIRS_DAYS
from integrations.sandbox.org.roster import TEAMS
from integrations.sandbox.org.scene import Scene
from integrations.sandbox.org.stories import (
    ABOUT,
    CONFERENCE_TEAM,
    IMPROVED_WEEKS_AGO,
    JUNK_WEEKS_AGO,
    STOPPED_WEEKS_AGO,
    Kind,
    Story,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tale:
    kind: Kind
    #: A rep's or a manager's name, or a team's key.
    about: str
    span: tuple[date, date]
    notice: str
    never: str


def tell_stories(scene: Scene, records: Mapping[Kind, Sequence[str]]) -> tuple[Story, ...]:
    """All stories, with the ids of the records that carry them."""
    parts = (_about_work, _about_deals, _about_people, _about_teams)
    tales = (tale for part in parts for tale in part(scene))
    return tuple(_tell(scene, tale, tuple(records.get(tale.kind, ()))) for tale in tales)


def _tell(scene: Scene, tale: _Tale, records: tuple[str, ...]) -> Story:
    person = scene.cast.everyone.get(tale.about)
    if person is None:
        team = next(team for team in TEAMS if team.key == tale.about)
    elif person.seatings:
        team = person.seating_on(scene.today).team
    else:
        team = next(team for team in TEAMS if team.manager == person.name)
    return Story(
        kind=tale.kind,
        person=person,
        manager=scene.cast.manager_of(team),
        team=team.key,
        first_day=tale.span[0],
        last_day=tale.span[1],
        should_notice=tale.notice,
        must_not_say=tale.never,
        records=records,
    )


def _about_work(scene: Scene) -> Iterator[_Tale]:
    timeline = scene.timeline
    yield _Tale(
        kind=Kind.STOPPED_PROSPECTING,
        about=ABOUT[Kind.STOPPED_PROSPECTING],
        span=(timeline.monday(-STOPPED_WEEKS_AGO), timeline.monday(3) - timedelta(days=1)),
        notice="Prospecting calls and e-mails fell to almost none three weeks ago, while meetings "
        "and pipeline still look fine.",
        never="That Kim's meetings or work on open deals fell; they did not.",
    )
    yield _Tale(
        kind=Kind.QUIET_STAR,
        about=ABOUT[Kind.QUIET_STAR],
        span=(scene.first_day, scene.last_day),
        notice="Few activities and by far the best conversion of the team.",
        never="That Elena should log or do more activities.",
    )
    yield _Tale(
        kind=Kind.JUNK_ACTIVITY,
        about=ABOUT[Kind.JUNK_ACTIVITY],
        span=(timeline.monday(-JUNK_WEEKS_AGO), timeline.friday(1)),
        notice="Logged calls more than doubled; they come in bursts of seconds and nothing "
        "follows from them.",
        never="Praise for the number of calls; an accusation of cheating.",
    )
    yield _Tale(
        kind=Kind.IMPROVED,
        about=ABOUT[Kind.IMPROVED],
        span=(timeline.monday(-IMPROVED_WEEKS_AGO), scene.last_day),
        notice="For six weeks nearly every open deal has a next step, and meetings have doubled: "
        "worth praise.",
        never="That next steps are still missing, because of the months before.",
    )
    yield _Tale(
        kind=Kind.SHARED_CAUSE,
        about=CONFERENCE_TEAM,
        span=(timeline.monday(-1), timeline.friday(-1)),
        notice="The whole team's activity fell last week: it was at a conference.",
        never="A warning to any single member of the team about last week's activity.",
    )


def _about_deals(scene: Scene) -> Iterator[_Tale]:
    timeline = scene.timeline
    yield _Tale(
        kind=Kind.SINGLE_THREADED,
        about=ABOUT[Kind.SINGLE_THREADED],
        span=(timeline.day(-13), timeline.day(SECOND_CONTACT_DAYS)),
        notice="The largest open deal is in negotiation with one contact only, who is no "
        "decision maker.",
        never="That there is no activity on the deal; there is, always with the same person.",
    )
    yield _Tale(
        kind=Kind.PAST_DUE_PILE,
        about=ABOUT[Kind.PAST_DUE_PILE],
        span=(timeline.day(-PILE[0][1]), timeline.day(PILE_DAYS[1])),
        notice=f"{len(PILE)} or more open deals have a close date in the past.",
        never="One message per deal.",
    )
    yield _Tale(
        kind=Kind.QUIET_DEAL,
        about=ABOUT[Kind.QUIET_DEAL],
        span=(timeline.day(-QUIET_DAYS), timeline.day(STIRS_DAYS)),
        notice="Nothing has happened on a deal in proposal for more than four weeks, and nothing "
        "is planned.",
        never="Its name unescaped: it would call a whole channel.",
    )


def _about_people(scene: Scene) -> Iterator[_Tale]:
    cast, last_day = scene.cast, scene.last_day
    yield _Tale(
        kind=Kind.NEW_HIRE_RAMPS,
        about=ABOUT[Kind.NEW_HIRE_RAMPS],
        span=(cast[ABOUT[Kind.NEW_HIRE_RAMPS]].hired, last_day),
        notice="Hired about four months ago and on or ahead of the ramp.",
        never="A comparison with the full target of the role in the first months.",
    )
    yield _Tale(
        kind=Kind.NEW_HIRE_STRUGGLES,
        about=ABOUT[Kind.NEW_HIRE_STRUGGLES],
        span=(cast[ABOUT[Kind.NEW_HIRE_STRUGGLES]].hired, last_day),
        notice="Hired about three and a half months ago; meetings and new deals stay far below "
        "the ramp. The manager should help.",
        never="A comparison with the full target of the role, or with Yuki by name.",
    )
    leave = {absence.person.name: absence for absence in scene.absences}
    for kind, never in (
        (Kind.ON_LEAVE, "Anything to Olivia, or that her activity fell."),
        (Kind.BACK_FROM_LEAVE, "That activity fell in the two weeks away."),
    ):
        absence = leave[ABOUT[kind]]
        yield _Tale(
            kind=kind,
            about=ABOUT[kind],
            span=(absence.first_day, absence.last_day),
            notice="Away; the calendar says so.",
            never=never,
        )


def _about_teams(scene: Scene) -> Iterator[_Tale]:
    cast, timeline, last_day = scene.cast, scene.timeline, scene.last_day
    yield _Tale(
        kind=Kind.NO_ONE_ON_ONES,
        about=ABOUT[Kind.NO_ONE_ON_ONES],
        span=(scene.first_day, timeline.monday(3) - timedelta(days=1)),
        notice="No 1:1 with anybody in the team, while the other managers hold theirs.",
        never="Anything of it to the reps.",
    )
    leaver, mover = cast[ABOUT[Kind.DEPARTED]], cast[ABOUT[Kind.TRANSFERRED]]
    yield _Tale(
        kind=Kind.DEPARTED,
        about=leaver.name,
        span=(leaver.left or timeline.today, last_day),
        notice="Has left; accounts and open deals went to two colleagues.",
        never="Anything to or about Lukas; that the heirs created those deals.",
    )
    yield _Tale(
        kind=Kind.TRANSFERRED,
        about=mover.name,
        span=(mover.seatings[-1].since, last_day),
        notice="Moved from SMB to Mid-Market five months ago: history before counts for the "
        "former team.",
        never="That few and larger deals are a fall against the time in SMB.",
    )

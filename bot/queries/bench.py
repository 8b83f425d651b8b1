"""A role's bench as those who hire for it see it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from bot.domain.hiring import ON_THE_BENCH, SOURCES
from bot.domain.ids import RoleKey, SlackUserId
from bot.hiring.debrief import Sitting, may_see_scores
from bot.hiring.scorecard import Scorecard
from bot.queries.hiring_access import Hirer, find_role, require_hirer
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.hiring import (
    InterviewRow,
    ProspectRow,
    open_slots,
    read_interviews,
    read_prospects,
)

#: A message holds fifty blocks; nobody reads more lines than these.
MOST_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ProspectLine:
    id: int
    name: str
    source: str
    referrer: str | None
    contact: str | None
    is_active: bool
    met: int
    last_touch_on: date
    next_touch_on: date | None
    is_touch_due: bool
    #: The next interview that is still to come.
    meets_on: date | None
    #: How many scorecards of interviews that were held are in, and of how many.
    scored: int
    held: int
    #: Whether the asker may read the scores by now.
    is_open: bool
    #: When nobody will know any more who they were.
    goes_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleBench:
    role: RoleKey
    title: str
    target: int
    slots: int
    prospects: tuple[ProspectLine, ...]
    #: How many more there are than are shown.
    more: int

    @property
    def size(self) -> int:
        return len(self.prospects) + self.more


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    roles: tuple[RoleBench, ...]
    #: The last interview without an open slot, of any of these roles.
    last_interview_on: date | None
    interview_every_days: int
    retention_days: int
    today: date
    locale: str
    zone: str

    @property
    def is_interview_due(self) -> bool:
        last = self.last_interview_on
        return last is None or (self.today - last).days >= self.interview_every_days

    @property
    def shortest(self) -> RoleBench | None:
        """The first role whose bench is below its target."""
        return next((role for role in self.roles if role.size < role.target), None)


def ask(runtime: Runtime, *, asker: SlackUserId, words: str = "") -> Bench:
    """All roles of theirs, or one. Raises NotAllowed, or UnclearWords."""
    policy = runtime.organisation.hiring
    with reading(runtime.database) as session:
        hirer = require_hirer(session, runtime, asker)
        cards = [find_role(hirer, words)] if words else list(hirer.cards.values())
        today = runtime.clock.now().astimezone(hirer.person.zone).date()
        rows = read_prospects(session, [card.role for card in cards])
        interviews = read_interviews(session, [row.id or 0 for row in rows])
        slots = Counter(slot.role for slot in open_slots(session, [card.role for card in cards]))
        return Bench(
            roles=tuple(
                _role(runtime, hirer, card, rows, interviews, slots[card.role], today)
                for card in cards
            ),
            last_interview_on=last_without_slot(interviews, today),
            interview_every_days=policy.interview_every_days,
            retention_days=policy.retention_days,
            today=today,
            locale=hirer.person.locale,
            zone=hirer.person.zone.key,
        )


def last_without_slot(interviews: Sequence[InterviewRow], today: date) -> date | None:
    held = [row.held_on for row in interviews if row.slot_id is None and row.held_on <= today]
    return max(held, default=None)


def _role(
    runtime: Runtime,
    hirer: Hirer,
    card: Scorecard,
    rows: Sequence[ProspectRow],
    interviews: Sequence[InterviewRow],
    slots: int,
    today: date,
) -> RoleBench:
    there = [
        row
        for row in rows
        if row.role == card.role and row.state in ON_THE_BENCH and row.erased_at is None
    ]
    # Whoever is due for a word stands first, then whoever was not talked to for longest.
    there.sort(key=lambda row: (row.next_touch_on or date.max, row.last_touch_on, row.id))
    keep = runtime.organisation.hiring.retention_days
    return RoleBench(
        role=card.role,
        title=card.title,
        target=card.bench_target,
        slots=slots,
        prospects=tuple(
            _line(hirer, row, interviews, today, keep=keep) for row in there[:MOST_SHOWN]
        ),
        more=max(0, len(there) - MOST_SHOWN),
    )


def _line(
    hirer: Hirer, row: ProspectRow, interviews: Sequence[InterviewRow], today: date, *, keep: int
) -> ProspectLine:
    theirs = [each for each in interviews if each.prospect_id == row.id]
    held = [each for each in theirs if each.held_on <= today]
    ahead = [each.held_on for each in theirs if each.held_on > today]
    sittings = sittings_of(theirs)
    return ProspectLine(
        id=row.id or 0,
        name=row.name or "",
        source=SOURCES.get(row.source, row.source),
        referrer=row.referrer,
        contact=row.contact,
        is_active=row.state == "active",
        met=len(held),
        last_touch_on=row.last_touch_on,
        next_touch_on=row.next_touch_on,
        is_touch_due=row.next_touch_on is not None and row.next_touch_on <= today,
        meets_on=min(ahead, default=None),
        scored=sum(each.scored_at is not None for each in held),
        held=len(held),
        is_open=may_see_scores(hirer.person.crm_id, sittings, hires=True),
        goes_on=row.last_touch_on + timedelta(days=keep + 1),
    )


def sittings_of(rows: Sequence[InterviewRow]) -> Sequence[Sitting]:
    return [
        Sitting(interviewer=row.interviewer_id, planned_at=row.planned_at, scored_at=row.scored_at)
        for row in rows
    ]


def prospects_on(
    session: Session, hirer: Hirer, roles: Sequence[RoleKey]
) -> Sequence[tuple[str, int]]:
    """(name and role, id) of everybody whom one may still meet."""
    return [
        (f"{row.name} · {hirer.cards[RoleKey(row.role)].title}", row.id or 0)
        for row in read_prospects(session, roles, states=ON_THE_BENCH)
        if row.erased_at is None
    ]

"""The life of a deal: what its owner writes into it, from creation to the end of the story."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from integrations.sandbox.org import names
from integrations.sandbox.org.courses import MONTH_END_SHARE, Move, month_end
from integrations.sandbox.org.effort import hygiene
from integrations.sandbox.org.people import Person
from integrations.sandbox.org.roles import LOST, NEGOTIATION, PACES, PROPOSAL, STAGES, WON, Pace
from integrations.sandbox.org.scene import Scene
from integrations.sandbox.org.stories import ABOUT, Kind

#: How often an owner looks over an open deal.
UPKEEP_DAYS = 7
#: An owner moves a close date when it is this near and the deal is not.
PUSH_DAYS = 4
PUSH_DILIGENCE = 0.93
CLOSE_DATE_OF_LOSS_KEPT = 0.35
#: Of the deals that reach a proposal, and of those that reach a negotiation.
REPRICED_SHARE = 0.55
DISCOUNTED_SHARE = 0.4
#: Days around today in which the rep with the pile moves no close date.
PILE_DAYS = (-50, 18)


@dataclass(frozen=True, slots=True, kw_only=True)
class DealState:
    """All that is written in a deal from one instant on."""

    at: datetime
    #: The user who wrote it.
    by: str
    owner: Person
    stage: int
    amount: Decimal
    close_date: date
    next_step: str | None = None
    #: The day that the next step names.
    next_step_on: date | None = None


def money(amount: float) -> Decimal:
    """A list price: a multiple of 50, with two decimals."""
    return Decimal(round(amount / 50) * 50).quantize(Decimal("0.01"))


class Life:
    """Writes the states of one deal, one after the other."""

    def __init__(self, scene: Scene, rng: Random, first: DealState, contact_name: str) -> None:
        self._scene = scene
        self._rng = rng
        self._contact_name = contact_name
        self.states = [first]

    @property
    def state(self) -> DealState:
        return self.states[-1]

    def follow(self, course: tuple[Move, ...]) -> list[DealState]:
        """Live through the course and return all states up to its end or the last day."""
        self._begin()
        for day, stage in _itinerary(course, self._scene.last_day):
            self._hand_over(day)
            calendar = self._scene.calendar(self.state.owner)
            workday = calendar.on_or_after(day)
            if stage is None and workday == calendar.local_day(self.state.at):
                continue
            at = calendar.moment(workday, self._rng)
            while at <= self.state.at:
                workday = calendar.shift(workday, 1)
                at = calendar.moment(workday, self._rng)
            if workday > self._scene.last_day:
                break
            changed = self._keep_up(workday) if stage is None else self._move(workday, stage)
            if changed != self.state:
                self.states.append(replace(changed, at=at, by=self.state.owner.id))
        return self.states

    def _begin(self) -> None:
        """A tidy owner writes down the first next step together with the deal."""
        first = self.state
        day = self._scene.calendar(first.owner).local_day(first.at)
        is_new = len(self.states) == 1 and first.next_step is None
        if is_new and self._rng.random() < self._tidiness(day):
            self.states[0] = self._with_next_step(first, day)

    def _tidiness(self, day: date) -> float:
        return hygiene(self.state.owner, self._scene.timeline, self._scene.seed, day)

    def _hand_over(self, day: date) -> None:
        """When the owner has left, the deal goes to a colleague on the last day at work."""
        owner = self.state.owner
        if owner.left is None or day <= owner.left:
            return
        operations = self._scene.cast.operations
        calendar = self._scene.calendar(operations)
        moved = calendar.shift(owner.left, 1)
        successor = self._rng.choice(successors(self._scene, owner))
        at = max(calendar.moment(moved, self._rng), self.state.at + timedelta(minutes=5))
        self.states.append(replace(self.state, at=at, by=operations.id, owner=successor))

    def _keep_up(self, day: date) -> DealState:
        state, rng = self.state, self._rng
        is_due = state.close_date <= day + timedelta(days=PUSH_DAYS)
        if is_due and self._pushes(day) and rng.random() < PUSH_DILIGENCE:
            state = replace(state, close_date=self._pushed(day))
        tidy = self._tidiness(day)
        chance = rng.random()
        if state.next_step is None:
            return self._with_next_step(state, day) if chance < tidy else state
        is_past = state.next_step_on is None or state.next_step_on < day
        if is_past and chance < tidy * 0.6:
            return self._with_next_step(state, day)
        if chance > 1 - (1 - tidy) * 0.35:
            return replace(state, next_step=None, next_step_on=None)
        return state

    def _move(self, day: date, stage: int) -> DealState:
        state, rng = replace(self.state, stage=stage), self._rng
        if stage == WON or (stage == LOST and rng.random() > CLOSE_DATE_OF_LOSS_KEPT):
            return replace(state, close_date=day)
        if stage == LOST:
            return state
        if stage == PROPOSAL and rng.random() < REPRICED_SHARE:
            state = replace(state, amount=money(float(state.amount) * rng.uniform(0.75, 1.25)))
        elif stage == NEGOTIATION and rng.random() < DISCOUNTED_SHARE:
            state = replace(state, amount=money(float(state.amount) * rng.uniform(0.85, 1.0)))
        if rng.random() < self._tidiness(day):
            return self._with_next_step(state, day)
        return replace(state, next_step=None, next_step_on=None)

    def _pushes(self, day: date) -> bool:
        """Whether the owner moves close dates at all; one of the stories is that one does not."""
        timeline = self._scene.timeline
        is_piling = timeline.day(PILE_DAYS[0]) <= day <= timeline.day(PILE_DAYS[1])
        return not (self.state.owner.name == ABOUT[Kind.PAST_DUE_PILE] and is_piling)

    def _pushed(self, day: date) -> date:
        days = sum(self._pace(day).stage_days) * self._rng.uniform(0.25, 0.8)
        later = day + timedelta(days=round(days) + 3)
        return month_end(later) if self._rng.random() < MONTH_END_SHARE else later

    def _with_next_step(self, state: DealState, day: date) -> DealState:
        due = self._scene.calendar(state.owner).shift(day, self._rng.randint(3, 9))
        words = self._rng.choice(names.NEXT_STEPS)
        text = words.format(day=f"{due:%b} {due.day}", name=self._contact_name)
        return replace(state, next_step=text, next_step_on=due)

    def _pace(self, day: date) -> Pace:
        return PACES[self.state.owner.role_on(day)]


def successors(scene: Scene, leaver: Person) -> list[Person]:
    """Who takes over from somebody who leaves: two of the team."""
    day = leaver.left or scene.today
    team = leaver.seating_on(day).team
    return [rep for rep in scene.cast.members(team, day) if rep.left is None][-2:]


def _itinerary(course: tuple[Move, ...], last_day: date) -> Iterator[tuple[date, int | None]]:
    """The days on which the owner turns to the deal: to move it, or (None) to look it over."""
    for move, following in zip(course, (*course[1:], None), strict=True):
        if move is not course[0]:
            yield move.day, move.stage
        if STAGES[move.stage].is_closed:
            return
        day = move.day + timedelta(days=UPKEEP_DAYS)
        end = following.day if following else last_day
        while day < end:
            yield day, None
            day += timedelta(days=UPKEEP_DAYS)

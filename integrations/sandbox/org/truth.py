"""What is true of the made-up organisation, told apart from its records, to judge a coach by."""

from dataclasses import dataclass

from integrations.sandbox.org import pay
from integrations.sandbox.org.absences import Absence
from integrations.sandbox.org.associates import truth_of_onboarding
from integrations.sandbox.org.hiring import FAST_SOURCE, SEES_IT, SEVERE
from integrations.sandbox.org.people import Person
from integrations.sandbox.org.quarter_ends import truth_of_discounts
from integrations.sandbox.org.roster import TEAMS, Team
from integrations.sandbox.org.scene import Scene
from integrations.sandbox.org.stories import BEHIND_IN_PROGRAMME, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    scene: Scene
    stories: tuple[Story, ...]

    @property
    def absences(self) -> tuple[Absence, ...]:
        return self.scene.absences

    def to_json(self) -> dict[str, object]:
        """Plain lists, dictionaries and strings; days as YYYY-MM-DD."""
        scene = self.scene
        return {
            "seed": scene.seed,
            "today": scene.today.isoformat(),
            "first_day": scene.first_day.isoformat(),
            "last_day": scene.last_day.isoformat(),
            "onboarding": truth_of_onboarding(scene, scene.cast[BEHIND_IN_PROGRAMME]),
            "stories": [_story(story) for story in self.stories],
            "people": [
                _person(scene, person)
                for person in (*scene.cast.everyone.values(), *scene.cast.associates)
            ],
            "hiring": {"fast_source": FAST_SOURCE, "sees_it": SEES_IT, "severe": SEVERE},
            "teams": [_team(scene, team) for team in TEAMS],
            "pay": dict(pay.TRUTH),
            "discounts": dict(truth_of_discounts()),
            "absences": [
                {
                    "person_id": absence.person.id,
                    "person": absence.person.name,
                    "first_day": absence.first_day.isoformat(),
                    "last_day": absence.last_day.isoformat(),
                    "is_logged": absence.is_logged,
                }
                for absence in self.absences
            ],
        }


def _story(story: Story) -> dict[str, object]:
    return {
        "kind": story.kind.value,
        "person_id": story.person.id if story.person else None,
        "person": story.person.name if story.person else None,
        "manager_id": story.manager.id,
        "manager": story.manager.name,
        "team": story.team,
        "first_day": story.first_day.isoformat(),
        "last_day": story.last_day.isoformat(),
        "should_notice": story.should_notice,
        "must_not_say": story.must_not_say,
        "records": list(story.records),
    }


def _person(scene: Scene, person: Person) -> dict[str, object]:
    seating = person.seating_on(scene.today) if person.seatings else None
    return {
        "id": person.id,
        "slack_id": person.slack_id,
        "name": person.name,
        "email": person.email,
        "role": person.role_on(scene.today).value,
        "team": seating.team.key if seating else None,
        "manager_id": seating.manager_id if seating else None,
        "time_zone": person.place.zone,
        "country": person.place.country,
        "subdivision": person.place.subdivision,
        "hired": person.hired.isoformat(),
        "left": person.left.isoformat() if person.left else None,
        "seatings": [
            {"since": held.since.isoformat(), "team": held.team.key, "manager_id": held.manager_id}
            for held in person.seatings
        ],
    }


def _team(scene: Scene, team: Team) -> dict[str, object]:
    manager = scene.cast.manager_of(team)
    return {
        "key": team.key,
        "name": team.name,
        "role": team.role.value,
        "manager_id": manager.id,
        "manager": manager.name,
        "one_on_one_weeks": team.one_on_one_weeks,
        "rep_ids": [rep.id for rep in scene.cast.members(team, scene.today)],
    }

"""The Slack side of the same people: one channel per team and one for all of sales."""

from integrations.sandbox.changes import SlackChannel, SlackPerson
from integrations.sandbox.org.people import Person, plain, slack_id
from integrations.sandbox.org.roster import DOMAIN, ONLY_IN_SLACK, TEAMS
from integrations.sandbox.org.scene import Scene


def people(scene: Scene) -> tuple[SlackPerson, ...]:
    """Everybody who works here today, and one who has no Salesforce login."""
    present = [person for person in scene.cast.everyone.values() if person.left is None]
    return (*(_member(scene, person) for person in present), _only_in_slack())


def channels(scene: Scene) -> tuple[SlackChannel, ...]:
    cast = scene.cast
    rooms = []
    for number, team in enumerate(TEAMS, start=1):
        reps = [rep for rep in cast.members(team, scene.today) if rep.left is None]
        members = (cast.manager_of(team), *reps)
        rooms.append(
            SlackChannel(
                id=slack_id("C", 0xB00 + number),
                name=f"team-{team.key}",
                members=tuple(person.slack_id for person in members),
                topic=f"{team.name} team",
            )
        )
    everybody = tuple(person.id for person in people(scene))
    sales = SlackChannel(
        id=slack_id("C", 0xB00), name="sales", members=everybody, topic="All of sales"
    )
    return (*rooms, sales)


def _member(scene: Scene, person: Person) -> SlackPerson:
    return SlackPerson(
        id=person.slack_id,
        name=person.handle,
        real_name=person.name,
        email=person.email,
        zone=person.place.zone,
        title=person.title_on(scene.today),
        locale=person.place.locale.replace("_", "-"),
    )


def _only_in_slack() -> SlackPerson:
    seat = ONLY_IN_SLACK
    return SlackPerson(
        id=slack_id("U", 0xA1A0),
        name=plain(seat.name),
        real_name=seat.name,
        email=f"{plain(seat.name)}@{DOMAIN}",
        zone=seat.place.zone,
        title=seat.title,
        locale=seat.place.locale.replace("_", "-"),
    )

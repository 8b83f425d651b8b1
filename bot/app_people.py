"""What app.yaml says of people and countries beyond the CRM: weeks, holidays, first days."""

from collections.abc import Iterable, Iterator

from bot.app_file import AppFile, PersonPart
from bot.documents import Document, Place, did_you_mean
from bot.domain.people import WorkTerms
from bot.domain.week import WEEKDAYS, parse_weekday

DAYS_OF_A_WEEK = len(WEEKDAYS)


def check_people(document: Document, part: AppFile, known_countries: frozenset[str] | None) -> None:
    """Complain about weekdays and countries that there are not."""
    for place, words in _weekday_lists(part):
        for n, word in enumerate(words):
            if parse_weekday(word) is None:
                hint = did_you_mean(word.lower(), WEEKDAYS)
                document.complain((*place, n), f"'{word}' is no day of the week", hint=hint)
        if len(weekdays_of(words)) == DAYS_OF_A_WEEK and place[0] == "organisation":
            document.complain(place, "nobody works there", hint="name the days of the weekend")
    for place, country in _countries(part):
        if known_countries is not None and country not in known_countries:
            document.complain(
                place,
                f"no public holidays are known for '{country}'",
                hint='write the two letters of ISO 3166, such as "DE", in quotes',
            )


def _weekday_lists(part: AppFile) -> Iterator[tuple[Place, list[str]]]:
    for country, words in part.organisation.weekends.items():
        yield ("organisation", "weekends", country), words
    for person, terms in part.people.items():
        if terms.works is not None:
            yield ("people", person, "works"), terms.works


def _countries(part: AppFile) -> Iterator[tuple[Place, str]]:
    whole = part.organisation
    if whole.holiday_country is not None:
        yield ("organisation", "holiday_country"), whole.holiday_country
    for zone, country in whole.holiday_countries.items():
        yield ("organisation", "holiday_countries", zone), country
    for country in whole.weekends:
        yield ("organisation", "weekends", country), country
    for person, terms in part.people.items():
        if terms.country is not None:
            yield ("people", person, "country"), terms.country


def weekdays_of(words: Iterable[str]) -> frozenset[int]:
    found = map(parse_weekday, words)
    return frozenset(day for day in found if day is not None)


def terms_of(part: PersonPart) -> WorkTerms:
    return WorkTerms(
        works=None if part.works is None else weekdays_of(part.works),
        share=part.share,
        country=part.country,
        started_on=part.started_on,
        territory_since=part.territory_since,
    )

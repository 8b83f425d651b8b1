"""What app.yaml says of people and countries beyond the CRM: weeks, holidays, first days."""

from collections.abc import Iterable, Iterator

from bot.app_file import PersonPart
from bot.documents import Document, Place, did_you_mean, places_at
from bot.domain.people import WorkTerms
from bot.domain.week import WEEKDAYS, parse_weekday

DAYS_OF_A_WEEK = len(WEEKDAYS)


def check_people(document: Document, known_countries: frozenset[str] | None) -> None:
    """Complain about weekdays and countries that there are not, whatever is wrong elsewhere."""
    for pattern in (("organisation", "weekends", "*", "*"), ("people", "*", "works", "*")):
        for place, word in places_at(document, *pattern):
            if isinstance(word, str) and parse_weekday(word) is None:
                hint = did_you_mean(word.lower(), WEEKDAYS)
                document.complain(place, f"'{word}' is no day of the week", hint=hint)
    for place, words in places_at(document, "organisation", "weekends", "*"):
        if isinstance(words, list) and len(weekdays_of(map(str, words))) == DAYS_OF_A_WEEK:
            document.complain(place, "nobody works there", hint="name the days of the weekend")
    for place, country in _countries(document):
        if known_countries is not None and country not in known_countries:
            document.complain(
                place,
                f"no public holidays are known for '{country}'",
                hint='write the two letters of ISO 3166, such as "DE", in quotes',
            )


def _countries(document: Document) -> Iterator[tuple[Place, str]]:
    for pattern in (
        ("organisation", "holiday_country"),
        ("organisation", "holiday_countries", "*"),
        ("people", "*", "country"),
    ):
        for place, country in places_at(document, *pattern):
            if isinstance(country, str):
                yield place, country
    for place, _ in places_at(document, "organisation", "weekends", "*"):
        yield place, str(place[-1])


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
        source=part.source,
    )

"""Whoever lives in a zone of one country has its holidays, without a word in app.yaml."""

from zoneinfo import available_timezones

import holidays

from bot.domain.countries import COUNTRY_BY_ZONE


def test_every_zone_exists_and_every_country_has_holidays() -> None:
    assert set(COUNTRY_BY_ZONE) <= available_timezones()
    assert set(COUNTRY_BY_ZONE.values()) <= set(holidays.list_supported_countries())


def test_zones_that_salesforce_offers_are_known() -> None:
    assert COUNTRY_BY_ZONE["America/Indiana/Indianapolis"] == "US"
    assert COUNTRY_BY_ZONE["America/Halifax"] == "CA"
    assert COUNTRY_BY_ZONE["Asia/Hong_Kong"] == "HK"
    assert len(COUNTRY_BY_ZONE) > 130

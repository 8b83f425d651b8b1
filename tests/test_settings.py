"""app.yaml: what it says becomes Settings, and whatever is wrong in it is said at once."""

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.choices import STANDARD, Choices, ExchangeRate
from bot.domain.errors import ConfigError
from bot.domain.fiscal import CalendarMonths, FollowedYear
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parents[1]
ROLES = frozenset({"smb_ae", "mid_market_ae"})
RULES = frozenset({"no_activity", "kudos"})
COUNTRIES = frozenset({"DE", "IL", "NO"})


def settings_of(folder: Path, text: str, **environment: str) -> Settings:
    path = folder / "app.yaml"
    path.write_text(text, encoding="utf-8")
    return load_settings(
        {"PACESETTER_CONFIG": str(path), **environment},
        home=folder,
        playbooks=folder / "playbooks",
        known_roles=ROLES,
        known_rules=RULES,
        known_countries=COUNTRIES,
    )


def complaints(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        settings_of(folder, text)
    return str(refused.value).replace(f"{folder}/", "")


def test_how_a_team_counts_is_read_and_checked(tmp_path: Path) -> None:
    said = """\
organisation: {fiscal_start_month: 2}
definitions:
  lost_on: close_date
  types_left_out: [Renewal]
  rates:
    - {currency: EUR, rate: 1.08, begins: 2026-01-01}
"""
    choices = settings_of(tmp_path, said).organisation.choices
    assert choices == Choices(
        fiscal=CalendarMonths(start_month=2),
        lost_on="close_date",
        types_left_out=("Renewal",),
        rates=(ExchangeRate(currency="EUR", rate=Decimal("1.08"), begins=date(2026, 1, 1)),),
    )
    assert settings_of(tmp_path, "").organisation.choices == STANDARD


def test_a_choice_nobody_knows_is_refused_with_its_line(tmp_path: Path) -> None:
    said = complaints(
        tmp_path, "definitions:\n  lost_on: never\n  rates:\n    - {currency: EUR, rate: 0}\n"
    )
    assert "app.yaml:2: definitions.lost_on" in said
    assert "'moved' or 'close_date'" in said
    assert "app.yaml:4: definitions.rates.0.rate" in said


MESSY = """\
organisation:
  name: Acme
  zone: Europe/Berln
  curency: EUR
  fiscal_start_month: 13
roles:
  - {title_contains: smb, rolle: smb_ae}
nudges:
  per_day: yes
  quiet_from: 17:30
  quiet_until: "8:30"
schedule:
  digest_on: Sunday
slack:
shedule: {}
"""


def test_a_messy_file_is_complained_about_all_at_once(tmp_path: Path) -> None:
    said = """\
app.yaml:3: organisation.zone: 'Europe/Berln' is no time zone; write one like Europe/Berlin
app.yaml:5: organisation.fiscal_start_month: should be less than or equal to 12
  hint: write a smaller number
app.yaml:4: unknown key 'curency'
  hint: did you mean 'currency'?
app.yaml:7: 'role' is missing
  hint: add `role:`
app.yaml:7: unknown key 'rolle'
  hint: did you mean 'role'?
app.yaml:9: nudges.per_day: should be a whole number
  hint: write it in digits, without quotes
app.yaml:10: nudges.quiet_from: should be text
  hint: write it in quotes
app.yaml:11: nudges.quiet_until: '8:30' is no time of day; write one like "08:30" in quotes
app.yaml:13: schedule.digest_on: should be 'monday', 'tuesday', 'wednesday', 'thursday' or 'friday'
app.yaml:14: slack: should be keys and values
  hint: indent them below it, or leave it out
app.yaml:15: unknown key 'shedule'
  hint: did you mean 'schedule'?"""
    assert complaints(tmp_path, MESSY) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "\nroles: [{title_contains: x, role: smb_aee}]",
            "app.yaml:2: no role playbook called 'smb_aee'\n  hint: did you mean 'smb_ae'?",
            id="unknown-role",
        ),
        pytest.param(
            "\n\ndefault_role: boss",
            "app.yaml:3: no role playbook called 'boss'\n  hint: known are mid_market_ae, smb_ae",
            id="unknown-default-role",
        ),
        pytest.param(
            "nudges:\n  rules_off:\n    - kudos\n    - no_activty",
            "app.yaml:4: no rule called 'no_activty'\n  hint: did you mean 'no_activity'?",
            id="unknown-rule",
        ),
        pytest.param(
            "nudges:\n  rules_in_shadow: [kudo]",
            "app.yaml:2: no rule called 'kudo'\n  hint: did you mean 'kudos'?",
            id="unknown-rule-in-shadow",
        ),
        pytest.param(
            "roles:\n  - {role: smb_ae}",
            "app.yaml:2: this line fits nobody\n"
            "  hint: add `title_contains:` or `crm_role_contains:`",
            id="role-that-fits-nobody",
        ),
        pytest.param(
            'nudges:\n  quiet_from: "08:00"\n  quiet_until: "17:00"',
            "app.yaml:2: quiet hours begin in the evening and end in the morning\n"
            '  hint: for example quiet_from: "17:30", quiet_until: "08:30"',
            id="quiet-all-day",
        ),
        pytest.param(
            'schedule:\n  coach_at: "18:00"',
            "app.yaml:2: nobody is coached after quiet hours begin at 17:30\n"
            '  hint: write a time in the morning, such as "07:30"',
            id="coaching-in-quiet-hours",
        ),
        pytest.param(
            'schedule: {coach_at: "24:00"}',
            "app.yaml:1: schedule.coach_at: '24:00' is no time of day; "
            'write one like "08:30" in quotes',
            id="bad-clock",
        ),
        pytest.param(
            "organisation: {zone: ../../etc/passwd}",
            "app.yaml:1: organisation.zone: '../../etc/passwd' is no time zone; "
            "write one like Europe/Berlin",
            id="zone-that-climbs-out",
        ),
        pytest.param(
            "organisation: {holiday_country: NO}",
            "app.yaml:1: organisation.holiday_country: should be text\n  hint: write it in quotes",
            id="norway",
        ),
        pytest.param(
            "people:\n  kim@acme.example:\n    works: [mon, tuesday, wendsday]",
            "app.yaml:3: 'wendsday' is no day of the week\n  hint: did you mean 'wednesday'?",
            id="day-that-is-none",
        ),
        pytest.param(
            "people:\n  kim@acme.example: {share: 60}",
            "app.yaml:2: people.kim@acme.example.share: should be less than or equal to 1\n"
            "  hint: write a smaller number",
            id="share-in-percent",
        ),
        pytest.param(
            'people:\n  kim@acme.example: {country: "UK"}',
            "app.yaml:2: no public holidays are known for 'UK'\n"
            '  hint: write the two letters of ISO 3166, such as "DE", in quotes',
            id="country-that-is-none",
        ),
        pytest.param(
            "organisation: {weekends: {IL: [mon, tue, wed, thu, fri, sat, sun]}}",
            "app.yaml:1: nobody works there\n  hint: name the days of the weekend",
            id="weekend-all-week",
        ),
        pytest.param(
            "people:\n  kim@acme.example: {started_on: soon}",
            "app.yaml:2: people.kim@acme.example.started_on: should be a day\n"
            "  hint: write it like 2026-03-09, without quotes",
            id="day-in-words",
        ),
        pytest.param(
            "organisation:\n  fiscal: {pattern: 4-4-5, year_starts: february}",
            "app.yaml:2: 'february' is no first day of a fiscal year\n"
            "  hint: write `last saturday of january`, `first sunday of february` or "
            "`sunday nearest 1 february`",
            id="fiscal-year-that-begins-nowhere",
        ),
        pytest.param(
            "organisation:\n  fiscal_start_month: 2\n"
            "  fiscal: {pattern: 4-4-5, year_starts: last saturday of january}",
            "app.yaml:2: a year of weeks begins on a day of its own\n"
            "  hint: keep `fiscal:` or `fiscal_start_month:`, not both",
            id="two-fiscal-years",
        ),
        pytest.param(
            "nudges: {holdout_share: .nan}",
            "app.yaml:1: nudges.holdout_share: should be less than 1\n"
            "  hint: write a smaller number",
            id="not-a-number",
        ),
        pytest.param(
            "organisation: {crm_address: 'javascript:alert(1)'}",
            "app.yaml:1: organisation.crm_address: should be an address\n"
            "  hint: write it whole, beginning with https://",
            id="address-of-another-kind",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_line_and_hint(
    tmp_path: Path, text: str, said: str
) -> None:
    assert complaints(tmp_path, text) == said


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "# nothing yet\n")
    assert settings.policy.nudges_per_day == 1
    assert settings.policy.quiet_hours.begin == time(17, 30)
    assert settings.organisation.zone.key == "UTC"


def test_without_a_file_of_ones_own_the_one_that_we_ship_counts(tmp_path: Path) -> None:
    settings = load_settings({}, home=tmp_path, playbooks=tmp_path)
    assert settings.organisation.zone.key == "America/New_York"


def test_a_named_file_that_is_missing_is_an_error_and_no_default(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        load_settings(
            {"PACESETTER_CONFIG": str(tmp_path / "b.yaml")}, home=tmp_path, playbooks=ROOT
        )


def test_the_database_is_the_one_named_or_a_file_at_home(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "").database_url == f"sqlite:///{tmp_path / 'pacesetter.sqlite3'}"
    named = settings_of(tmp_path, "", DATABASE_URL="postgresql://db/sales")
    assert named.database_url == "postgresql://db/sales"


def test_admins_and_leave_words_are_known_in_whatever_case(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        "slack: {admins: [Maria@Acme.example]}\n"
        "activities: {leave_subjects: [Urlaub], missed_subjects: [Ausgefallen],"
        " automatic_subjects: [Abwesend]}",
    )
    assert settings.organisation.admins == {"maria@acme.example"}
    assert settings.organisation.leave_subjects == ("urlaub",)
    assert settings.organisation.missed_subjects == ("ausgefallen",)
    assert settings.organisation.automatic_subjects == ("abwesend",)


def test_what_is_said_of_a_person_is_found_by_mail_in_any_case_or_by_id(tmp_path: Path) -> None:
    organisation = settings_of(
        tmp_path,
        """
organisation: {weekends: {IL: [friday, sat]}}
people:
  Kim@Acme.example: {works: [mon, Tue], started_on: 2026-02-01, territory_since: 2026-03-01}
  005000000000002AAA: {share: 0.6, country: "DE"}
""",
    ).organisation
    kim = organisation.terms_of("005000000000001AAA", "kim@ACME.example")
    assert (kim.works, kim.started_on) == (frozenset({0, 1}), date(2026, 2, 1))
    assert kim.territory_since == date(2026, 3, 1)
    sam = organisation.terms_of("005000000000002AAA", None)
    assert (sam.works, sam.share, sam.country) == (None, 0.6, "DE")
    assert organisation.terms_of("005000000000003AAA", "maria@acme.example").share == 1.0
    assert organisation.weekend_by_country == {"IL": {4, 5}}


def test_the_fiscal_year_is_the_one_that_the_file_names(tmp_path: Path) -> None:
    by_month = settings_of(tmp_path, "organisation: {fiscal_start_month: 4}").organisation.fiscal
    assert by_month.year(date(2026, 3, 9)) == (date(2025, 4, 1), date(2026, 3, 31))
    weeks = "organisation: {fiscal: {pattern: 5-4-4, year_starts: last saturday of january}}"
    by_week = settings_of(tmp_path, weeks).organisation.fiscal
    assert by_week.month(date(2026, 2, 1)) == (date(2026, 1, 31), date(2026, 3, 6))
    silent = settings_of(tmp_path, "organisation: {fiscal_start_month: null}").organisation
    assert isinstance(silent.fiscal, FollowedYear)
    # What is counted follows the very same year.
    assert silent.choices.fiscal is silent.fiscal

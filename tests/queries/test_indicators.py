"""What every indicator of the scorecard promises, and what single ones count."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.duty import Duty, Standing, standing_of
from bot.domain.ids import TeamId
from bot.queries.indicator import Indicator, load_indicators
from bot.queries.manager_look import ManagerLook, quarter_before
from bot.queries.stays import read_stays
from bot.queries.talks import find_named, is_one_on_one
from bot.queries.team_views import moment_on
from bot.storage.database import open_database, reading
from bot.storage.roster import read_roster
from bot.surfaces.command import load_commands
from tests.coached_team import MARIA, MONDAY, coached_team
from tests.domain.people import kim_who
from tests.mirrored import ORGANISATION

INDICATORS = load_indicators()


@pytest.fixture(scope="module")
def look(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ManagerLook]:
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("look") / "db.sqlite3")
    engine = open_database(f"sqlite:///{path}")
    runtime = coached_team(engine).at()
    with reading(engine) as session:
        roster = read_roster(session, runtime.organisation)
        moment = moment_on(session, runtime, MONDAY)
        yield ManagerLook(session, runtime, roster, roster.team(TeamId(MARIA)), moment)
    engine.dispose()


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS.keys())
def test_an_indicator_says_what_it_is_and_where_the_records_are(
    indicator: Indicator, look: ManagerLook
) -> None:
    for words in (indicator.because, indicator.next_step, indicator.becomes_known):
        assert words.endswith(".")
        assert "`" not in words
    assert indicator.source.split()[0] in load_commands()
    sign = indicator.read(look)
    assert sign.told
    assert sign.standing is Standing.UNKNOWN or sign.facts > 0


def test_the_folder_is_the_registry() -> None:
    folder = Path(__file__).parents[2] / "bot" / "queries" / "indicators"
    assert set(INDICATORS) == {path.stem for path in folder.glob("*.py")} - {"__init__"}
    for duty in Duty:
        places = [each.order for each in INDICATORS.values() if each.duty is duty]
        assert 2 <= len(places) <= 4
        assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("value", "marks", "standing"),
    [
        (0.9, (0.9, 0.6), Standing.IN_PLACE),
        (0.89, (0.9, 0.6), Standing.ON_THE_WAY),
        (0.59, (0.9, 0.6), Standing.TO_DO),
        (0.15, (0.15, 0.35), Standing.IN_PLACE),
        (0.36, (0.15, 0.35), Standing.TO_DO),
    ],
)
def test_marks_stand_either_way_round(
    value: float, marks: tuple[float, float], standing: Standing
) -> None:
    assert standing_of(value, in_place=marks[0], on_the_way=marks[1]) is standing


def test_the_quarter_before_follows_the_fiscal_year() -> None:
    found = quarter_before(ORGANISATION.fiscal, date(2026, 1, 1))
    assert (found.first, found.last) == (date(2025, 10, 1), date(2025, 12, 31))


def test_a_calendar_entry_names_one_rep_or_nobody() -> None:
    people = [replace(kim_who(), name=f"Kim {surname}") for surname in ("Berg", "Lee")]
    assert find_named("1:1 with Kim Lee", people) is people[1]
    assert find_named("1:1 Kim", people) is None
    assert find_named("1:1 Kim", people[:1]) is people[0]
    assert find_named("1:1 Kimberly", people[:1]) is None
    assert is_one_on_one("One-on-One Kim", ORGANISATION)
    assert not is_one_on_one("1:1 Kim (no show)", ORGANISATION)


def test_who_left_the_company_left_and_who_changed_teams_did_not(look: ManagerLook) -> None:
    found = read_stays(look.roster, look.team, since=MONDAY - timedelta(days=364), until=MONDAY)
    assert (found.reps, found.leavers) == (2, 0)
    assert found.person_years == pytest.approx(2 * 365 / 365.25)

"""/team-health framework: numbers about a team's quarter, worked out by hand, and refusals."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.domain.errors import NotAllowed, UnclearWords
from bot.domain.ids import SlackUserId
from bot.queries import framework
from bot.queries.figures.figure import Figure
from bot.queries.framework import Framework
from bot.runtime import Runtime
from bot.storage.database import open_database, transaction
from bot.storage.mirror.opportunity import OpportunityRow
from tests.coached_team import Team, runtime_at
from tests.mirrored import KIM, SAM, Mirror, berlin

#: Within the quarter after the one that is looked at.
TODAY = date(2026, 4, 20)
NOW = berlin(TODAY, 9)
BO, DANA = "005000000000004AAA", "005000000000005AAA"
QUOTA = 10_000_00
REPS = {KIM: 6, SAM: 3, BO: 2, DANA: 1}


@pytest.fixture(scope="module")
def quarter(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """Four reps with a quota of 10,000 each, deals of 2,000: 12,000, 6,000, 4,000 and 2,000."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("quarter") / "db.sqlite3")
    engine = open_database(f"sqlite:///{path}")
    mirror = Mirror(engine)
    for person, name in ((BO, "Bo"), (DANA, "Dana")):
        mirror.person(person, name)
    for rep, count in REPS.items():
        mirror.write(
            "quota",
            id=f"0J9{rep[3:]}",
            owner_id=rep,
            starts_on=date(2026, 1, 1),
            amount_cents=QUOTA,
        )
        for number in range(count):
            # One in each month, and whatever is left in March; committed when it is due.
            month = min(number, 2) + 1
            began = berlin(date(2026, 1, 1) - timedelta(days=30 + number))
            deal = mirror.deal(
                began,
                owner_id=rep,
                amount_cents=2_500_00,
                close_on=date(2026, month, 20),
                stage_name="Proposal",
                forecast_category="Forecast" if number % 2 == 0 else "Pipeline",
            )
            mirror.change(
                deal,
                berlin(date(2026, month, 20)),
                stage_name="Closed Won",
                amount_cents=2_000_00,
                forecast_category="Closed",
            )
    mirror.pulled(as_of=NOW)
    mirror.roll_up(NOW)
    Team(mirror).match()
    yield runtime_at(NOW, engine)
    engine.dispose()


def asked(runtime: Runtime, *words: str, by: str = "U0MARIA", shared: bool = False) -> Framework:
    return framework.ask(runtime, asker=SlackUserId(by), words=words, is_shared=shared)


def figures(found: Framework) -> Mapping[str, Figure]:
    return {each.key: each for _, section in found.sections for each in section}


def test_the_quarter_is_the_newest_that_is_over(quarter: Runtime) -> None:
    found = asked(quarter)
    assert (found.quarter.first, found.quarter.last) == (date(2026, 1, 1), date(2026, 3, 31))


def test_shares_of_quota_are_counted_rep_by_rep_with_an_exact_interval(quarter: Runtime) -> None:
    found = figures(asked(quarter))
    assert found["reached_80"].told == found["reached_100"].told == "1 of 4"
    assert "1% to 81% would fit" in found["reached_80"].verdict


def test_the_spread_is_held_against_what_luck_alone_would_make(quarter: Runtime) -> None:
    found = asked(quarter)
    # Attainments of 120, 60, 40 and 20%: a standard deviation of 43 points.
    assert figures(found)["spread"].told == "43 points, Gini 0.44"
    assert figures(found)["by_chance"].rests_on == "12 won deals of 4 reps"
    assert found.headline.startswith("Luck with few deals explains the spread")


def test_bookings_by_month_add_up_to_the_quarter(quarter: Runtime) -> None:
    # January four deals, February three, March five, of twelve.
    assert figures(asked(quarter))["by_month"].told == "33% · 25% · 42%"


def test_without_a_field_discount_and_margin_are_not_measurable_and_say_how_they_would_be(
    quarter: Runtime,
) -> None:
    found = figures(asked(quarter))
    assert found["given_up"].told == "20%"
    assert found["margin"].told == found["discount"].told == "not measurable"
    assert "`opportunity.margin: Margin__c`" in found["margin"].verdict


def test_discount_and_margin_are_weighed_by_the_deals_where_a_field_holds_them(
    quarter: Runtime,
) -> None:
    """Of twelve deals of 2,000, six at half the list price and six at a fifth off it."""
    mirror = Mirror(quarter.database)
    with transaction(quarter.database) as session:
        deals = session.exec(select(OpportunityRow).order_by(col(OpportunityRow.id))).all()
        for number, deal in enumerate(deals):
            deal.discount, deal.margin = (50.0, 20.0) if number % 2 else (20.0, 60.0)
    mirror.pulled(as_of=NOW, mapped=("discount", "margin"))
    found = figures(asked(quarter))
    # 6 x 4,000 and 6 x 2,500 of list price; 6 x 2,000 and 6 x 500 of it taken off.
    assert found["discount"].told == "38%"
    assert found["margin"].told == "40%"
    assert "would fit. The quarter before: not known." in found["discount"].verdict
    assert found["discount"].rests_on == "12 won deals with a discount"
    mirror.pulled(as_of=NOW)


def test_another_quarter_may_be_asked_for(quarter: Runtime) -> None:
    spans = {
        ("this", "quarter"): (date(2026, 4, 1), TODAY),
        ("2", "quarters", "ago"): (date(2025, 10, 1), date(2025, 12, 31)),
        ("Q1",): (date(2026, 1, 1), date(2026, 3, 31)),
        ("q3", "2025"): (date(2025, 7, 1), date(2025, 9, 30)),
    }
    for words, span in spans.items():
        found = asked(quarter, *words)
        assert (found.quarter.first, found.quarter.last) == span
    assert figures(asked(quarter, "this", "quarter"))["by_month"].is_known is False
    assert figures(asked(quarter, "q1"))["spread"].told == "43 points, Gini 0.44"


@pytest.mark.parametrize("words", ["last 4 weeks", "99 quarters ago", "Q3 2040"])
def test_what_is_no_quarter_is_refused_with_what_may_be_said(quarter: Runtime, words: str) -> None:
    with pytest.raises(UnclearWords) as refused:
        asked(quarter, *words.split())
    assert "2 quarters ago" in str(refused.value.hint)


def test_three_months_of_forecasts_are_too_few(quarter: Runtime) -> None:
    found = figures(asked(quarter))["forecast"]
    assert not found.is_known
    assert "it takes 6" in found.told


def test_every_known_number_says_what_it_means_and_rests_on(quarter: Runtime) -> None:
    for each in figures(asked(quarter)).values():
        assert each.means.endswith(".")
        assert bool(each.rests_on) == each.is_known


def test_where_coaching_goes_is_the_managers_own(quarter: Runtime) -> None:
    assert "coaching" in figures(asked(quarter))
    assert "coaching" not in figures(asked(quarter, shared=True))


def test_a_rep_is_kindly_refused(quarter: Runtime) -> None:
    with pytest.raises(NotAllowed, match="for managers"):
        asked(quarter, by="U0KIM")


def test_few_talks_and_no_nudges_conclude_nothing(quarter: Runtime) -> None:
    found = figures(asked(quarter))
    assert found["coaching"].told == "not known: 0 one-on-ones, it takes 8 and a middle"
    assert found["praise"].rests_on == "0 nudges"

"""What is told of a person, such as attainment, leads to the deals that it is a sum of."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.domain.choices import STANDARD, Choices
from bot.domain.ids import MetricKey, RepId
from bot.domain.windows import Window
from bot.storage.database import reading
from bot.storage.facts.select import Knowledge
from bot.storage.made_of import records_behind
from bot.storage.readings import measure
from tests.mirrored import KIM, SAM, Mirror, berlin, metrics

TODAY = date(2026, 2, 13)
NOON = berlin(TODAY, 12)
KNOWLEDGE = Knowledge(day=TODAY, now=NOON)
WINDOW = Window(first=TODAY, last=TODAY, label="today")


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def mirror(database: Engine) -> Mirror:
    mirror = Mirror(database)
    with mirror.at_once():
        for owner in (KIM, SAM):
            mirror.write(
                "quota",
                id=f"0J90000000000{owner[13:15]}AAA",
                owner_id=owner,
                starts_on=date(2026, 1, 1),
                amount_cents=1_000_000,
            )
    return mirror


def deal(mirror: Mirror, name: str, amount: int, *, due: date, **fields: object) -> str:
    begun = {"name": name, "amount_cents": amount * 100, "close_on": due}
    return mirror.deal(berlin(ago(60)), **{**begun, **fields})


def win(mirror: Mirror, record: str) -> None:
    mirror.change(record, berlin(ago(5)), stage_name="Closed Won", close_on=ago(5))


def behind(
    mirror: Mirror, metric: str, choices: Choices = STANDARD, *, rep: str = KIM
) -> list[tuple[str, float]]:
    definition = metrics()[MetricKey(metric)].under(choices)
    with reading(mirror.database) as session:
        facts = records_behind(
            session, definition, rep=RepId(rep), window=WINDOW, knowledge=KNOWLEDGE
        )
    names = {record: str(row["name"]) for record, row in mirror.deals.items()}
    return [(names.get(str(each.record), str(each.record)), each.value) for each in facts]


def value(mirror: Mirror, metric: str, *, rep: str = KIM) -> float:
    with reading(mirror.database) as session:
        found = measure(
            session,
            metrics()[MetricKey(metric)],
            reps=[RepId(rep)],
            window=WINDOW,
            knowledge=KNOWLEDGE,
            as_of=NOON,
        )
    return found[RepId(rep)].value or 0.0


def split(mirror: Mirror, record: str) -> None:
    for who, share in ((KIM, 25), (SAM, 75)):
        mirror.write(
            "opportunity_split",
            id=mirror.record_id("1Jx"),
            opportunity_id=record,
            owner_id=who,
            percentage=share,
        )


def test_attainment_is_the_sum_of_the_parts_of_deals_behind_it(mirror: Mirror) -> None:
    for name, owner in (("Kims own", KIM), ("Shared", KIM), ("Sams own", SAM)):
        record = deal(mirror, name, 400, due=ago(5), owner_id=owner)
        win(mirror, record)
        if name == "Shared":
            split(mirror, record)
    deal(mirror, "Still open", 900, due=TODAY)
    mirror.derive(NOON)
    assert sorted(behind(mirror, "quota_attainment")) == [("Kims own", 400), ("Shared", 100)]
    assert sorted(behind(mirror, "quota_attainment", rep=SAM)) == [
        ("Sams own", 400),
        ("Shared", 300),
    ]
    for rep in (KIM, SAM):
        total = sum(amount for _, amount in behind(mirror, "quota_attainment", rep=rep))
        assert value(mirror, "quota_attainment", rep=rep) == pytest.approx(total / 10_000)
    owners = Choices(split_credit="owner", deals_count_for="owner_now")
    assert ("Shared", 400) in behind(mirror, "quota_attainment", owners)


def test_coverage_leads_to_what_is_open_and_won_and_at_the_start_to_what_was_due_then(
    mirror: Mirror,
) -> None:
    deal(mirror, "Due", 300, due=date(2026, 3, 1), forecast_category="Best Case")
    deal(
        mirror, "Commit", 200, due=date(2026, 3, 9), forecast_category="Commit", with_history=False
    )
    win(mirror, deal(mirror, "Won", 500, due=ago(5)))
    late = deal(mirror, "Pushed out", 700, due=date(2026, 3, 2))
    mirror.change(late, berlin(ago(3)), close_on=date(2026, 7, 1))
    mirror.derive(NOON)
    assert behind(mirror, "pipeline_coverage") == [("Commit", 200), ("Due", 300), ("Won", 500)]
    assert value(mirror, "pipeline_coverage") == pytest.approx(500 / 9_500)
    assert behind(mirror, "commit_coverage") == [("Commit", 200), ("Won", 500)]
    at_start = dict(behind(mirror, "coverage_at_start"))
    assert at_start == {"Due": 300, "Commit": 200, "Pushed out": 700, "Won": 500}


def test_a_pace_leads_to_the_deals_of_five_quarters_and_a_first_to_the_first(
    mirror: Mirror,
) -> None:
    for days, name in ((20, "This quarter"), (100, "The last"), (900, "Long ago")):
        record = mirror.deal(berlin(ago(days)), name=name, stage_name="Proposal")
        mirror.change(record, berlin(ago(5)), stage_name="Closed Won", close_on=ago(days - 1))
    met = mirror.meeting(berlin(ago(9)), who_id="003000000000001AAA")
    mirror.derive(NOON)
    assert behind(mirror, "pipeline_pace") == [("This quarter", 1_000), ("The last", 1_000)]
    assert behind(mirror, "first_deal_days") == [("Long ago", 1_000)]
    assert behind(mirror, "first_qualified_days") == [("Long ago", 1_000)]
    assert behind(mirror, "first_meeting_days") == [(met, 0)]
    assert behind(mirror, "first_deal_days", rep=SAM) == [(SAM, 767)]

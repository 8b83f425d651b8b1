"""Puts the made-up organisation together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from integrations.sandbox.changes import Change, SlackChannel, SlackPerson
from integrations.sandbox.org import workspace
from integrations.sandbox.org.accounts import Account, Companies, open_books
from integrations.sandbox.org.activities import ActivityLog
from integrations.sandbox.org.associates import live_associates
from integrations.sandbox.org.deal_records import write_deals, write_last_activity
from integrations.sandbox.org.deals import Deal, draw_deals
from integrations.sandbox.org.developers import live_developer_days
from integrations.sandbox.org.diary import write_diaries
from integrations.sandbox.org.executives import live_executive_days
from integrations.sandbox.org.follow_ups import plan_follow_ups
from integrations.sandbox.org.ledger import Ledger
from integrations.sandbox.org.planted import plant_deals
from integrations.sandbox.org.quarter_ends import push_over_the_cliff, write_prices
from integrations.sandbox.org.scene import Scene, build_scene
from integrations.sandbox.org.setup import (
    write_departure,
    write_organization,
    write_quotas,
    write_users,
)
from integrations.sandbox.org.telling import tell_stories
from integrations.sandbox.org.truth import Truth
from integrations.sandbox.org.workdays import DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Org:
    #: By instant. Those after today tell how life goes on when the sandbox clock is wound.
    changes: Sequence[Change]
    people: tuple[SlackPerson, ...]
    channels: tuple[SlackChannel, ...]
    truth: Truth


def generate(*, seed: int, today: date, weeks_ahead: int = 8) -> Org:
    """Fifteen months of a sales organisation up to ``today``, and some weeks more.

    The same seed and day give the same organisation, change by change. The cast is always the
    same; what everybody does is drawn.
    """
    ledger = Ledger()
    scene = build_scene(ledger, seed=seed, today=today, weeks_ahead=weeks_ahead)
    write_organization(scene, ledger)
    write_users(scene, ledger)
    companies = Companies(scene.stream("companies"))
    books = open_books(scene, ledger, companies)
    planted = plant_deals(scene, ledger, books)
    deals = [
        *draw_deals(scene, ledger, companies, books),
        *(deal for deals in planted.values() for deal in deals),
    ]
    _write_work(scene, ledger, deals, books)
    write_departure(scene, ledger, deals, books)
    write_quotas(scene, ledger)
    end = datetime.combine(scene.last_day + DAY, time(), tzinfo=UTC)
    records = {kind: [deal.id for deal in deals] for kind, deals in planted.items()}
    return Org(
        changes=ledger.in_order(until=end),
        people=workspace.people(scene),
        channels=workspace.channels(scene),
        truth=Truth(scene=scene, stories=tell_stories(scene, records)),
    )


def _write_work(
    scene: Scene,
    ledger: Ledger,
    deals: Sequence[Deal],
    books: Mapping[str, tuple[Account, ...]],
) -> None:
    write_deals(ledger, deals)
    log = ActivityLog(scene=scene, ledger=ledger)
    associates = list(live_associates(scene, log))
    pushed = list(push_over_the_cliff(scene, log, deals, books))
    write_deals(ledger, [*associates, *pushed])
    write_prices(scene, ledger, [*deals, *associates, *pushed])
    live_developer_days(log, deals)
    live_executive_days(log, deals, books)
    plan_follow_ups(log, deals)
    write_diaries(log)
    write_last_activity(ledger, log.touches)

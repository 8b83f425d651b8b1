"""Shadow mode: what would have been said goes to admins, and to nobody else."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session, col, func, select

from bot.domain.ids import DecisionId, RepId, SlackUserId, TeamId
from bot.domain.message import Message
from bot.domain.nudge import HoldReason
from bot.ports import Directory
from bot.queries.reader import reader_in
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.decisions import DecisionRow
from bot.storage.outbox import DeliveryRow, enqueue
from bot.storage.roster import Roster, read_roster

KIND = "shadow"
#: What fits one message; the rest is counted.
MOST_LINES = 20


def admins_in_slack(runtime: Runtime, directory: Directory) -> list[str]:
    """Slack ids of the admins of app.yaml, whether or not they sell."""
    found = (directory.find_by_email(email) for email in sorted(runtime.organisation.admins))
    return [person.id for person in found if person is not None]


def show_admins(runtime: Runtime, directory: Directory) -> int:
    """Enqueue what was held in shadow mode since each admin was last shown it; how many messages.

    Once for each decision and admin, however often it is run.
    """
    if not runtime.policy.is_in_shadow:
        return 0
    shown = 0
    for admin in admins_in_slack(runtime, directory):
        with transaction(runtime.database) as session:
            held = _held_since(session, _last_shown(session, admin))
            if held:
                _enqueue(session, runtime, admin, held)
                shown += 1
    return shown


def would_have_gone(runtime: Runtime, message: Message, *, to: str) -> Message:
    """A digest as an admin is shown it; ``to`` in words."""
    note = runtime.renderer.render("messages/would_have_gone.j2", {"to": to})
    return replace(
        message, text=f"{note.text} {message.text}", blocks=[*note.blocks, *message.blocks]
    )


def _last_shown(session: Session, admin: str) -> int:
    row = DeliveryRow
    newest = select(func.max(row.decision_id)).where(
        col(row.kind) == KIND, col(row.recipient) == admin
    )
    return session.exec(newest).one() or 0


def _held_since(session: Session, last: int) -> Sequence[DecisionRow]:
    row = DecisionRow
    wanted = select(row).where(col(row.id) > last, col(row.reason) == HoldReason.SHADOW_MODE)
    return session.exec(wanted.order_by(col(row.id))).all()


def _enqueue(session: Session, runtime: Runtime, admin: str, held: Sequence[DecisionRow]) -> None:
    roster = read_roster(session, runtime.organisation)
    view = {
        "lines": [_line(row, runtime, roster) for row in held[:MOST_LINES]],
        "count": len(held),
        "more": max(0, len(held) - MOST_LINES),
        **reader_in(session, SlackUserId(admin), runtime.organisation),
    }
    newest, now = held[-1].id or 0, runtime.clock.now()
    enqueue(
        session,
        dedupe_key=f"{KIND}:{admin}:{newest}",
        kind=KIND,
        recipient=admin,
        message=runtime.renderer.render("messages/shadow.j2", view),
        not_before=now,
        now=now,
        decision=DecisionId(newest),
    )


def _line(row: DecisionRow, runtime: Runtime, roster: Roster) -> dict[str, str]:
    rep = roster.reps.get(RepId(row.to_id)) or roster.managers.get(TeamId(row.to_id))
    rules = {str(key): rule.title for key, rule in runtime.every_rule.items()}
    return {
        "person": rep.name if rep else row.to_id,
        "rule": rules.get(row.rule, row.rule),
        "text": row.text or "",
    }

"""A milestone that a person told of by mistake is open again; that it was said is kept."""

from datetime import datetime

from sqlmodel import Session

from bot.domain.ids import SlackUserId
from bot.queries.milestone_form import MilestoneForm, require_milestone
from bot.runtime import Runtime
from bot.storage.database import transaction
from bot.storage.outbox import enqueue
from bot.storage.people import SlackMatchRow
from bot.storage.programmes import SAID_IN_SLACK, MilestoneRow, MilestoneUndoneRow


def undo_sign_off(runtime: Runtime, *, by: SlackUserId, token: str, because: str = "") -> str:
    """What to say to whoever took it back; the new hire is told when it was their manager.

    Raises NotAllowed for anybody whose word it does not take.
    """
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        form = require_milestone(session, runtime, asker=by, token=token)
        row = session.get(MilestoneRow, (form.followed.id, form.milestone.key))
        if row is None or row.source != SAID_IN_SLACK:
            return "It is open already."
        session.add(
            MilestoneUndoneRow(
                start_id=row.start_id,
                milestone=row.milestone,
                reached_on=row.reached_on,
                signed_by=row.signed_by,
                note=row.note,
                noted_at=row.noted_at,
                undone_by=form.person.crm_id,
                because=because,
                undone_at=now,
            )
        )
        session.delete(row)
        if not form.is_own:
            _tell(session, runtime, form, because, now)
    whose = "your checklist" if form.is_own else f"{form.rep.first_name}'s checklist"
    return f"It is open again on {whose}. That it was said before stays on record."


def _tell(
    session: Session, runtime: Runtime, form: MilestoneForm, because: str, now: datetime
) -> None:
    match = session.get(SlackMatchRow, form.rep.id)
    if match is None or match.slack_id is None:
        return
    view = {
        "first_name": form.rep.first_name,
        "manager": form.person.first_name,
        "milestone": form.milestone.title,
        "reached_on": form.reached_on,
        "because": because,
        "locale": form.rep.locale,
        "zone": form.rep.zone.key,
    }
    works = runtime.calendar.own_week(form.rep)
    enqueue(
        session,
        dedupe_key=f"milestone:{form.followed.id}:{form.milestone.key}:undone:{now.isoformat()}",
        kind="milestone",
        recipient=match.slack_id,
        message=runtime.renderer.render("messages/milestone_undone.j2", view),
        not_before=runtime.policy.quiet_hours.over_at(now, form.rep.zone, works=works),
        now=now,
    )

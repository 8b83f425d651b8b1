"""A milestone that a person told of by mistake is open again; that it was said is kept."""

from bot.domain.ids import SlackUserId
from bot.flows.tell_hire import tell_hire
from bot.queries.milestone_form import require_milestone
from bot.runtime import Runtime
from bot.storage.database import transaction
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
            tell_hire(
                session,
                runtime,
                form,
                "messages/milestone_undone.j2",
                what=f"undone:{now.isoformat()}",
                now=now,
                reached_on=form.reached_on,
                because=because,
            )
    whose = "your checklist" if form.is_own else f"{form.rep.first_name}'s checklist"
    return f"It is open again on {whose}. That it was said before stays on record."

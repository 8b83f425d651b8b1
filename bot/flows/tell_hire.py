"""A new hire is told of a milestone in a message of their own, once they may be written to."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot.queries.milestone_form import MilestoneForm
from bot.runtime import Runtime
from bot.storage.outbox import enqueue
from bot.storage.people import SlackMatchRow


def tell_hire(
    session: Session,
    runtime: Runtime,
    form: MilestoneForm,
    template: str,
    *,
    what: str,
    now: datetime,
    **told: object,
) -> None:
    """Once for each ``what``; nothing where nobody in Slack is the rep."""
    rep = form.rep
    match = session.get(SlackMatchRow, rep.id)
    if match is None or match.slack_id is None:
        return
    view: Mapping[str, object] = {
        "first_name": rep.first_name,
        "manager": form.person.first_name,
        "milestone": form.milestone.title,
        "locale": rep.locale,
        "zone": rep.zone.key,
        **told,
    }
    works = runtime.calendar.own_week(rep)
    enqueue(
        session,
        dedupe_key=f"milestone:{form.followed.id}:{form.milestone.key}:{what}",
        kind="milestone",
        recipient=match.slack_id,
        message=runtime.renderer.render(template, view),
        not_before=runtime.policy.quiet_hours.over_at(now, rep.zone, works=works),
        now=now,
    )

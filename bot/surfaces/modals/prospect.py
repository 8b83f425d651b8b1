"""Somebody comes onto the bench."""

from functools import partial

from bot.domain.hiring import SOURCES
from bot.domain.ids import SlackUserId
from bot.domain.message import View
from bot.flows.keep_bench import NewProspect, add_prospect
from bot.queries.hiring_access import require_hirer
from bot.queries.reader import reader_of
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.surfaces.hiring_forms import day_in, one_line, settled
from bot.surfaces.modal import Mistakes, Modal, Outcome, Submission

DONE = "They are on the bench. `/bench` shows them, and plans the first interview."


def form(runtime: Runtime, *, asker: SlackUserId) -> View:
    """Raises NotAllowed for whoever hires for no role."""
    with reading(runtime.database) as session:
        hirer = require_hirer(session, runtime, asker)
    roles = [(card.title, key) for key, card in hirer.cards.items()]
    view = {
        "role": roles[0][1] if len(roles) == 1 else "",
        "roles": roles,
        "sources": [(title, key) for key, title in SOURCES.items()],
        "retention_days": runtime.organisation.hiring.retention_days,
        **reader_of(runtime, asker),
    }
    return runtime.renderer.render_view("modals/prospect.j2", view)


def answer(submission: Submission, runtime: Runtime) -> Outcome:
    entered = submission.entered
    role = entered.get("role") or submission.carries
    if not role:
        return Mistakes({"role": "Choose the role."})
    new = NewProspect(
        role=role,
        name=one_line(entered.get("name")),
        source=entered.get("source") or "",
        referrer=one_line(entered.get("referrer")),
        contact=one_line(entered.get("contact")),
        next_touch_on=day_in(submission, "next_touch_on"),
    )
    add = partial(add_prospect, runtime, by=submission.submitter, new=new)
    return settled(runtime, submission, add, field="name", title="On the bench", words=DONE)


MODAL = Modal(callback="prospect.add", answer=answer)

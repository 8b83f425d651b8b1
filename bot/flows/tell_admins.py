"""Admins hear of what changed in the CRM so that somebody must edit app.yaml; each change once."""

import hashlib

from bot.domain.ids import SlackUserId
from bot.flows.shadow import admins_in_slack
from bot.ports import Directory
from bot.queries.crm_doubts import CrmDoubt, crm_doubts
from bot.queries.reader import reader_in
from bot.runtime import Runtime
from bot.storage.cursors import read_cursors
from bot.storage.database import reading, transaction
from bot.storage.outbox import enqueue

KIND = "crm_changed"


def tell_admins(runtime: Runtime, directory: Directory) -> int:
    """How many messages it was. Slack is asked for nobody while nothing has changed."""
    with reading(runtime.database) as session:
        doubts = [doubt for cursor in read_cursors(session) for doubt in crm_doubts(cursor)]
    admins = admins_in_slack(runtime, directory) if doubts else []
    return sum(_tell(runtime, SlackUserId(admin), doubt) for admin in admins for doubt in doubts)


def _tell(runtime: Runtime, admin: SlackUserId, doubt: CrmDoubt) -> bool:
    key = hashlib.sha256(f"{admin} {doubt.table} {doubt.words}".encode()).hexdigest()
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        view = {
            "table": doubt.table,
            "words": doubt.words,
            "hint": doubt.hint,
            **reader_in(session, admin, runtime.organisation),
        }
        enqueued = enqueue(
            session,
            dedupe_key=f"{KIND}:{key}",
            kind=KIND,
            recipient=admin,
            message=runtime.renderer.render("messages/crm_changed.j2", view),
            not_before=now,
            now=now,
        )
    return enqueued is not None

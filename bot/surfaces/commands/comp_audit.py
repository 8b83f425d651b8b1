"""Whether pay plans pay for what is wanted; for those who are responsible for them."""

from bot.flows.audit_pay import audit_pay
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply


def answer(question: Question, runtime: Runtime) -> Reply:
    """Never to a channel: there is no ``share``."""
    found = audit_pay(runtime, asker=question.asker, words=" ".join(question.words))
    view = {
        "audit": found,
        "crm_currency": runtime.organisation.currency,
        "locale": found.locale,
        "zone": found.zone,
    }
    return Reply(message=runtime.renderer.render("commands/comp_audit.j2", view))


COMMAND = Command(
    name="/comp-audit",
    usage="[plan]",
    summary="Whether pay plans pay for what is wanted: twenty checks, each with its evidence.",
    audience=Audience.PAY_LEADER,
    answer=answer,
)

"""Whether pay plans pay for what is wanted; for those who are responsible for them."""

from bot.flows.audit_pay import audit_pay
from bot.queries import pay_simulation
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

TRY = "try"
ALL = "all"


def answer(question: Question, runtime: Runtime) -> Reply:
    """Never to a channel: there is no ``share``."""
    first, *rest = (*question.words, "")
    if first.lower() == TRY:
        return _simulated(question, runtime, " ".join(rest))
    words = [word for word in question.words if word.lower() != ALL]
    found = audit_pay(runtime, asker=question.asker, words=" ".join(words))
    view = {
        "audit": found,
        "is_whole": len(words) < len(question.words) and len(found.plans) == 1,
        "crm_currency": runtime.organisation.currency,
        "locale": found.locale,
        "zone": found.zone,
    }
    return Reply(message=runtime.renderer.render("commands/comp_audit.j2", view))


def _simulated(question: Question, runtime: Runtime, plan: str) -> Reply:
    found = pay_simulation.ask(runtime, asker=question.asker, words=plan)
    view = {
        "tried": found.simulation,
        "currency": found.simulation.currency,
        "locale": found.locale,
        "zone": found.zone,
    }
    return Reply(message=runtime.renderer.render("commands/comp_try.j2", view))


COMMAND = Command(
    name="/comp-audit",
    usage="[plan [all] | try PLAN]",
    summary="Whether pay plans pay for what is wanted, in twenty checks; or try a plan.",
    audience=Audience.PAY_AUDITOR,
    answer=answer,
)

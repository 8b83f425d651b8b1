"""The buttons under every nudge: each does what it says, once, and the nudge shows it."""

from datetime import timedelta

from bot.flows.respond import Answer, Response, respond
from bot.queries import next_step_form, nudges
from bot.queries.reader import reader_of
from bot.runtime import Runtime
from bot.surfaces.action import Action, Effect, Open, Press, Replace
from bot.surfaces.modals import not_right as not_right_modal
from bot.surfaces.modals import snooze as snooze_modal
from bot.surfaces.nudge_slip import NudgeSlip, nudge_in

SUGGESTED_PAUSE = timedelta(days=7)


def done(press: Press, runtime: Runtime) -> Effect:
    return _answer(press, runtime, Answer.DONE)


def more(press: Press, runtime: Runtime) -> Effect:
    """The menu holds one thing to do: mute this kind."""
    return _answer(press, runtime, Answer.MUTE)


def _answer(press: Press, runtime: Runtime, answer: Answer) -> Effect:
    nudge = nudge_in(press.value)
    return Replace(
        respond(runtime, nudge=nudge, by=press.presser, response=Response(answer=answer))
    )


def not_now(press: Press, runtime: Runtime) -> Effect:
    slip = _slip(press, runtime)
    suggested = (runtime.clock.now() + SUGGESTED_PAUSE).date()
    view = {
        "carries": slip.folded(),
        "suggested": suggested.isoformat(),
        "reasons": snooze_modal.REASONS,
        **reader_of(runtime, press.presser),
    }
    return Open(runtime.renderer.render_view("modals/snooze.j2", view))


def not_right(press: Press, runtime: Runtime) -> Effect:
    view = {
        "carries": _slip(press, runtime).folded(),
        "reasons": not_right_modal.REASONS,
        **reader_of(runtime, press.presser),
    }
    return Open(runtime.renderer.render_view("modals/not_right.j2", view))


def next_step(press: Press, runtime: Runtime) -> Effect:
    slip = _slip(press, runtime)
    form = next_step_form.ask(runtime, asker=press.presser, nudge=slip.nudge)
    view = {
        "carries": slip.folded(),
        "deals": form.deals,
        "suggested": form.suggested.isoformat(),
        "targets": form.targets,
        "said_now": form.said_now,
        **reader_of(runtime, press.presser),
    }
    return Open(runtime.renderer.render_view("modals/next_step.j2", view))


def why(press: Press, runtime: Runtime) -> Effect:
    found = nudges.ask_why(runtime, asker=press.presser, nudge=nudge_in(press.value))
    view = {"why": found, "locale": found.locale, "zone": found.zone}
    return Open(runtime.renderer.render_view("modals/why.j2", view))


def _slip(press: Press, runtime: Runtime) -> NudgeSlip:
    """Raises NotAllowed for anybody but the one the nudge was said to."""
    nudge = nudge_in(press.value)
    nudges.require_addressee(runtime, nudge=nudge, asker=press.presser)
    return NudgeSlip(nudge=nudge, receipt=press.receipt)


ACTIONS = (
    Action(key="nudge.done", answer=done),
    Action(key="nudge.not_now", answer=not_now),
    Action(key="nudge.not_right", answer=not_right),
    Action(key="nudge.next_step", answer=next_step),
    Action(key="nudge.why", answer=why),
    Action(key="nudge.more", answer=more),
)

"""What was said and held back, and why; pausing and muting."""

from collections.abc import Callable, Mapping, Sequence

from bot.domain.errors import UnclearWords
from bot.domain.message import Message
from bot.domain.nudge import HoldReason
from bot.flows import preferences
from bot.queries import nudges
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

ANSWERS = {"done": "done", "snooze": "not now", "not_right": "not right", "mute": "muted"}
USAGE = "[why | held | kinds | pause friday | resume | quiet 17:00-9:30 | mute KIND | unmute KIND]"
#: What people say in whole sentences.
SENTENCES = {
    "why did": "why",
    "why that": "why",
    "what have you not": "held",
    "what haven't you": "held",
    "what did you not": "held",
}
MOST_HELD = 20


def answer(question: Question, runtime: Runtime) -> Reply:
    spoken = " ".join(question.words).lower().replace("\u2019", "'")
    meant = [word for begin, word in SENTENCES.items() if spoken.startswith(begin)]
    word = meant[0] if meant else question.words[0].lower() if question.words else "overview"
    deed = DEEDS.get(word.strip("?"))
    if deed is None:
        raise UnclearWords(f"I do not know '{word[:40]}' here.", hint=f"`/nudges {USAGE}`")
    return Reply(message=deed(question, runtime, question.words[1:]))


def _overview(question: Question, runtime: Runtime, _words: Sequence[str]) -> Message:
    return _shown(question, runtime, "commands/nudges.j2")


def _why(question: Question, runtime: Runtime, _words: Sequence[str]) -> Message:
    """Why the last thing was said; the buttons explain the others."""
    last = nudges.find_last_said(runtime, asker=question.asker)
    if last is None:
        note = "I have said nothing to you in the last two weeks."
        return _shown(question, runtime, "commands/nudges.j2", note=note)
    why = nudges.ask_why(runtime, asker=question.asker, nudge=last)
    view = {"why": why, "locale": why.locale, "zone": why.zone}
    return runtime.renderer.render("commands/why.j2", view)


def _held(question: Question, runtime: Runtime, _words: Sequence[str]) -> Message:
    found = nudges.ask(runtime, asker=question.asker, most=MOST_HELD)
    view = {
        "nudges": found,
        "withheld": HoldReason.HOLDOUT,
        "most": MOST_HELD,
        "locale": found.locale,
        "zone": found.zone,
    }
    return runtime.renderer.render("commands/untold.j2", view)


def _quiet(question: Question, runtime: Runtime, words: Sequence[str]) -> Message:
    note = preferences.keep_quiet(runtime, by=question.asker, words=words)
    return _shown(question, runtime, "commands/nudges.j2", note=note)


def _kinds(question: Question, runtime: Runtime, _words: Sequence[str]) -> Message:
    return _shown(question, runtime, "commands/nudge_kinds.j2")


def _pause(question: Question, runtime: Runtime, words: Sequence[str]) -> Message:
    preferences.pause(runtime, by=question.asker, words=words)
    return _shown(question, runtime, "commands/nudges.j2")


def _resume(question: Question, runtime: Runtime, _words: Sequence[str]) -> Message:
    preferences.resume(runtime, by=question.asker)
    return _shown(question, runtime, "commands/nudges.j2", note="Nudges are on.")


def _mute(question: Question, runtime: Runtime, words: Sequence[str]) -> Message:
    rule = preferences.mute(runtime, by=question.asker, words=words)
    return _shown(question, runtime, "commands/nudges.j2", note=f"{rule.title} is muted.")


def _unmute(question: Question, runtime: Runtime, words: Sequence[str]) -> Message:
    rule = preferences.unmute(runtime, by=question.asker, words=words)
    return _shown(question, runtime, "commands/nudges.j2", note=f"{rule.title} is back.")


def _shown(question: Question, runtime: Runtime, template: str, *, note: str = "") -> Message:
    found = nudges.ask(runtime, asker=question.asker)
    view = {
        "nudges": found,
        "note": note,
        "answers": ANSWERS,
        "locale": found.locale,
        "zone": found.zone,
    }
    return runtime.renderer.render(template, view)


DEEDS: Mapping[str, Callable[[Question, Runtime, Sequence[str]], Message]] = {
    "overview": _overview,
    "why": _why,
    "held": _held,
    "quiet": _quiet,
    "kinds": _kinds,
    "pause": _pause,
    "stop": _pause,
    "off": _pause,
    "resume": _resume,
    "on": _resume,
    "mute": _mute,
    "unmute": _unmute,
}
COMMAND = Command(
    name="/nudges",
    usage=USAGE,
    summary="What I said to you and what I held back, and why; pause, mute, quiet hours.",
    audience=Audience.EVERYBODY,
    answer=answer,
)

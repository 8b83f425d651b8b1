"""What was said and held back, and why; pausing and muting."""

from collections.abc import Callable, Mapping, Sequence

from bot.domain.errors import UnclearWords
from bot.domain.message import Message
from bot.flows import preferences
from bot.queries import nudges
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

ANSWERS = {"done": "done", "snooze": "not now", "not_right": "not right", "mute": "muted"}
USAGE = "[why | kinds | pause friday | resume | mute KIND | unmute KIND]"


def answer(question: Question, runtime: Runtime) -> Reply:
    word = question.words[0].lower() if question.words else "why"
    deed = DEEDS.get(word)
    if deed is None:
        raise UnclearWords(f"I do not know '{word[:40]}' here.", hint=f"`/nudges {USAGE}`")
    return Reply(message=deed(question, runtime, question.words[1:]))


def _why(question: Question, runtime: Runtime, _words: Sequence[str]) -> Message:
    return _shown(question, runtime, "commands/nudges.j2")


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
    "why": _why,
    "kinds": _kinds,
    "pause": _pause,
    "resume": _resume,
    "mute": _mute,
    "unmute": _unmute,
}
COMMAND = Command(
    name="/nudges",
    usage=USAGE,
    summary="What I said to you and what I held back, and why; pause or mute it.",
    audience=Audience.EVERYBODY,
    answer=answer,
)

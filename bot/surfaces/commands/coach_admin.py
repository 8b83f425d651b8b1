"""For admins: what feeds it, what it may say, what it held back, who changed what; and stop."""

from collections.abc import Callable, Mapping, Sequence

from bot.domain.errors import NotAllowed, UnclearWords
from bot.flows import administer
from bot.queries import admin
from bot.runtime import Runtime
from bot.surfaces.command import Audience, Command, Question, Reply

USAGE = "[sync | rules | rule KIND on/off/shadow/default | held | stop | start | audit]"
PARTS = ("sync", "rules", "held", "audit")


def answer(question: Question, runtime: Runtime) -> Reply:
    words = [word.lower() for word in question.words]
    if "share" in words:
        raise NotAllowed("What admins see stays with them.", hint="`/coach-admin` shows it to you.")
    word, rest = (words[0], question.words[1:]) if words else ("overview", ())
    if word == "rules" and rest:
        word = "rule"
    if word in DEEDS:
        note = DEEDS[word](question, runtime, rest)
        return _shown(question, runtime, "rules" if word == "rule" else "overview", note=note)
    if word not in {*PARTS, "overview"}:
        raise UnclearWords(f"I do not know '{word[:40]}' here.", hint=f"`/coach-admin {USAGE}`")
    return _shown(question, runtime, word)


def _shown(question: Question, runtime: Runtime, part: str, *, note: str = "") -> Reply:
    found = admin.ask(runtime, asker=question.asker)
    view = {
        "admin": found,
        "part": part,
        "note": note,
        "locale": found.locale,
        "zone": found.zone,
    }
    return Reply(message=runtime.renderer.render("commands/coach_admin.j2", view))


def _stop(question: Question, runtime: Runtime, words: Sequence[str]) -> str:
    is_new = administer.stop(runtime, by=question.asker, reason=" ".join(words))
    return "Stopped: nothing leaves any more." if is_new else "It was stopped already."


def _start(question: Question, runtime: Runtime, _words: Sequence[str]) -> str:
    is_new = administer.start(runtime, by=question.asker)
    return "It goes on, and what waited leaves now." if is_new else "Nothing was stopped."


def _rule(question: Question, runtime: Runtime, words: Sequence[str]) -> str:
    rule, outcome = administer.switch_rule(runtime, by=question.asker, words=words)
    return f"{rule.title}: {outcome}."


DEEDS: Mapping[str, Callable[[Question, Runtime, Sequence[str]], str]] = {
    "stop": _stop,
    "start": _start,
    "rule": _rule,
}
COMMAND = Command(
    name="/coach-admin",
    usage=USAGE,
    summary="For admins: sync, rules, what was held and why, who changed what, and the stop.",
    audience=Audience.ADMIN,
    answer=answer,
)

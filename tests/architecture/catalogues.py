"""What there is: commands, slash commands, metrics, nudges, layers."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import typer

from bot.cli.app import app
from bot.coaching.rule import load_all_rules
from bot.compensation.check import load_checks
from bot.metrics.catalog import load_metrics
from bot.surfaces.command import load_commands
from tests.architecture.tables import table
from tests.architecture.tree import ROOT

#: What each layer is for, outermost first; a layer that has no line here fails the test.
LAYERS = {
    "bot.__main__": "`python -m bot` is the command line",
    "bot.cli": "every `pacesetter …` command; the one place where an error becomes an exit code",
    "bot.demo": "both sandboxes and the real bot, in processes of their own",
    "bot.bootstrap": "the composition root: settings in, running program out",
    "bot.demo_summary": "who was told what, for `demo --once`",
    "bot.doctor": "what would keep the bot from working",
    "bot.service": "the program as it runs for months",
    "bot.program": "the steps of the main job, bound to a runtime and to the outside",
    "bot.settings": "`app.yaml` and the environment, checked",
    "bot.playbook_files": "`playbooks/`, checked",
    "bot.learned_playbook": "what was learned about a role, as a diff of its playbook",
    "bot.app_people": "what `app.yaml` says of people, checked",
    "bot.app_words": "what `app.yaml` says in words, checked",
    "bot.app_file": "what `app.yaml` may say",
    "bot.crm_settings": "what `app.yaml` says of Salesforce",
    "bot.choice_settings": "what `app.yaml` may choose of definitions",
    "bot.pay_settings": "what `app.yaml` says of pay, checked",
    "bot.surfaces": "where people meet the bot in Slack",
    "bot.jobs": "what runs when nobody is asking",
    "integrations": "the only place that opens a connection; implements the ports",
    "bot.flows": "deeds; each is one transaction story",
    "bot.queries": "questions; never write",
    "bot.runtime": "clock, database, renderer, policy, metrics, rules, playbooks",
    "bot.storage": "the database",
    "bot.render": "templates in, checked Block Kit out",
    "bot.hiring": "scorecards, and what the hiring process can and cannot tell; pure",
    "bot.onboarding": "programmes for new hires, and how their versions compare; pure",
    "bot.compensation": "what pay plans pay, and whether they pay for what is wanted; pure",
    "bot.coaching": "deciding what to say and when to be silent; pure",
    "bot.metrics": "from a metric file to a checked definition; pure",
    "bot.ports": "the outside as we wish it: Crm, Messenger, Directory, Clock",
    "bot.document_words": "what is wrong with a value in it, in words",
    "bot.documents": "YAML that knows its lines",
    "bot.domain": "values and words; standard library only",
    "bot.log": "structured log lines, never a body or a secret",
}


def commands() -> str:
    group: Any = typer.main.get_command(app)
    return table(("Command", "Does"), _commands(group, "pacesetter"))


def _commands(group: Any, path: str) -> Iterator[tuple[str, str]]:
    for name, command in group.commands.items():
        words = f"{path} {name}"
        if hasattr(command, "commands"):
            yield from _commands(command, words)
        else:
            usage = " ".join([words, *filter(None, map(_usage, command.params))])
            yield f"`{usage}`", (command.help or "").split("\n\n")[0]


def _usage(parameter: Any) -> str:
    if parameter.name == "help" or getattr(parameter, "hidden", False):
        return ""
    name = parameter.metavar or parameter.opts[0].lstrip("-").upper()
    if parameter.param_type_name == "argument":
        return str(name if parameter.required or name.startswith("[") else f"[{name}]")
    flag = parameter.opts[0] if parameter.is_flag else f"{parameter.opts[0]} {name}"
    return flag if parameter.required else f"[{flag}]"


def slash_commands() -> str:
    return table(
        ("In Slack", "For", "Does"),
        (
            (f"`{f'{each.name} {each.usage}'.strip()}`", each.audience.value, each.summary)
            for each in load_commands().values()
        ),
    )


def metrics() -> str:
    found = load_metrics(ROOT / "playbooks" / "metrics").values()
    return table(
        ("Metric", "Means", "Unit", "Better", "Timing", "Guards against"),
        (
            (
                f"`{each.metric.key}`",
                each.metric.because,
                each.metric.unit,
                each.metric.valence,
                each.metric.timing,
                each.metric.guards_against,
            )
            for each in found
        ),
    )


def nudges() -> str:
    return table(
        ("Nudge", "Said because", "Silent afterwards"),
        (
            (f"`{each.key}`", each.because, f"{each.cooldown_days} days")
            for each in load_all_rules().values()
        ),
    )


def pay_checks() -> str:
    return table(
        ("Check", "Looks at", "Because", "Threshold", "Rests on"),
        (
            (
                each.id,
                each.title,
                each.because,
                "-" if each.threshold is None else f"{each.threshold}",
                each.source,
            )
            for each in load_checks().values()
        ),
    )


def layers() -> str:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[Mapping[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    [order] = [each["layers"] for each in contracts if each["type"] == "layers"]
    return table(
        ("", "Layer", "Holds"),
        (
            (str(depth), f"`{name}`", LAYERS[name])
            for depth, layer in enumerate(order, start=1)
            for name in layer.split(" | ")
        ),
    )

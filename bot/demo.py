"""The demo: one process that serves a made-up world, one that is the bot, and this one to watch.

All three are of one process group, on free ports of the loopback address; the bot knows the world
by its URLs alone, as it would know the real one.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import typer
import yaml

from bot.bootstrap import build, make_manifest, playbook_folder
from bot.demo_summary import print_summary
from bot.log import configure_log
from bot.settings import config_path

ENDINGS = (signal.SIGTERM, signal.SIGINT)


def run_demo(*, port: int, is_once: bool, seed: int, keep: Path | None) -> int:
    """The exit code. Ctrl-C ends everything that was started."""
    configure_log(is_quiet=True)
    started = time.monotonic()
    _listen_for_the_end()
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="pacesetter-"))
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _say(f"Making up a sales organisation (seed {seed}) …")
            opened = stack.enter_context(_world(folder, port=port, seed=seed))
            environment = _environment(folder, opened)
            if is_once:
                return _once(environment, folder, started)
            return _watch(stack, environment, folder, str(opened["page"]))
        except KeyboardInterrupt:
            _say("\nStopping …")
            return 0


def _listen_for_the_end() -> None:
    """SIGTERM and Ctrl-C end the demo, in the background too, where a shell has SIGINT ignored."""

    def end(*_: object) -> None:
        for number in ENDINGS:
            # Whoever presses twice must not keep us from ending what we have started.
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in ENDINGS:
        signal.signal(number, end)


def _say(words: str) -> None:
    typer.echo(words)
    sys.stdout.flush()


@contextlib.contextmanager
def _world(folder: Path, *, port: int, seed: int) -> Iterator[Mapping[str, object]]:
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(make_manifest()), encoding="utf-8")
    words = [
        *(sys.executable, "-m", "integrations.sandbox"),
        *("--seed", str(seed), "--slack-port", str(port)),
        *("--clock-file", str(folder / "clock.json")),
        *("--truth-file", str(folder / "truth.json")),
        *("--manifest-file", str(manifest)),
        *("--hiring-folder", str(folder)),
        "--until-stdin-ends",
    ]
    with _process(words, folder / "world.log", dict(os.environ)) as world:
        line = world.stdout.readline() if world.stdout else ""
        if not line:
            log = (folder / "world.log").read_text(encoding="utf-8").strip()
            raise typer.Exit(_failed("the made-up world did not start", log))
        yield json.loads(line)


def _failed(words: str, log: str) -> int:
    last = log.splitlines()[-1] if log else "no output"
    typer.echo(f"error: {words}: {last}", err=True)
    return 1


@contextlib.contextmanager
def _process(
    words: list[str], log: Path, environment: dict[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """A child that ends with us, even when we are killed: the pipe to it ends then."""
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def _environment(folder: Path, opened: Mapping[str, object]) -> dict[str, str]:
    """The real bot's environment; only the base URLs tell the made-up world from the real one."""
    told = opened["environment"]
    if not isinstance(told, Mapping):
        raise TypeError("the made-up world told no environment")
    config = folder / "app.yaml"
    config.write_text(yaml.safe_dump(_config(opened), allow_unicode=True), encoding="utf-8")
    return {
        **os.environ,
        **{str(name): str(value) for name, value in told.items()},
        "DATABASE_URL": f"sqlite:///{folder / 'pacesetter.sqlite3'}",
        "PACESETTER_CLOCK_FILE": str(folder / "clock.json"),
        "PACESETTER_CONFIG": str(config),
        "PACESETTER_PLAYBOOKS": str(
            demo_playbooks(folder, second_version_from=str(opened["second_version_from"]))
        ),
        "PACESETTER_HOME": str(folder),
    }


def demo_playbooks(folder: Path, *, second_version_from: str) -> Path:
    """Ours, and the version of the onboarding programme that the made-up team changed to."""
    ours, copied = playbook_folder(os.environ), folder / "playbooks"
    shutil.copytree(ours, copied, dirs_exist_ok=True)
    first = copied / "onboarding" / "smb_ae.v1.yaml"
    if first.is_file():
        changed = first.read_text(encoding="utf-8").replace(
            "version: 1", f"version: 2\nstarts_from: {second_version_from}"
        )
        (copied / "onboarding" / "smb_ae.v2.yaml").write_text(changed, encoding="utf-8")
    return copied


def _config(opened: Mapping[str, object]) -> Mapping[str, object]:
    """Our own app.yaml, with the channels, pay plans and own fields of the made-up teams."""
    ours = config_path(os.environ)
    config = yaml.safe_load(ours.read_text(encoding="utf-8")) or {}
    slack = dict(config.get("slack") or {})
    slack["digest_channels"] = opened.get("team_channels", {})
    slack["admins"] = opened.get("admins", [])
    salesforce = {**(config.get("salesforce") or {}), "fields": opened.get("fields", {})}
    told = {section: _with_days(opened.get(section, {})) for section in ("pay", "people")}
    return {**config, "slack": slack, "salesforce": salesforce, **told}


def _with_days(part: object) -> object:
    """What began on a day, which JSON could only write as text."""
    if isinstance(part, dict):
        return {
            key: date.fromisoformat(each) if key == "begins" else _with_days(each)
            for key, each in part.items()
        }
    return [_with_days(each) for each in part] if isinstance(part, list) else part


def _once(environment: Mapping[str, str], folder: Path, started: float) -> int:
    program = build(environment, home=folder)
    _say("Pulling from Salesforce …")
    report = program.pull()
    _say(f"  {sum(report.rows.values()):,} records read")
    program.match_people()
    program.import_hiring(folder)
    program.import_one_on_ones(folder)
    _say("Comparing each rep with the success model of their role …")
    coached = program.coach()
    digests = program.digest()
    _say("Saying it in Slack …")
    program.deliver()
    print_summary(program, coached, digests)
    _say(f"\nDone in {time.monotonic() - started:.0f} s. Without --once the workspace stays open.")
    return 0


def _watch(
    stack: contextlib.ExitStack, environment: dict[str, str], folder: Path, page: str
) -> int:
    _say(f"The workspace is open at {page}")
    _say("The bot reads Salesforce and writes its first messages …")
    words = [sys.executable, "-m", "bot", "run", "--at-once", "--until-stdin-ends"]
    words += ["--hiring", str(folder)]
    bot = stack.enter_context(_process(words, folder / "bot.log", environment))
    line = bot.stdout.readline() if bot.stdout else ""
    if not line:
        return _failed("the bot did not start", (folder / "bot.log").read_text(encoding="utf-8"))
    _say(f"  {line.strip()}.\n")
    _say(f"Open {page}: see as Maria, type /team-health, wind the clock. Ctrl-C ends it.")
    while bot.poll() is None:
        time.sleep(0.5)
    return _failed("the bot stopped", (folder / "bot.log").read_text(encoding="utf-8"))

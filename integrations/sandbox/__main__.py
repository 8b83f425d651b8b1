"""Serve a whole made-up world until told to stop; says where on one line of JSON."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from integrations.sandbox.clock import SandboxClock, wall_clock
from integrations.sandbox.lifeline import end_with_parent
from integrations.sandbox.org.associates import second_version_from
from integrations.sandbox.org.hiring import write_hiring
from integrations.sandbox.org.one_on_ones import write_one_on_ones
from integrations.sandbox.org.pay import pay_settings, task_results
from integrations.sandbox.org.quarter_ends import OWN_FIELDS
from integrations.sandbox.world import (
    World,
    first_morning,
    open_world,
    team_channels,
    write_truth,
)


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m integrations.sandbox")
    words.add_argument("--seed", type=int, default=7)
    words.add_argument("--slack-port", type=int, default=0)
    words.add_argument("--clock-file", type=Path, required=True)
    words.add_argument("--truth-file", type=Path)
    words.add_argument("--manifest-file", type=Path)
    words.add_argument("--hiring-folder", type=Path)
    words.add_argument("--until-stdin-ends", action="store_true")
    asked = words.parse_args()
    is_over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: is_over.set())
    if asked.until_stdin_ends:
        end_with_parent(is_over)
    clock = SandboxClock(asked.clock_file, starts_at=first_morning(wall_clock()))
    manifest = json.loads(asked.manifest_file.read_text()) if asked.manifest_file else None
    try:
        world = open_world(
            seed=asked.seed, clock=clock, slack_port=asked.slack_port, manifest=manifest
        )
    except OSError as error:
        sys.exit(
            f"port {asked.slack_port} cannot be used: {error.strerror or error};"
            " choose another, or 0 for any that is free"
        )
    _write_files(world, asked)
    sys.stdout.write(json.dumps(_opened(world), default=str) + "\n")
    sys.stdout.flush()
    # A signal may reach another thread; Python runs its handler once this one wakes.
    while not is_over.wait(0.5):
        pass
    world.stop()


def _opened(world: World) -> dict[str, object]:
    """What a bot is to be told of the world."""
    return {
        "page": world.slack.url,
        "environment": dict(world.environment()),
        "team_channels": dict(team_channels(world.org)),
        "second_version_from": second_version_from(world.org.truth.scene),
        "admins": [person.email for person in world.org.people if "Revenue" in person.title],
        "pay": dict(pay_settings(world.org.people)),
        "people": dict(task_results(world.org.truth.scene)),
        "fields": dict(OWN_FIELDS),
    }


def _write_files(world: World, asked: argparse.Namespace) -> None:
    if asked.truth_file is not None:
        write_truth(world, asked.truth_file)
    if asked.hiring_folder is not None:
        write_hiring(world.org.truth.scene, asked.hiring_folder)
        write_one_on_ones(world.org, asked.hiring_folder)


if __name__ == "__main__":
    main()

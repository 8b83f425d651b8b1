"""The demo's organisation on a fixed Monday, once through the real main job over loopback."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.bootstrap import build
from bot.demo import demo_playbooks
from bot.domain.message import Message
from bot.domain.nudge import Defer, Send
from bot.flows.audit_pay import PayAudit, audit_pay
from bot.flows.coach import CoachReport
from bot.flows.digest import DigestReport
from bot.flows.replay import ReplayLine
from bot.program import Program
from bot.queries import hiring_analysis, ramp_cohorts
from bot.queries.hiring_analysis import HiringAnalysis
from bot.queries.ramp_cohorts import Cohorts
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.org.associates import second_version_from
from integrations.sandbox.org.hiring import write_hiring
from integrations.sandbox.org.pay import pay_settings, task_results
from integrations.sandbox.org.quarter_ends import OWN_FIELDS
from integrations.sandbox.world import World, first_morning, open_world, team_channels

MONDAY, SEED = date(2026, 11, 23), 7
QUARTER_END = date(2026, 9, 25)
CONFIG = Path(__file__).parents[2] / "app.yaml"


def words_of(message: Message) -> str:
    return unescape(" ".join(_texts([*part.blocks]) for part in (message, *message.thread)))


def _texts(part: object) -> str:
    if isinstance(part, Mapping):
        return " ".join(
            value if key == "text" and isinstance(value, str) else _texts(value)
            for key, value in part.items()
        )
    return " ".join(_texts(each) for each in part) if isinstance(part, list) else ""


@dataclass(frozen=True)
class Morning:
    """What was decided and said on the Monday, beside what is true."""

    truth: Mapping[str, Any]
    coached: CoachReport
    digests: DigestReport
    audit: PayAudit
    #: As the leader of all teams sees it, and as one manager does.
    hiring: HiringAnalysis
    hiring_of_one: HiringAnalysis
    cohorts: Cohorts
    by_source: Cohorts
    #: What would have been said two working days before the last quarter's end.
    quarter_end: tuple[ReplayLine, ...]

    def story(self, kind: str) -> Mapping[str, Any]:
        [found] = [each for each in self.truth["stories"] if each["kind"] == kind]
        return dict(found)

    def said_to(self, person_id: str) -> list[tuple[str, str, str]]:
        """(rule, metric, words) of the nudges to somebody, those that wait for the morning too."""
        return [
            (
                str(each.judgement.proposal.rule),
                str(each.judgement.proposal.metric or ""),
                words_of(each.message),
            )
            for each in self.coached.decided
            if each.rep.id == person_id
            and each.message is not None
            and isinstance(each.judgement.verdict, Send | Defer)
        ]

    def wished_for(self, person_id: str) -> list[str]:
        """The rules that had something to say to somebody, the most useful first."""
        return [
            str(each.judgement.proposal.rule)
            for each in self.coached.decided
            if each.rep.id == person_id
        ]

    def digest(self, manager: str, audience: str) -> str:
        [line] = [
            each
            for each in self.digests.lines
            if each.team.startswith(manager.split(maxsplit=1)[0]) and each.audience == audience
        ]
        return words_of(line.message)

    def channels(self) -> str:
        return " ".join(
            words_of(line.message) for line in self.digests.lines if line.audience == "channel"
        )


@contextmanager
def morning_in(folder: Path) -> Iterator[Morning]:
    starts = datetime(MONDAY.year, MONDAY.month, MONDAY.day, 9, 0, tzinfo=ZoneInfo("UTC"))
    clock = SandboxClock(folder / "clock.json", starts_at=first_morning(starts), frozen=True)
    world = open_world(seed=SEED, clock=clock, slack_port=0, manifest=None)
    try:
        program = _bot_in(folder, world)
        program.pull()
        program.match_people()
        yield _lived(program, world, folder)
        program.database.dispose()
    finally:
        world.stop()


def _bot_in(folder: Path, world: World) -> Program:
    config = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    config["slack"] = {"digest_channels": dict(team_channels(world.org))}
    config["pay"] = dict(pay_settings(world.org.people))
    config["people"] = dict(task_results(world.org.truth.scene))
    config["salesforce"]["fields"] = dict(OWN_FIELDS)
    (folder / "app.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    changed = second_version_from(world.org.truth.scene)
    environment = {
        **os.environ,
        **{name: str(value) for name, value in world.environment().items()},
        "DATABASE_URL": f"sqlite:///{folder / 'pacesetter.sqlite3'}",
        "PACESETTER_CLOCK_FILE": str(folder / "clock.json"),
        "PACESETTER_CONFIG": str(folder / "app.yaml"),
        "PACESETTER_HOME": str(folder),
        "PACESETTER_PLAYBOOKS": str(demo_playbooks(folder, second_version_from=changed)),
    }
    return build(environment, home=folder)


def _lived(program: Program, world: World, folder: Path) -> Morning:
    truth: Mapping[str, Any] = world.org.truth.to_json()
    slack_ids = {each["name"]: each["slack_id"] for each in truth["people"]}
    [leader] = [each["slack_id"] for each in truth["people"] if each["role"] == "sales_leader"]
    coached, digests = program.coach(), program.digest()
    write_hiring(world.org.truth.scene, folder)
    program.import_hiring(folder)
    runtime = program.runtime
    return Morning(
        truth=truth,
        coached=coached,
        digests=digests,
        audit=audit_pay(runtime, asker=leader, words=""),
        hiring=hiring_analysis.ask(runtime, asker=leader),
        hiring_of_one=hiring_analysis.ask(runtime, asker=slack_ids["Maria Santos"]),
        cohorts=ramp_cohorts.ask(runtime, asker=leader, words=()),
        by_source=ramp_cohorts.ask(runtime, asker=leader, words=("by", "source")),
        quarter_end=tuple(program.replay(QUARTER_END, QUARTER_END)),
    )

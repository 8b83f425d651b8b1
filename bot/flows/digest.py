"""The weekly digest: praise and team facts to the channel, one person's matters to the manager."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import structlog
from sqlmodel import Session

from bot.coaching.rep_view import RepView
from bot.domain.errors import CredentialsRefused, PermanentError
from bot.domain.ids import RepId, TeamId
from bot.domain.message import Message
from bot.domain.nudge import HoldReason
from bot.domain.people import Team
from bot.flows.coach import look
from bot.flows.preview_digest import show_first
from bot.flows.shadow import admins_in_slack, would_have_gone
from bot.ports import Directory
from bot.queries.crm_doubts import changed_in_crm
from bot.queries.digest import TeamDigest, read_digest
from bot.queries.digest_corner import read_corner
from bot.queries.digest_programmes import note_programmes
from bot.queries.history import read_slack_matches
from bot.queries.nudge_effect import NudgeEffect, read_nudge_effect
from bot.queries.rep_views import Moment
from bot.runtime import Runtime
from bot.storage.current import as_filled
from bot.storage.cursors import mirrored_at
from bot.storage.database import reading, transaction
from bot.storage.facts.select import Knowledge
from bot.storage.outbox import enqueue
from bot.storage.roster import Roster, read_roster

NO_CHANNEL = "no channel for the team; see app.yaml"

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What all teams of a day share."""

    moment: Moment
    views: Mapping[RepId, RepView]
    nudged: NudgeEffect


Seen = Mapping[date, Look]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLine:
    team: str
    #: channel · manager
    audience: str
    recipient: str | None
    #: Why it was not said; None when it was enqueued now.
    reason: str | None
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReport:
    lines: tuple[DigestLine, ...]


def digest(runtime: Runtime, directory: Directory | None, *, is_dry: bool = False) -> DigestReport:
    """Enqueue each team's digest of last week; at most once a week and team, however often run."""
    lines: list[DigestLine] = []
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        views = look_at_everybody(session, runtime, roster)
        matches = {person: row.slack_id for person, row in read_slack_matches(session).items()}
    for team in roster.teams():
        made = with_corner(runtime, make_digest(runtime, team, seen=views), roster)
        view = made.view()
        channel, no_channel = find_team_channel(runtime, directory, team)
        parts = (
            ("channel", channel, "digests/channel.j2", no_channel),
            ("manager", matches.get(team.id), "digests/manager.j2", "the manager is not in Slack"),
        )
        for audience, recipient, template, why_not in parts:
            message = runtime.renderer.render(template, view)
            reason = why_not if recipient is None and not is_dry else None
            if recipient is not None and not is_dry:
                key = f"digest:{audience}:{team.id}:{made.week.first.isoformat()}"
                approver = matches.get(team.id) if audience == "channel" else None
                reason = _send(
                    runtime, directory, key, recipient=recipient, message=message, approver=approver
                )
            lines.append(
                DigestLine(
                    team=team.name,
                    audience=audience,
                    recipient=recipient,
                    reason=reason,
                    message=message,
                )
            )
    return DigestReport(lines=tuple(lines))


def _send(
    runtime: Runtime,
    directory: Directory | None,
    key: str,
    *,
    recipient: str,
    message: Message,
    approver: str | None,
) -> str | None:
    """None, or why it goes to nobody, to admins alone, or to the manager first."""
    audience = key.split(":")[1]
    is_live = not runtime.policy.is_in_shadow or directory is None
    if is_live and audience == "channel" and runtime.organisation.previews_digest:
        return show_first(runtime, key, recipient=recipient, message=message, approver=approver)
    if is_live or directory is None:
        is_new = _enqueue(runtime, key, recipient=recipient, message=message)
        return None if is_new else "this week's digest is already out"
    shown = would_have_gone(runtime, message, to=f"the {audience}")
    for admin in admins_in_slack(runtime, directory):
        _enqueue(runtime, f"{key}:{admin}", recipient=admin, message=shown)
    return str(HoldReason.SHADOW_MODE)


def _enqueue(runtime: Runtime, key: str, *, recipient: str, message: Message) -> bool:
    """Whether it was not in the outbox already."""
    now = runtime.clock.now()
    with transaction(runtime.database) as session:
        enqueued = enqueue(
            session,
            dedupe_key=key,
            kind="digest",
            recipient=recipient,
            message=message,
            not_before=now,
            now=now,
        )
    return enqueued is not None


def look_at_everybody(session: Session, runtime: Runtime, roster: Roster) -> Seen:
    """By the day it is for their manager: one look for all teams of a day."""
    now = runtime.clock.now()
    as_of = mirrored_at(session) or now
    teams = roster.teams()
    seen = {}
    for today in {now.astimezone(team.manager.zone).date() for team in teams}:
        knowledge = as_filled(session, Knowledge(day=today, now=now))
        moment = Moment(knowledge=knowledge, as_of=as_of)
        reps = [
            rep
            for team in teams
            if now.astimezone(team.manager.zone).date() == today
            for rep in team.reps
        ]
        views, _ = look(session, runtime, reps, moment, roster=roster)
        nudged = read_nudge_effect(session, today)
        seen[today] = Look(moment=moment, views=views, nudged=nudged)
    return seen


def make_digest(runtime: Runtime, team: Team, *, seen: Seen) -> TeamDigest:
    found = seen[runtime.clock.now().astimezone(team.manager.zone).date()]
    with reading(runtime.database) as session:
        made = read_digest(session, runtime, team, views=found.views, moment=found.moment)
        made = replace(made, crm_changes=changed_in_crm(session))
    seen_reps = [(rep, found.views[rep.id]) for rep in team.reps if rep.id in found.views]
    programmes = note_programmes(seen_reps, made.week)
    return replace(made, nudged=found.nudged, programmes=programmes)


def with_corner(runtime: Runtime, made: TeamDigest, roster: Roster) -> TeamDigest:
    """With the manager's scorecard, in the first digest of a month."""
    today = runtime.clock.now().astimezone(made.team.manager.zone).date()
    with reading(runtime.database) as session:
        corner = read_corner(session, runtime, roster, made.team, week=made.week, today=today)
    return replace(made, corner=corner)


def find_team_channel(
    runtime: Runtime, directory: Directory | None, team: Team
) -> tuple[str | None, str]:
    """The channel named in app.yaml for the manager, else the default one; or why there is none.

    A channel that Slack refuses to look up or to join is no reason to keep a digest from others.
    """
    channels = runtime.organisation.channels
    name = channels.get(team.manager.email) or channels.get(TeamId(team.id))
    name = name or runtime.organisation.default_channel
    if not name or directory is None:
        return None, NO_CHANNEL
    try:
        return directory.find_channel(name), f"Slack knows no channel #{name} that I may see"
    except CredentialsRefused:
        raise
    except PermanentError as error:
        _log.warning("digest.no_channel", channel=name, problem=str(error))
        return None, f"#{name} cannot be used: {error}"

"""What the form for a 1:1 is filled with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.commitment import Commitment, CommitmentState
from bot.domain.ids import RepId, SlackUserId
from bot.queries.commitments import commitments_of
from bot.queries.permissions import require_manager, require_own_rep, require_person
from bot.runtime import Runtime
from bot.storage.database import reading
from bot.storage.drafts import read_draft
from bot.storage.roster import read_roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    rep_id: RepId
    first_name: str
    today: date
    commitments: tuple[Commitment, ...]
    #: (title, key) of what the rep's role is measured by.
    metrics: tuple[tuple[str, str], ...]
    draft: Mapping[str, str]


def ask(runtime: Runtime, *, asker: SlackUserId, rep: RepId) -> Form:
    """Raises UnknownPerson, or NotAllowed for anybody but the rep's manager."""
    with reading(runtime.database) as session:
        roster = read_roster(session, runtime.organisation)
        person = require_person(session, asker, roster=roster, organisation=runtime.organisation)
        manager = require_manager(person)
        about = require_own_rep(roster, manager, rep)
        model = runtime.models.get(about.role)
        known = commitments_of(session, runtime, about, manager, view=None)
        return Form(
            rep_id=about.id,
            first_name=about.first_name,
            today=runtime.clock.now().astimezone(manager.zone).date(),
            commitments=tuple(each for each in known if each.state is CommitmentState.OPEN),
            metrics=tuple(
                (runtime.metrics[key].metric.title, key)
                for key in (model.ranges if model else {})
                if key in runtime.metrics
            ),
            draft=read_draft(session, asker, f"one_on_one:{about.id}"),
        )

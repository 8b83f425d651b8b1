"""Nobody can be coached towards something that nobody has said."""

from collections import Counter

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook

IN_PLACE, ON_THE_WAY = 1.0, 0.5


def read(look: ManagerLook) -> Sign:
    if not look.reps:
        return unknown("nobody reports to you")
    models = look.runtime.models
    roles = Counter(rep.role for rep in look.reps)
    covered = sum(count for role, count in roles.items() if role in models and models[role].ranges)
    return Sign(
        standing=standing_of(covered / len(look.reps), in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=f"{covered} of {len(look.reps)}",
        facts=len(roles),
        behind=tuple(
            f"{models[role].title if role in models else role}: {look.count(count, 'rep')}, "
            f"{len(models[role].ranges) if role in models else 0} target ranges"
            for role, count in sorted(roles.items())
        ),
    )


INDICATOR = Indicator(
    key="roles_with_playbook",
    duty=Duty.SUCCESS_MODELS,
    order=1,
    title="Reps whose role has a playbook",
    because=(
        "Reps whose role has a file under playbooks/roles with at least one target range; in place "
        "when all have one, on the way from half."
    ),
    source="/playbook",
    next_step="write a role file for the role that has none; copy the nearest one.",
    becomes_known="a rep who reports to you in the CRM.",
    read=read,
    has_past=False,
)

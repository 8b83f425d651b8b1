"""A range says how much; a play says how."""

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook

IN_PLACE, ON_THE_WAY = 0.9, 0.5


def read(look: ManagerLook) -> Sign:
    runtime, roles = look.runtime, {rep.role for rep in look.reps}
    targets = [
        (model, target)
        for role, model in runtime.models.items()
        if role in roles
        for target in model.ranges.values()
    ]
    if not targets:
        return unknown("no target ranges")
    written = [each for each in targets if each[1].play in runtime.plays]
    lacking = [each for each in targets if each not in written]
    return Sign(
        standing=standing_of(len(written) / len(targets), in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=f"{len(written)} of {len(targets)}",
        facts=len(targets),
        behind=tuple(
            f"{model.title}, {runtime.metrics[target.metric].metric.title}: no play yet"
            for model, target in lacking
        )
        or tuple(sorted({f"Play: {target.play}" for _, target in written})),
    )


INDICATOR = Indicator(
    key="plays_written",
    duty=Duty.SUCCESS_MODELS,
    order=3,
    title="Target ranges with a play to read",
    because=(
        "Of the target ranges of your reps' roles, those with a play under playbooks/plays that "
        "says how; in place from nine in ten, on the way from half."
    ),
    source="/playbook",
    next_step="ask the rep who does it best to tell you how, and write it down as a play.",
    becomes_known="a role file with target ranges.",
    read=read,
    has_past=False,
)

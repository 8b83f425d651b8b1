"""An expert's ranges are a start; those of one's own achievers, looked at lately, are evidence."""

from datetime import timedelta

from bot.domain.duty import Duty, Sign, Standing, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook

FRESH = timedelta(days=90)


def read(look: ManagerLook) -> Sign:
    """A range counts from the day it was learned; what was learned later is not yet there."""
    roles = {rep.role for rep in look.reps}
    models = [model for role, model in look.runtime.models.items() if role in roles]
    ranges = [(model, key) for model in models for key in model.ranges]
    if not ranges:
        return unknown("no target ranges")
    own = [
        model.learned
        for model, key in ranges
        if model.learned is not None
        and key in model.learned.ranges
        and model.learned.day <= look.today
    ]
    is_fresh = bool(own) and all(each.day >= look.today - FRESH for each in own)
    standing = Standing.IN_PLACE if is_fresh else Standing.ON_THE_WAY if own else Standing.TO_DO
    return Sign(
        standing=standing,
        told=f"{len(own)} of {len(ranges)}",
        facts=len(ranges),
        doubt="" if own else "all ranges are an expert's priors",
        behind=tuple(
            f"{model.title}: "
            + (
                f"{len(model.learned.ranges)} of {len(model.ranges)} ranges learned from "
                f"{model.learned.reps} reps and {model.learned.quarters} quarters on "
                f"{look.day(model.learned.day)}"
                if model.learned is not None
                else "an expert's ranges"
            )
            for model in models
        ),
    )


INDICATOR = Indicator(
    key="ranges_from_own_data",
    duty=Duty.SUCCESS_MODELS,
    order=2,
    title="Target ranges learned from your own achievers",
    because=(
        "Of the target ranges of your reps' roles, those learned from your own sustained "
        "achievers; in place when there are some and none is older than 90 days."
    ),
    source="/playbook",
    next_step=(
        "ask whoever runs me for pacesetter playbook learn ROLE: it proposes ranges, or says "
        "why not."
    ),
    becomes_known="a role file with target ranges.",
    read=read,
)

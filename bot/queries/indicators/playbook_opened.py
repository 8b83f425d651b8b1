"""A playbook that nobody opens is a file."""

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook
from bot.storage.playbook_opened import count_opened, was_ever_opened

IN_PLACE, ON_THE_WAY = 0.8, 0.5


def read(look: ManagerLook) -> Sign:
    if not look.reps:
        return unknown("nobody reports to you")
    if not was_ever_opened(look.session):
        return unknown("nobody has opened one since this is noted")
    opened = count_opened(look.session, [rep.id for rep in look.reps], since=look.recent.first)
    return Sign(
        standing=standing_of(opened / len(look.reps), in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=f"{opened} of {len(look.reps)}",
        facts=len(look.reps),
        behind=("Who has is not told: it is theirs to read, and not to be checked on.",),
    )


INDICATOR = Indicator(
    key="playbook_opened",
    duty=Duty.SUCCESS_MODELS,
    order=4,
    title="Reps who opened their playbook",
    because=(
        "Reps who looked into the playbook of their role by /playbook in the last 90 days; in "
        "place from 80%, on the way from 50%."
    ),
    source="/playbook",
    next_step="open /playbook together in the next 1:1, at the one metric you talk about.",
    becomes_known="a rep who types /playbook.",
    read=read,
    has_past=False,
)

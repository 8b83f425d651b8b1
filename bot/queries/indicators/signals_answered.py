"""A signal that nobody acts on within days was noise, whatever it said."""

from datetime import timedelta

from sqlmodel import col, select

from bot.domain.duty import Duty, Sign, standing_of, unknown
from bot.queries.indicator import Indicator
from bot.queries.manager_look import ManagerLook
from bot.storage.decisions import AnswerRow, DecisionRow

WITHIN = timedelta(days=5)
FEWEST = 5
IN_PLACE, ON_THE_WAY = 0.6, 0.3
SPOKEN = ("send", "defer")


def read(look: ManagerLook) -> Sign:
    """Nudges younger than five days may still be answered, and are left out."""
    row, answer = DecisionRow, AnswerRow
    told = look.session.exec(
        select(row.id, row.decided_at).where(
            col(row.to_id).in_([rep.id for rep in look.reps]),
            col(row.verdict).in_(SPOKEN),
            col(row.day).between(look.recent.first, look.today - WITHIN),
        )
    ).all()
    if len(told) < FEWEST:
        return unknown(
            f"{look.count(len(told), 'nudge')} old enough, it takes {FEWEST}", can_wait=True
        )
    said_at = dict(told)
    done = {
        decision
        for decision, at in look.session.exec(
            select(answer.decision_id, answer.answered_at).where(
                col(answer.decision_id).in_(list(said_at)),
                col(answer.answer) == "done",
                col(answer.answered_at) <= look.moment.knowledge.now,
            )
        )
        if at - said_at[decision] <= WITHIN + timedelta(days=1)
    }
    return Sign(
        standing=standing_of(len(done) / len(told), in_place=IN_PLACE, on_the_way=ON_THE_WAY),
        told=f"{len(done)} of {len(told)}",
        facts=len(told),
        behind=(
            f"{look.count(len(told), 'nudge')} to your reps in 90 days",
            f"{len(done)} answered with Done",
        ),
    )


INDICATOR = Indicator(
    key="signals_answered",
    duty=Duty.LEADING_METRICS,
    order=3,
    title="Nudges acted on within five days",
    because=(
        "Of the nudges to your reps in 90 days, those answered with Done within five days; who did "
        "what is between them and me. In place from six in ten, on the way from three."
    ),
    source="/team-health",
    next_step="ask in your next team meeting which nudges are of use, and mute the others.",
    becomes_known="five nudges to your reps that are at least five days old.",
    read=read,
)

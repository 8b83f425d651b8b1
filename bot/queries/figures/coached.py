"""Where coaching goes; for the manager whose time it is, and nobody else."""

from collections.abc import Iterator

from bot.coaching.coaching_spread import FEWEST_TALKS, coaching_spread
from bot.queries.figures.figure import Figure, Section, unknown, would_fit
from bot.queries.manager_look import ManagerLook
from bot.queries.manager_views import SAID_WITHIN, read_said


def coached(look: ManagerLook) -> Iterator[Figure]:
    yield _coaching(look)
    yield _praise(look)


def _coaching(look: ManagerLook) -> Figure:
    title = "Where your 1:1s go"
    means = (
        "Of the 1:1s of eight weeks, those with reps who are neither among the strongest quarter "
        "of their role nor finding their feet, against an even hand."
    )
    spread = coaching_spread(look.reports)
    if spread is None:
        talks = look.count(sum(each.talks for each in look.reports), "one-on-one")
        why = f"{talks}, it takes {FEWEST_TALKS} and a middle"
        return unknown("coaching", Section.COACHING, title, why, means)
    return Figure(
        key="coaching",
        section=Section.COACHING,
        title=title,
        told=f"{spread.talks - spread.at_ends} of {spread.talks} with those in between",
        verdict=(
            f"An even hand gives {look.share(spread.core_reps_share)}; "
            f"{would_fit(look, spread.core)}."
        ),
        means=means,
        rests_on=f"{look.count(spread.talks, 'one-on-one')}; /coach",
    )


def _praise(look: ManagerLook) -> Figure:
    said = read_said(look.session, look.reps, since=look.today - SAID_WITHIN, until=look.today)
    return Figure(
        key="praise",
        section=Section.COACHING,
        title="What your reps heard from me",
        told=(
            f"{look.count(said.praise, 'praise', 'praises')}, "
            f"{look.count(said.warnings, 'warning')}, {said.neutral} neutral"
        ),
        verdict=(
            "No praise in three weeks: add yours."
            if said.warnings and not said.praise
            else "Whom, is between them and me."
        ),
        means="Nudges that reached your reps in three weeks, by tone.",
        rests_on=look.count(said.praise + said.warnings + said.neutral, "nudge"),
    )

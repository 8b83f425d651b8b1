"""The six duties of a strategic sales manager, and how well evidence shows each to be met."""

from dataclasses import dataclass
from enum import StrEnum


class Duty(StrEnum):
    """In the order of the essay; the value is how people read it."""

    TALENT = "Hire and keep a bench"
    ONBOARDING = "Bring new people up to speed"
    SUCCESS_MODELS = "Say what good looks like"
    LEADING_METRICS = "Use what leads to sales"
    PAY = "Pay for what matters"
    FRAMEWORK = "Keep the team consistent"

    @property
    def code(self) -> str:
        """D1 to D6."""
        return f"D{list(Duty).index(self) + 1}"

    @classmethod
    def by_code(cls, code: str) -> "Duty | None":
        return next((duty for duty in cls if duty.code == code.strip().upper()), None)


class Standing(StrEnum):
    """What the evidence shows; never what anybody thinks of themselves."""

    IN_PLACE = "in place"
    ON_THE_WAY = "on the way"
    TO_DO = "to do"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One indicator, read: what was found, and what it rests on."""

    standing: Standing
    #: As short as it can be told: 3 of 5, or 40%. What is unknown says why.
    told: str
    #: How many records or people it rests on.
    facts: int = 0
    #: What leaves it open, in words: an interval, or why it is judged kindly.
    doubt: str = ""
    #: What it rests on, line by line; may name people, and is for the manager alone.
    behind: tuple[str, ...] = ()
    #: Unknown since there is nothing to look at, such as nobody new: no reason to do anything.
    can_wait: bool = False
    #: What to do about it, where it is not what is usual for the indicator.
    next_step: str = ""


def unknown(told: str, *, can_wait: bool = False, next_step: str = "") -> Sign:
    return Sign(standing=Standing.UNKNOWN, told=told, can_wait=can_wait, next_step=next_step)


def standing_of(value: float, *, in_place: float, on_the_way: float) -> Standing:
    """By two marks; where the first lies below the second, less is better."""
    is_higher_better = in_place >= on_the_way
    for mark, standing in (
        (in_place, Standing.IN_PLACE),
        (on_the_way, Standing.ON_THE_WAY),
    ):
        if (value >= mark) if is_higher_better else (value <= mark):
            return standing
    return Standing.TO_DO

"""The choices that definitions leave open, and that change numbers a lot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How a team counts. Each default is the one the documentation gives a reason for."""

    fiscal_start_month: int = 1


STANDARD = Choices()

"""The choices that definitions leave open, and that change numbers a lot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How a team counts. Each default is the one the documentation gives a reason for."""

    fiscal_start_month: int = 1
    #: The fiscal period that a quota is held against: month, quarter or year.
    quota_period: str = "quarter"


STANDARD = Choices()

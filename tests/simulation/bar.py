"""A number that must be reached, with what was measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    what: str
    measured: float
    #: Either may be None.
    at_least: float | None = None
    at_most: float | None = None
    #: How many things the number rests on, in words.
    rests_on: str

    @property
    def is_met(self) -> bool:
        return (self.at_least is None or self.measured >= self.at_least) and (
            self.at_most is None or self.measured <= self.at_most
        )

    def row(self) -> str:
        low = [] if self.at_least is None else [f"at least {_number(self.at_least)}"]
        high = [] if self.at_most is None else [f"at most {_number(self.at_most)}"]
        asked = ", ".join([*low, *high])
        return f"| {self.what} | {asked} | {_number(self.measured)} | {self.rests_on} |"


def _number(value: float) -> str:
    return f"{value:.2%}" if value < 0.1 else f"{value:.0%}"

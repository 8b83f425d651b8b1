"""What a nudge's modal must remember between being opened and being submitted."""

import json
from dataclasses import asdict, dataclass

from bot.domain.errors import UnclearWords
from bot.domain.ids import DecisionId
from bot.domain.message import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeSlip:
    nudge: DecisionId
    receipt: Receipt | None

    def folded(self) -> str:
        return json.dumps(
            {"nudge": self.nudge, "receipt": asdict(self.receipt) if self.receipt else None}
        )


def unfolded(text: str) -> NudgeSlip:
    """Raises UnclearWords for a text that no slip of ours ever was."""
    try:
        stored = json.loads(text)
        receipt = Receipt(**stored["receipt"]) if stored["receipt"] else None
        return NudgeSlip(nudge=DecisionId(int(stored["nudge"])), receipt=receipt)
    except (ValueError, KeyError, TypeError) as error:
        raise UnclearWords("I have lost track of that nudge.", hint="Open it again.") from error


def nudge_in(value: str) -> DecisionId:
    """Raises UnclearWords for a button that belongs to no nudge."""
    digits = value.rpartition(":")[2]
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:  # noqa: PLR2004 -- more than any database numbers
        raise UnclearWords("That button belongs to no nudge that I know.")
    return DecisionId(int(digits))

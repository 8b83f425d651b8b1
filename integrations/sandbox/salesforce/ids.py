"""Record ids: 15 case-sensitive characters, and the 18 that survive case-insensitive software."""

import itertools
import re
import string

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
CHECKSUM_ALPHABET = string.ascii_uppercase + "012345"
ID = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")

#: The pod and reserved characters between key prefix and number.
POD = "SB0"
SHORT, LONG = 15, 18


def checksum(short: str) -> str:
    """The three characters that say which of the fifteen are upper case."""
    letters = []
    for start in range(0, SHORT, 5):
        bits = sum(
            1 << place
            for place, character in enumerate(short[start : start + 5])
            if character in string.ascii_uppercase
        )
        letters.append(CHECKSUM_ALPHABET[bits])
    return "".join(letters)


def long_id(text: str) -> str:
    """The 18-character form; any other length than 15 is returned as it is."""
    return text + checksum(text) if len(text) == SHORT else text


def base62(number: int, *, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


class IdMinter:
    """Hands out ids in ascending order per key prefix, without randomness."""

    def __init__(self) -> None:
        self._numbers: dict[str, itertools.count[int]] = {}

    def mint(self, prefix: str) -> str:
        numbers = self._numbers.setdefault(prefix, itertools.count(1))
        return long_id(prefix + POD + base62(next(numbers), width=SHORT - len(prefix) - len(POD)))

"""Salesforce's values, from JSON or CSV, in the mirror's own types.

Each parser takes what JSON or a CSV cell holds (None and "" mean no value) and raises ValueError
with a sentence that does not repeat the value unless it is a number, a date or a truth value.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import cast

Parser = Callable[[object], object]

ID_LENGTHS = (15, 18)
CHECKSUM_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
CENT = Decimal("0.01")
#: What a 64-bit column holds.
MOST_CENTS = 2**63 - 1
#: What a 32-bit column holds.
MOST_COUNTED = 2**31 - 1
TRUTHS = {"1": True, "true": True, "0": False, "false": False, "": False}
DAY_LENGTH = len("2026-03-09")
LONGEST_QUOTE = 40


def parse_text(value: object) -> str | None:
    """Text without what no database keeps (NUL, halves of surrogate pairs); blank is None."""
    if value is None or value == "":
        return None
    text = value if isinstance(value, str) else str(value)
    if "\x00" in text:
        text = text.replace("\x00", "")
    if not text.isascii():
        text = _kept(text)
    return text or None


def parse_label(value: object) -> str:
    """A name; a record without one keeps an empty name."""
    return parse_text(value) or ""


def parse_id(value: object) -> str | None:
    """An 18-character record id; reports and old exports write 15, which is completed."""
    text = parse_text(value)
    if text is None:
        return None
    if len(text) not in ID_LENGTHS or not text.isalnum() or not text.isascii():
        raise ValueError("not a Salesforce id of 15 or 18 letters and digits")
    if len(text) == min(ID_LENGTHS):
        return text + _id_checksum(text)
    return text if text[-3:] == text[-3:].upper() else _with_case(text)


def full_id(value: object) -> str:
    """An id with its 18 characters, and whatever else it is as it stands."""
    try:
        return parse_id(value) or ""
    except ValueError:
        return str(value)


def parse_truth(value: object) -> bool:
    """JSON says true and false, CSV 1 and 0 (or true and false); blank is false."""
    if isinstance(value, bool):
        return value
    text = "" if value is None else str(value).strip().lower()
    if text not in TRUTHS:
        raise ValueError(f"{_quoted(value)} is neither 1 nor 0")
    return TRUTHS[text]


def parse_number(value: object) -> float | None:
    number = _decimal(value)
    return None if number is None else float(number)


def parse_count(value: object) -> int | None:
    if type(value) is int and abs(value) <= MOST_COUNTED:
        return value
    number = _decimal(value)
    if number is None:
        return None
    if abs(number) > MOST_COUNTED:
        raise ValueError(f"{_quoted(value)} is more than anybody counts")
    if number != number.to_integral_value():
        raise ValueError(f"{_quoted(value)} is not a whole number")
    return int(number)


def parse_cents(value: object) -> int | None:
    """Money in whole hundredths, exact; finer fractions are rounded half to even."""
    number = _decimal(value)
    if number is None:
        return None
    if abs(number) * 100 > MOST_CENTS:
        raise ValueError(f"{_quoted(value)} is more money than there is")
    return int(number.quantize(CENT, rounding=ROUND_HALF_EVEN).scaleb(2))


def parse_currency(value: object) -> str | None:
    text = parse_text(value)
    if text is not None and len(text) != len("EUR"):
        raise ValueError(f"{_quoted(value)} is not a currency code of three letters")
    return text


def parse_day(value: object) -> date | None:
    """A calendar day, never shifted by a zone; a time of day that follows it is dropped."""
    if value is None or value == "":
        return None
    text = str(value).strip()
    try:
        if len(text) > DAY_LENGTH:
            datetime.fromisoformat(text)
        return date.fromisoformat(text[:DAY_LENGTH])
    except ValueError as error:
        raise ValueError(f"{_quoted(value)} is not a day like 2026-03-09") from error


def parse_instant(value: object) -> datetime | None:
    """Aware UTC; some exports write ``2026-03-09 08:00:00`` without a zone, which is UTC too."""
    if value is None or value == "":
        return None
    text = str(value).strip()
    try:
        instant = datetime.fromisoformat(text)
        if len(text) <= DAY_LENGTH:
            raise ValueError  # noqa: TRY301 -- one complaint for both
        if instant.tzinfo is UTC:
            return instant
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(
            f"{_quoted(value)} is not an instant like 2026-03-09T08:00:00.000+0000"
        ) from error


def find_instant(value: object) -> datetime | None:
    """Like ``parse_instant``, but None where there is no instant to be read."""
    try:
        return parse_instant(value)
    except ValueError:
        return None


def clean_ids(values: Sequence[object]) -> Sequence[object] | None:
    """A column that ``parse_id`` would leave as it is, but for blanks; None where it is not one."""
    texts = _texts(values)
    if texts is None or not set(map(len, texts)) <= {max(ID_LENGTHS)}:
        return None
    together = "".join(texts)
    # The last three of each are its checksum, in capitals.
    tails = together[15::18] + together[16::18] + together[17::18]
    is_clean = not together or (
        together.isascii() and together.isalnum() and tails == tails.upper()
    )
    return [value or None for value in values] if is_clean else None


def clean_texts(values: Sequence[object]) -> Sequence[object] | None:
    """The same for ``parse_text``."""
    texts = _texts(values)
    if texts is None:
        return None
    together = "".join(texts)
    is_clean = "\x00" not in together and (together.isascii() or together == _kept(together))
    return [value or None for value in values] if is_clean else None


def clean_truths(values: Sequence[object]) -> Sequence[object] | None:
    """The same for ``parse_truth``."""
    return values if set(map(type, values)) == {bool} else None


#: Parsers that can tell of a whole column at once that there is nothing to do.
CLEAN: Mapping[Parser, Callable[[Sequence[object]], Sequence[object] | None]] = {
    parse_id: clean_ids,
    parse_text: clean_texts,
    parse_truth: clean_truths,
}


def _texts(values: Sequence[object]) -> list[str] | None:
    if not set(map(type, values)) <= {str, type(None)}:
        return None
    return list(filter(None, cast("Sequence[str | None]", values)))


def _kept(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _decimal(value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        # By way of text, since the binary float nearest to 0.1 is not 0.1.
        number = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or abs(number) > MOST_CENTS:
        raise ValueError(f"{_quoted(value)} is not a number")
    return number


def _id_checksum(short: str) -> str:
    """Three characters that say which of the 15 letters are capitals."""
    letters = ""
    for start in (0, 5, 10):
        capitals = sum(1 << i for i, c in enumerate(short[start : start + 5]) if c.isupper())
        letters += CHECKSUM_LETTERS[capitals]
    return letters


def _with_case(lowered: str) -> str:
    """The id that somebody wrote in small letters; its checksum says which were capitals."""
    letters = lowered.lower()
    known = [CHECKSUM_LETTERS.find(letter) for letter in letters[-3:].upper()]
    capitals = [known[place // 5] >> place % 5 & 1 for place in range(min(ID_LENGTHS))]
    if min(known) < 0:
        return lowered
    short = "".join(c.upper() if up else c for c, up in zip(letters, capitals, strict=False))
    return short + letters[-3:].upper()


def _quoted(value: object) -> str:
    return repr(str(value)[:LONGEST_QUOTE])

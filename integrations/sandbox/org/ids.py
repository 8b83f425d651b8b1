"""Salesforce record ids: a key prefix, an instance, a serial number and a checksum of the case."""

from functools import cache

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECKSUM_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

KEY_PREFIXES = {
    "Account": "001",
    "Contact": "003",
    "Event": "00U",
    "EventRelation": "0RE",
    "ForecastingQuota": "0J9",
    "ForecastingType": "0Db",
    "Lead": "00Q",
    "Opportunity": "006",
    "OpportunityContactRole": "00K",
    "OpportunityFieldHistory": "017",
    "OpportunityHistory": "008",
    "OpportunityStage": "01J",
    "Organization": "00D",
    "ProcessInstance": "04g",
    "Task": "00T",
    "User": "005",
    "UserRole": "00E",
}

_INSTANCE = "5g0"
_SERIAL_LENGTH = 9


@cache
def _checksum_digit(five: str) -> str:
    return CHECKSUM_DIGITS[sum(1 << place for place, sign in enumerate(five) if sign.isupper())]


def with_checksum(short_id: str) -> str:
    """The 18-character form of a case-sensitive 15-character id."""
    return short_id + "".join(_checksum_digit(short_id[start : start + 5]) for start in (0, 5, 10))


class IdSource:
    """Hands out ids, counting up per object as Salesforce does."""

    def __init__(self) -> None:
        self._drawn: dict[str, int] = {}

    def draw(self, sobject: str) -> str:
        """The next unused 18-character id of this object. Raises KeyError for an unknown one."""
        prefix = KEY_PREFIXES[sobject]
        number = self._drawn.get(prefix, 0) + 1
        self._drawn[prefix] = number
        serial = ""
        while number:
            number, digit = divmod(number, len(DIGITS))
            serial = DIGITS[digit] + serial
        return with_checksum(prefix + _INSTANCE + serial.rjust(_SERIAL_LENGTH, "0"))

"""Values in a SOQL statement: text, numbers, dates, and dates relative to today."""

from integrations.sandbox.salesforce.errors import malformed
from integrations.sandbox.salesforce.soql.dates import RELATIVE_DATES
from integrations.sandbox.salesforce.soql.geography import EASTERNMOST, NORTHERNMOST, UNITS
from integrations.sandbox.salesforce.soql.reader import TokenReader
from integrations.sandbox.salesforce.soql.syntax import Literal, LiteralKind
from integrations.sandbox.salesforce.soql.tokens import RESERVED, Token, unquoted

LARGEST_NUMBER = 2**31 - 1


class LiteralReader(TokenReader):
    """Reads one value and moves past it."""

    def whole_number(self) -> int:
        if self.next.kind != "number" or not self.next.text.isdigit():
            raise self.unexpected()
        if int(self.next.text) > LARGEST_NUMBER:
            raise malformed(f"For input string: {self.next.text}", self.next.position)
        return int(self.take().text)

    def literal(self) -> Literal:
        token = self.next
        if token.is_symbol(":"):
            raise malformed("Bind variables only allowed in Apex code", token.position)
        if token.kind == "string":
            self.take()
            return Literal(
                kind="string",
                text=unquoted(token),
                pattern=unquoted(token, keep_wildcards=True),
                position=token.position,
            )
        kinds: dict[str, LiteralKind] = {
            "number": "number", "currency": "currency", "date": "date", "instant": "instant"
        }  # fmt: skip
        if token.kind in kinds:
            self.take()
            return Literal(kind=kinds[token.kind], text=token.text, position=token.position)
        return self._word_literal(token)

    def measure(self) -> tuple[float, float, str]:
        """``GEOLOCATION(37.775, -122.418), 'mi'``."""
        self.expect_word("GEOLOCATION")
        self.expect_symbol("(")
        latitude = self._degrees(NORTHERNMOST)
        self.expect_symbol(",")
        longitude = self._degrees(EASTERNMOST)
        self.expect_symbol(")")
        self.expect_symbol(",")
        token = self.take()
        unit = unquoted(token).lower() if token.kind == "string" else ""
        if unit not in UNITS:
            raise malformed(f"invalid distance unit: {token.text}", token.position)
        return latitude, longitude, unit

    def _degrees(self, most: int) -> float:
        if self.next.kind != "number":
            raise self.unexpected()
        if abs(float(self.next.text)) > most:
            raise malformed(f"GEOLOCATION is out of range: {self.next.text}", self.next.position)
        return float(self.take().text)

    def _word_literal(self, token: Token) -> Literal:
        name = token.text.upper()
        if token.is_word("TRUE", "FALSE"):
            self.take()
            return Literal(kind="boolean", text=name, position=token.position)
        if token.is_word("NULL"):
            self.take()
            return Literal(kind="null", text="", position=token.position)
        if token.kind != "word" or name in RESERVED:
            raise self.unexpected()
        if name not in RELATIVE_DATES:
            # A field, say: Salesforce takes it for a variable of Apex.
            raise malformed("Bind variables only allowed in Apex code", token.position)
        self.take()
        count = None
        if RELATIVE_DATES[name].counted:
            self.expect_symbol(":")
            count = self.whole_number()
        return Literal(kind="relative", text=name, count=count, position=token.position)

"""Walk over the tokens of a statement, and refuse the one that does not fit."""

from integrations.sandbox.salesforce.errors import SoqlError, malformed
from integrations.sandbox.salesforce.soql.tokens import Token


class TokenReader:
    """A place in a list of tokens that moves forward."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._place = 0

    @property
    def next(self) -> Token:
        return self._tokens[self._place]

    @property
    def after_next(self) -> Token:
        return self._tokens[min(self._place + 1, len(self._tokens) - 1)]

    def take(self) -> Token:
        token = self.next
        if token.kind != "end":
            self._place += 1
        return token

    def unexpected(self) -> SoqlError:
        return malformed(f"unexpected token: '{self.next.text}'", self.next.position)

    def take_word(self, *words: str) -> bool:
        if self.next.is_word(*words):
            self.take()
            return True
        return False

    def take_symbol(self, symbol: str) -> bool:
        if self.next.is_symbol(symbol):
            self.take()
            return True
        return False

    def expect_word(self, word: str) -> None:
        if not self.take_word(word):
            raise self.unexpected()

    def expect_symbol(self, symbol: str) -> None:
        if not self.take_symbol(symbol):
            if symbol == ")":
                raise malformed(
                    f"expecting a right parentheses, found '{self.next.text}'",
                    self.next.position,
                )
            raise self.unexpected()

    def expect_end(self) -> None:
        if self.next.kind != "end":
            raise self.unexpected()

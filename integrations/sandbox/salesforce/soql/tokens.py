"""Cut a SOQL statement into tokens."""

import re
from dataclasses import dataclass

from integrations.sandbox.salesforce.errors import malformed

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<instant>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|z|[+-]\d{2}:?\d{2}))
  | (?P<date>\d{4}-\d{2}-\d{2}(?![\w:]))
  | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?!\w))
  | (?P<string>'(?:[^'\\]|\\.)*')
  | (?P<word>[A-Za-z_]\w*)
  | (?P<symbol><=|>=|!=|<>|[=<>(),.:])
    """,
    re.VERBOSE | re.DOTALL,
)
#: Words that name nothing.
RESERVED = frozenset(
    {"SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "LIKE", "IN", "INCLUDES", "EXCLUDES", "GROUP",
     "ORDER", "BY", "HAVING", "LIMIT", "OFFSET", "NULLS", "USING", "WITH", "FOR", "ALL", "ASC",
     "DESC", "TYPEOF", "UPDATE", "WHEN", "THEN", "ELSE", "END"}
)  # fmt: skip
_CURRENCY = re.compile(r"[A-Z]{3}\d+(?:\.\d+)?")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    #: word, string, number, currency, date, instant, symbol or end.
    kind: str
    text: str
    position: int

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text.upper() in words

    def is_symbol(self, *symbols: str) -> bool:
        return self.kind == "symbol" and self.text in symbols


def tokenize(statement: str) -> list[Token]:
    """All tokens, ended by one of kind ``end``. Raises SoqlError."""
    tokens: list[Token] = []
    position = 0
    while position < len(statement):
        match = _TOKEN.match(statement, position)
        if match is None:
            raise _unreadable(statement, position)
        kind = str(match.lastgroup)
        if kind == "word" and _CURRENCY.fullmatch(match.group()):
            kind = "currency"
        if kind != "space":
            tokens.append(Token(kind, match.group(), position))
        position = match.end()
    tokens.append(Token("end", "<EOF>", len(statement)))
    return tokens


def _unreadable(statement: str, position: int) -> Exception:
    character = statement[position]
    row = statement.count("\n", 0, position) + 1
    column = position - (statement.rfind("\n", 0, position) + 1)
    if character == "'":
        return malformed(f"line {row}:{len(statement)} mismatched character '<EOF>' expecting '''",
                         position)  # fmt: skip
    return malformed(f"line {row}:{column} no viable alternative at character '{character}'",
                     position)  # fmt: skip


def unquoted(token: Token, *, keep_wildcards: bool = False) -> str:
    """The text that a string token stands for.

    With ``keep_wildcards`` an escaped ``%`` or ``_`` keeps its backslash, as LIKE needs it.
    Raises SoqlError for an escape that SOQL does not know.
    """

    def replaced(match: re.Match[str]) -> str:
        escape = match[1]
        if escape.startswith("u") and len(escape) > 1:
            return chr(int(escape[1:], 16))
        if escape in "%_":
            return match[0] if keep_wildcards else escape
        if escape == "\\" and keep_wildcards:
            return "\\\\"
        if escape.lower() not in _ESCAPES:
            raise malformed(f"Illegal character sequence '\\{escape}' in string literal.",
                            token.position)  # fmt: skip
        return _ESCAPES[escape.lower()]

    return _ESCAPE.sub(replaced, token.text[1:-1])

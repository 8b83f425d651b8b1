"""Recursive descent over the tokens of a SOQL statement."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from integrations.sandbox.salesforce.errors import SoqlError, malformed
from integrations.sandbox.salesforce.soql.geography import DISTANCE
from integrations.sandbox.salesforce.soql.literals import LiteralReader
from integrations.sandbox.salesforce.soql.syntax import (
    AllFields,
    Comparison,
    Condition,
    FieldPath,
    Function,
    Junction,
    Literal,
    Not,
    Operand,
    Ordering,
    Query,
    Selected,
    TypeOf,
)
from integrations.sandbox.salesforce.soql.tokens import RESERVED, Token, tokenize

MAXIMUM_LENGTH = 100_000
DEEPEST = 50
COMPARISONS = ("=", "!=", "<>", "<", "<=", ">", ">=")
LIST_WORDS = ("IN", "INCLUDES", "EXCLUDES")
#: Without a meaning here, where all that is asked is seen: who asks may see everything.
ENFORCED = ("SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE")
#: USING SCOPE: all that there is, or what belongs to the one who asks.
SCOPES = {"EVERYTHING": False, "MINE": True, "DELEGATED": True, "TEAM": True,
          "MINE_AND_MY_GROUPS": True}  # fmt: skip
ALSO_OBJECTS = ("GROUP", "ORDER")


def parse(statement: str) -> Query:
    """The syntax tree of a whole statement. Raises SoqlError with row and column."""
    if len(statement) > MAXIMUM_LENGTH:
        raise malformed(f"SOQL statements cannot be longer than {MAXIMUM_LENGTH} characters.")
    try:
        parser = _Parser(tokenize(statement))
        query = parser.query()
        parser.expect_end()
    except SoqlError as error:
        raise error.located(statement) from None
    return query


class _Parser(LiteralReader):
    _depth = 0

    @contextmanager
    def _nested(self) -> Iterator[None]:
        """Raises SoqlError where parentheses, NOT or functions are stacked too high."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise SoqlError(
                "QUERY_TOO_COMPLICATED",
                "Query is either selecting too many fields or the filter conditions are too "
                "complicated.",
            )
        yield
        self._depth -= 1

    def query(self) -> Query:
        self.expect_word("SELECT")
        selected = [self._selected()]
        while self.take_symbol(","):
            selected.append(self._selected())
        self.expect_word("FROM")
        sobject = self._object()
        alias = self._alias(allow_as=True)
        query = Query(
            selected=tuple(selected),
            sobject=sobject,
            alias=alias,
            related=tuple(self._related()),
            is_mine=self.take_word("USING") and self._is_mine(),
        )
        if self.take_word("WHERE"):
            query = replace(query, where=self._condition())
        if self.take_word("WITH") and not self.take_word(*ENFORCED):
            raise self.unexpected()
        return self._tail(self._grouped(query))

    def _related(self) -> Iterator[tuple[FieldPath, str]]:
        while self.take_symbol(","):
            path = self._path()
            yield path, self._alias(allow_as=True) or path.parts[-1]

    def _is_mine(self) -> bool:
        self.expect_word("SCOPE")
        if self.next.text.upper() not in SCOPES:
            raise self.unexpected()
        return SCOPES[self.take().text.upper()]

    def _grouped(self, query: Query) -> Query:
        if self.take_word("GROUP"):
            self.expect_word("BY")
            subtotals = ""
            if self.next.is_word("ROLLUP", "CUBE") and self.after_next.is_symbol("("):
                subtotals = self.take().text.upper()
                self.take()
            groups = [self._operand()]
            while self.take_symbol(","):
                groups.append(self._operand())
            if subtotals:
                self.expect_symbol(")")
            query = replace(query, group_by=tuple(groups), subtotals=subtotals)
        if self.take_word("HAVING"):
            query = replace(query, having=self._condition())
        return query

    def _tail(self, query: Query) -> Query:
        if self.take_word("ORDER"):
            self.expect_word("BY")
            orderings = [self._ordering()]
            while self.take_symbol(","):
                orderings.append(self._ordering())
            query = replace(query, order_by=tuple(orderings))
        if self.take_word("LIMIT"):
            query = replace(query, limit=self.whole_number())
        if self.next.is_word("OFFSET"):
            position = self.take().position
            query = replace(query, offset=self.whole_number(), offset_position=position)
        while self.take_word("FOR"):
            if not self.take_word("VIEW", "REFERENCE", "UPDATE"):
                raise self.unexpected()
        if self.take_word("UPDATE") and not self.take_word("TRACKING", "VIEWSTAT"):
            raise self.unexpected()
        if self.next.is_word("ALL") and self.after_next.is_word("ROWS"):
            raise malformed("ALL ROWS not allowed in this context", self.next.position)
        return query

    def _selected(self) -> Selected | AllFields | TypeOf | Query:
        if self.take_symbol("("):
            with self._nested():
                child = self.query()
            self.expect_symbol(")")
            return child
        if self.next.is_word("FIELDS") and self.after_next.is_symbol("("):
            position = self.take().position
            self.take()
            which = self._name().upper()
            if which not in {"ALL", "STANDARD", "CUSTOM"}:
                raise malformed(f"Unknown FIELDS function argument: {which}", position)
            self.expect_symbol(")")
            return AllFields(which=which, position=position)
        if self.next.is_word("TYPEOF"):
            return self._type_of()
        operand = self._operand()
        return Selected(operand=operand, alias=self._alias())

    def _type_of(self) -> TypeOf:
        self.take()
        path = self._path()
        cases = []
        while self.take_word("WHEN"):
            sobject = self._path()
            self.expect_word("THEN")
            cases.append((sobject, self._paths()))
        if not cases:
            raise self.unexpected()
        otherwise = self._paths() if self.take_word("ELSE") else ()
        self.expect_word("END")
        return TypeOf(path=path, cases=tuple(cases), otherwise=otherwise)

    def _paths(self) -> tuple[FieldPath, ...]:
        paths = [self._path()]
        while self.take_symbol(","):
            paths.append(self._path())
        return tuple(paths)

    def _alias(self, *, allow_as: bool = False) -> str | None:
        if allow_as:
            self.take_word("AS")
        if self.next.kind == "word" and self.next.text.upper() not in RESERVED:
            return self.take().text
        return None

    def _name(self) -> str:
        if self.next.kind not in {"word", "currency"}:
            raise self.unexpected()
        return self.take().text

    def _object(self) -> FieldPath:
        """There are objects called Group and Order."""
        if not self.next.is_word(*ALSO_OBJECTS):
            return self._path()
        token = self.take()
        return FieldPath(parts=(token.text,), position=token.position)

    def _path(self) -> FieldPath:
        position = self.next.position
        is_object = self.next.is_word(*ALSO_OBJECTS) and self.after_next.is_symbol(".")
        if self.next.kind == "word" and self.next.text.upper() in RESERVED and not is_object:
            raise self.unexpected()
        parts = [self._name()]
        while self.take_symbol("."):
            parts.append(self._name())
        return FieldPath(parts=tuple(parts), position=position)

    def _operand(self) -> Operand:
        if self.next.kind == "word" and self.after_next.is_symbol("("):
            if self.next.text.upper() in RESERVED:
                raise self.unexpected()
            name = self.take()
            self.take()
            if name.text.upper() == DISTANCE:
                return self._distance(name)
            with self._nested():
                argument = None if self.next.is_symbol(")") else self._operand()
            self.expect_symbol(")")
            return Function(name=name.text, argument=argument, position=name.position)
        return self._path()

    def _distance(self, name: Token) -> Function:
        place = self._path()
        self.expect_symbol(",")
        measure = self.measure()
        self.expect_symbol(")")
        return Function(name=DISTANCE, argument=place, measure=measure, position=name.position)

    def _ordering(self) -> Ordering:
        operand = self._operand()
        descending = self.take_word("DESC")
        if not descending:
            self.take_word("ASC")
        nulls_last = False
        if self.take_word("NULLS"):
            nulls_last = self.next.is_word("LAST")
            if not self.take_word("FIRST", "LAST"):
                raise self.unexpected()
        return Ordering(operand=operand, is_descending=descending, nulls_last=nulls_last)

    def _condition(self) -> Condition:
        conditions = [self._term()]
        word = ""
        while self.next.is_word("AND", "OR"):
            # Salesforce refuses to guess which of the two binds closer.
            if word and self.next.text.upper() != word:
                raise self.unexpected()
            word = self.take().text.upper()
            conditions.append(self._term())
        if len(conditions) == 1:
            return conditions[0]
        return Junction(word=word, conditions=tuple(conditions))

    def _term(self) -> Condition:
        with self._nested():
            if self.take_word("NOT"):
                return Not(condition=self._term())
            if self.take_symbol("("):
                condition = self._condition()
                self.expect_symbol(")")
                return condition
            return self._comparison()

    def _comparison(self) -> Comparison:
        operand = self._operand()
        position = operand.position
        token = self.next
        if token.is_symbol(*COMPARISONS):
            self.take()
            operator = "!=" if token.text == "<>" else token.text
            return Comparison(
                operand=operand, operator=operator, value=self.literal(), position=position
            )
        if self.take_word("LIKE"):
            return Comparison(
                operand=operand, operator="LIKE", value=self.literal(), position=position
            )
        negated = self.take_word("NOT")
        if not self.next.is_word(*(("IN",) if negated else LIST_WORDS)):
            raise self.unexpected()
        word = self.take().text.upper()
        operator = f"NOT {word}" if negated else word
        return Comparison(
            operand=operand, operator=operator, value=self._list(word), position=position
        )

    def _list(self, word: str) -> tuple[Literal, ...] | Query:
        if self.next.is_symbol(":"):
            raise malformed("Only variable references are allowed in Apex SOQL/SOSL",
                            self.next.position)  # fmt: skip
        self.expect_symbol("(")
        if word == "IN" and self.next.is_word("SELECT"):
            with self._nested():
                query = self.query()
            self.expect_symbol(")")
            return query
        literals = [self.literal()]
        while self.take_symbol(","):
            literals.append(self.literal())
        self.expect_symbol(")")
        return tuple(literals)

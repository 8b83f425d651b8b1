"""A metric file's expressions, parsed by sqlglot and turned into a tree of our own.

Only known columns, a handful of operators and functions, and numbers in range get through. The
tree is compiled to bound SQL elsewhere; no text of a metric file ever becomes SQL text.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from unicodedata import category

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from bot.documents import did_you_mean
from bot.metrics.fact_tables import Column, Kind

LARGEST_NUMBER = 10**12
LONGEST_EXPRESSION = 1000
DEEPEST_TREE = 30
#: Control characters, and halves of what is written as two.
UNREADABLE = frozenset({"Cc", "Cs"})

COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "!=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}


ALLOWED = (
    "allowed are columns, numbers, 'text', true, false, null, = != < <= > >= + - *, "
    "AND OR NOT, IN (…), BETWEEN, IS NULL, CASE WHEN, COALESCE, ABS"
)


class ExpressionError(ValueError):
    """``hint`` says what may stand there instead; without one, all that may."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint or ALLOWED


@dataclass(frozen=True, slots=True)
class ColumnTerm:
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | float | bool | date | None
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class Operation:
    """``operator`` over ``terms``: = != < <= > >= + - * and or not in is_null case coalesce abs."""

    operator: str
    terms: tuple["Term", ...]
    kind: Kind


Term = ColumnTerm | Literal | Operation


def columns_in(term: Term) -> Iterator[str]:
    match term:
        case ColumnTerm(name=name):
            yield name
        case Operation(terms=terms):
            for inner in terms:
                yield from columns_in(inner)
        case _:
            return


def parse_expression(text: str, columns: Mapping[str, Column]) -> Term:
    """The tree of ``text`` over ``columns``. Raises ExpressionError with a hint."""
    if len(text) > LONGEST_EXPRESSION:
        raise ExpressionError(f"longer than {LONGEST_EXPRESSION} characters")
    if any(category(each) in UNREADABLE and each not in "\n\r\t" for each in text):
        raise ExpressionError("a character that no database keeps stands here")
    try:
        parsed = sqlglot.parse(text, read="sqlite")
    except (SqlglotError, RecursionError) as error:
        first_line = str(error).splitlines()[0] if str(error) else "too deep"
        raise ExpressionError(f"cannot be read as an expression: {first_line}") from error
    if len(parsed) != 1 or parsed[0] is None:
        raise ExpressionError("write exactly one expression")
    if any(node.comments for node in parsed[0].walk()):
        raise ExpressionError("a comment may not stand here", hint="comment in YAML, with #")
    return _Reader(columns).read(parsed[0], depth=0)


class _Reader:
    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = columns
        self._readers: dict[type[exp.Expr], Callable[[exp.Expr, int], Operation]] = {
            **{kind: partial(self._comparison, sign) for kind, sign in COMPARISONS.items()},
            **{kind: partial(self._sum, sign) for kind, sign in ARITHMETIC.items()},
            exp.And: partial(self._connected, "and"),
            exp.Or: partial(self._connected, "or"),
            exp.Not: self._not,
            exp.Is: self._is,
            exp.In: self._in,
            exp.Between: self._between,
            exp.Case: self._case,
            exp.Coalesce: self._coalesce,
            exp.Abs: self._abs,
        }

    def read(self, node: exp.Expr, *, depth: int) -> Term:
        if depth > DEEPEST_TREE:
            raise ExpressionError("nested too deeply")
        deeper = depth + 1
        if isinstance(node, exp.Paren):
            return self.read(node.this, depth=deeper)
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Literal | exp.Boolean | exp.Null | exp.Neg):
            return self._literal(node)
        if isinstance(node, exp.Interval | exp.Subquery | exp.Select):
            raise ExpressionError(f"'{node.sql()}' may not stand here")
        return self._operation(node, depth=deeper)

    def _column(self, node: exp.Column) -> ColumnTerm:
        name = node.name
        if node.table or name not in self._columns:
            raise ExpressionError(
                f"no column called '{node.sql()}'", hint=did_you_mean(name, self._columns)
            )
        return ColumnTerm(name, self._columns[name].kind)

    def _literal(self, node: exp.Expr) -> Literal:
        if isinstance(node, exp.Null):
            return Literal(None, None)
        if isinstance(node, exp.Boolean):
            return Literal(bool(node.this), Kind.BOOLEAN)
        sign = 1.0
        if isinstance(node, exp.Neg):
            sign, node = -1.0, node.this
        if not isinstance(node, exp.Literal):
            raise ExpressionError(f"'{node.sql()}' may not stand here")
        if node.is_string:
            return Literal(str(node.this), Kind.TEXT)
        number = float(node.this) * sign
        if not abs(number) <= LARGEST_NUMBER:
            raise ExpressionError(f"the number {node.this} is out of range")
        return Literal(number, Kind.NUMBER)

    def _operation(self, node: exp.Expr, *, depth: int) -> Operation:
        for node_type, read in self._readers.items():
            if type(node) is node_type:
                return read(node, depth)
        raise ExpressionError(f"'{node.sql()}' may not stand here")

    def _terms(self, *nodes: exp.Expr, depth: int) -> tuple[Term, ...]:
        return tuple(self.read(each, depth=depth) for each in nodes)

    def _comparison(self, operator: str, node: exp.Expr, depth: int) -> Operation:
        left, right = _comparable(self._terms(node.this, node.expression, depth=depth))
        left, right = self._alike(left, right)
        return Operation(operator, _ordered(operator, (left, right)), BOOLEAN)

    def _sum(self, operator: str, node: exp.Expr, depth: int) -> Operation:
        terms = self._terms(node.this, node.expression, depth=depth)
        return self._arithmetic(operator, terms)

    def _connected(self, operator: str, node: exp.Expr, depth: int) -> Operation:
        terms = self._terms(node.this, node.expression, depth=depth)
        return Operation(operator, self._conditions(terms), BOOLEAN)

    def _not(self, node: exp.Expr, depth: int) -> Operation:
        return Operation("not", self._conditions(self._terms(node.this, depth=depth)), BOOLEAN)

    def _is(self, node: exp.Expr, depth: int) -> Operation:
        if not isinstance(node.expression, exp.Null):
            raise ExpressionError(f"'{node.sql()}' may not stand here")
        return Operation("is_null", self._terms(node.this, depth=depth), BOOLEAN)

    def _in(self, node: exp.Expr, depth: int) -> Operation:
        if not node.expressions or node.args.get("query"):
            raise ExpressionError("IN takes a list of values")
        first, *rest = _comparable(self._terms(node.this, *node.expressions, depth=depth))
        return Operation("in", (first, *(self._alike(first, each)[1] for each in rest)), BOOLEAN)

    def _between(self, node: exp.Expr, depth: int) -> Operation:
        limits = node.args["low"], node.args["high"]
        term, low, high = _comparable(self._terms(node.this, *limits, depth=depth))
        above = Operation(">=", _ordered(">=", self._alike(term, low)), BOOLEAN)
        below = Operation("<=", _ordered("<=", self._alike(term, high)), BOOLEAN)
        return Operation("and", (above, below), BOOLEAN)

    def _coalesce(self, node: exp.Expr, depth: int) -> Operation:
        if len(node.expressions) != 1:
            raise ExpressionError("COALESCE takes two values")
        pair = self._alike(*self._terms(node.this, node.expressions[0], depth=depth))
        return Operation("coalesce", pair, _kind_of(pair))

    def _abs(self, node: exp.Expr, depth: int) -> Operation:
        return self._arithmetic("abs", self._terms(node.this, depth=depth))

    def _case(self, node: exp.Expr, depth: int) -> Operation:
        if node.this is not None:
            raise ExpressionError("write CASE WHEN condition THEN value ELSE value END")
        parts: list[Term] = []
        values: list[Term] = []
        for branch in node.args["ifs"]:
            condition = self._conditions((self.read(branch.this, depth=depth),))[0]
            value = self.read(branch.args["true"], depth=depth)
            parts += [condition, value]
            values.append(value)
        otherwise = node.args.get("default")
        last = self.read(otherwise, depth=depth) if otherwise is not None else Literal(None, None)
        return Operation("case", (*parts, last), _kind_of((*values, last)))

    def _arithmetic(self, operator: str, terms: tuple[Term, ...]) -> Operation:
        for term in terms:
            if term.kind not in {Kind.NUMBER, Kind.MONEY}:
                raise ExpressionError(f"'{operator}' needs numbers")
        moneys = sum(term.kind is Kind.MONEY for term in terms)
        if operator == "*" and moneys > 1:
            raise ExpressionError("money times money means nothing")
        if operator in {"+", "-"} and 0 < moneys < len(terms):
            raise ExpressionError("add money to money, and numbers to numbers")
        return Operation(operator, terms, Kind.MONEY if moneys else Kind.NUMBER)

    def _conditions(self, terms: tuple[Term, ...]) -> tuple[Term, ...]:
        for term in terms:
            if term.kind is not Kind.BOOLEAN:
                raise ExpressionError("a condition is needed here, such as is_won or amount > 0")
        return terms

    def _alike(self, left: Term, right: Term) -> tuple[Term, Term]:
        """Both sides of one kind; a literal becomes the kind of the column beside it."""
        left, right = _as_kind(left, right.kind), _as_kind(right, left.kind)
        kinds = {left.kind, right.kind} - {None}
        if len(kinds) > 1:
            raise ExpressionError(
                f"cannot compare {left.kind} with {right.kind}",
                hint="compare like with like; dates are written '2026-03-09'",
            )
        return left, right


BOOLEAN = Kind.BOOLEAN


def _comparable(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    if any(isinstance(term, Literal) and term.value is None for term in terms):
        raise ExpressionError("nothing is equal to null", hint="write IS NULL or IS NOT NULL")
    return terms


def _ordered(operator: str, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Databases differ in which text comes first, and some in which boolean does."""
    kind = terms[0].kind or terms[1].kind
    if operator not in {"=", "!="} and kind in {Kind.TEXT, Kind.BOOLEAN}:
        raise ExpressionError(f"{kind} has no order", hint="compare it by =, != or IN (…)")
    return terms


def _kind_of(terms: tuple[Term, ...]) -> Kind:
    kinds = {term.kind for term in terms if term.kind is not None}
    zero = Literal(0.0, Kind.NUMBER)
    if kinds == {Kind.MONEY, Kind.NUMBER} and all(
        term == zero for term in terms if term.kind is Kind.NUMBER
    ):
        return Kind.MONEY
    if len(kinds) != 1:
        raise ExpressionError("all values here must be of one kind")
    return kinds.pop()


def _as_kind(term: Term, wanted: Kind | None) -> Term:
    if not isinstance(term, Literal) or wanted is None or term.kind in {wanted, None}:
        return term
    if wanted is Kind.DATE and isinstance(term.value, str):
        try:
            return Literal(date.fromisoformat(term.value), Kind.DATE)
        except ValueError:
            raise ExpressionError(f"'{term.value}' is not a date like '2026-03-09'") from None
    if wanted is Kind.MONEY and isinstance(term.value, float):
        return Literal(round(term.value * 100), Kind.MONEY)
    if wanted is Kind.BOOLEAN and term.value in {0.0, 1.0} and term.kind is Kind.NUMBER:
        return Literal(bool(term.value), Kind.BOOLEAN)
    return term

"""A metric file's checked expression becomes SQL in which every value is bound."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Boolean, Float, and_, case, cast, func, literal, not_, null, or_

from bot.metrics.expression import ColumnTerm, Literal, Operation, Term
from bot.metrics.fact_tables import Kind

#: A SQL expression; SQLModel's columns and SQLAlchemy's have no common type that mypy knows.
Expression = Any


def compile_term(term: Term, columns: Mapping[str, Expression]) -> Expression:
    """The tree as SQL; money is in hundredths, every literal is bound.

    What is reckoned is reckoned in floats: whole numbers overflow in PostgreSQL, in SQLite not.
    """
    match term:
        case ColumnTerm(name=name):
            return columns[name]
        case Literal(value=None):
            return null()
        case Literal(value=value):
            return literal(value)
        case Operation(operator=operator, terms=terms):
            parts = [compile_term(each, columns) for each in terms]
            if operator in {"+", "-", "*"}:
                parts = [cast(each, Float()) for each in parts]
            return _operation(operator, parts)


def _operation(operator: str, parts: list[Expression]) -> Expression:
    if operator == "case":
        *branches, otherwise = parts
        whens = [(branches[i], branches[i + 1]) for i in range(0, len(branches), 2)]
        return case(*whens, else_=otherwise)
    if operator == "in":
        first, *rest = parts
        return or_(*(first == each for each in rest))
    build: Callable[..., Expression] = _BUILDERS[operator]
    return build(*parts)


_BUILDERS: Mapping[str, Callable[..., Any]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "and": and_,
    "or": or_,
    "not": not_,
    "is_null": lambda term: term.is_(None),
    "coalesce": func.coalesce,
    "abs": func.abs,
}


def as_number(term: Term | None, columns: Mapping[str, Expression]) -> Expression:
    """What one fact adds: 1 for a row, 1 or 0 for a condition, else its number."""
    if term is None:
        return literal(1.0, Float())
    expression = compile_term(term, columns)
    if term.kind is Kind.BOOLEAN:
        return case((cast(expression, Boolean()), 1.0), else_=0.0)
    return cast(expression, Float())

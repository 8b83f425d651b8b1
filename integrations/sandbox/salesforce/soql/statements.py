"""What statements of every kind have: an object, conditions, an order and an end."""

from dataclasses import dataclass

from integrations.sandbox.salesforce.errors import SoqlError, malformed, no_such_type
from integrations.sandbox.salesforce.schema import Schema
from integrations.sandbox.salesforce.soql.clauses import order_term
from integrations.sandbox.salesforce.soql.conditions import ConditionWriter, Sql
from integrations.sandbox.salesforce.soql.dates import Calendar
from integrations.sandbox.salesforce.soql.functions import (
    aggregate_column,
    column_of,
    is_aggregate,
)
from integrations.sandbox.salesforce.soql.scope import Column, Scope
from integrations.sandbox.salesforce.soql.semi_joins import (
    check_path,
    check_places,
    check_tail,
    check_types,
)
from integrations.sandbox.salesforce.soql.syntax import FieldPath, Operand, Query, Selected
from integrations.sandbox.salesforce.values import Stored

MAXIMUM_OFFSET = 2_000
NO_ROWS_LEFT_OUT = -1
#: Where a statement inside another begins to name its tables.
_INNER = "_s"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementWriter:
    schema: Schema
    calendar: Calendar
    #: Deleted and archived rows too, as queryAll shows them.
    all_rows: bool = False
    #: Whose records USING SCOPE mine shows.
    user_id: str = ""

    def scope(self, query: Query, *, prefix: str = "t") -> Scope:
        """Raises SoqlError for an object that is not there."""
        sobject = self.schema.find(query.sobject.text)
        if sobject is None:
            raise no_such_type(query.sobject.text, query.sobject.position)
        scope = Scope(schema=self.schema, sobject=sobject, alias=query.alias, prefix=prefix)
        for path, alias in query.related:
            parts = scope.own_parts(path)
            scope.node(parts, path.position)
            scope.aliases[alias.lower()] = parts
        return scope

    def writer(self, scope: Scope, *, aggregates: bool = False) -> ConditionWriter:
        def column(operand: Operand) -> Column:
            if aggregates and is_aggregate(operand):
                return aggregate_column(operand, scope, self.calendar)
            return column_of(operand, scope, self.calendar)

        return ConditionWriter(
            column=column,
            subquery=lambda query, left: self._semi_join(query, left, scope),
            calendar=self.calendar,
        )

    def _semi_join(self, query: Query, left: Column, outer: Scope) -> Sql:
        position = query.sobject.position
        scope = self.scope(query, prefix=outer.prefix + _INNER)
        if outer.prefix.endswith(_INNER):
            raise malformed("Nesting of semi join sub-selects is not supported", position)
        if scope.sobject.name == outer.sobject.name:
            raise malformed(
                "The inner and outer selects should not be on the same object type", position
            )
        [first, *others] = query.selected
        if others or not isinstance(first, Selected) or not isinstance(first.operand, FieldPath):
            raise malformed(
                "Nesting of semi join sub-selects must select exactly one field", position
            )
        column = scope.column(first.operand)
        if not column.field.is_id:
            raise malformed(
                "The selected field in the semi join sub-select should be an id field, cannot "
                f"use: '{column.field.name}'",
                first.operand.position,
            )
        check_path(first.operand, "inner select field")
        check_tail(query)
        check_types((left.field, outer.sobject), (column.field, scope.sobject), position)
        where, parameters = self.where(query, scope)
        return f"SELECT {column.sql} FROM {scope.from_sql}{where}", parameters  # noqa: S608 -- names come from the schema, values are parameters

    def where(self, query: Query, scope: Scope, *, extra: str = "") -> Sql:
        """The WHERE clause with its keyword, or nothing."""
        table = scope.root.tables[0][0]
        parts = [extra] if extra else []
        parameters: list[Stored] = []
        if not self.all_rows:
            parts += [
                f"NOT {table}.{name}"
                for name in ("IsDeleted", "IsArchived")
                if scope.sobject.field(name) is not None
            ]
        if query.is_mine:
            parts.append(self._mine(scope, query.sobject.position))
            parameters.append(self.user_id)
        if query.where is not None:
            check_places(query.where)
            sql, more = self.writer(scope).sql(query.where)
            parts.append(sql)
            parameters += more
        return (f" WHERE {' AND '.join(parts)}" if parts else ""), parameters

    @staticmethod
    def _mine(scope: Scope, position: int) -> str:
        if scope.sobject.field("OwnerId") is None:
            raise malformed(
                f"Filter scope mine is not supported for {scope.sobject.name}", position
            )
        return f"{scope.root.tables[0][0]}.OwnerId = ?"

    def order_terms(self, query: Query, scope: Scope, *, aggregates: bool = False) -> list[str]:
        """Ends with the id, so that the order of equals does not change."""
        column = self.writer(scope, aggregates=aggregates).column
        terms = [order_term(column(term.operand), term) for term in query.order_by]
        if terms and not aggregates:
            terms.append(f"{scope.root.tables[0][0]}.Id")
        return terms

    def tail(self, query: Query, scope: Scope, *, aggregates: bool = False) -> str:
        terms = self.order_terms(query, scope, aggregates=aggregates)
        sql = f" ORDER BY {', '.join(terms)}" if terms else ""
        if query.offset is not None and query.offset > MAXIMUM_OFFSET:
            raise SoqlError(
                "NUMBER_OUTSIDE_VALID_RANGE",
                f"Maximum SOQL offset allowed is {MAXIMUM_OFFSET}",
                query.offset_position,
            )
        return sql + limit_sql(query)


def limit_sql(query: Query) -> str:
    if query.limit is None and query.offset is None:
        return ""
    limit = NO_ROWS_LEFT_OUT if query.limit is None else query.limit
    return f" LIMIT {limit} OFFSET {query.offset or 0}"

"""A syntax tree, checked against the schema, as one SQLite statement and a shape for its rows."""

from dataclasses import dataclass, replace

from integrations.sandbox.salesforce.errors import (
    SoqlError,
    malformed,
    no_such_children,
    no_such_type,
)
from integrations.sandbox.salesforce.schema import Schema, SObject
from integrations.sandbox.salesforce.soql.clauses import (
    expanded,
    has_aggregate,
    is_count_all,
    order_manner,
    order_term,
)
from integrations.sandbox.salesforce.soql.conditions import ConditionWriter, Sql
from integrations.sandbox.salesforce.soql.dates import Calendar
from integrations.sandbox.salesforce.soql.functions import (
    GROUPING,
    aggregate_column,
    column_of,
    group_column,
    is_aggregate,
    shown_path,
)
from integrations.sandbox.salesforce.soql.scope import Column, Scope
from integrations.sandbox.salesforce.soql.shapes import (
    ChildRows,
    PlacedField,
    RecordShape,
    ShapeBuilder,
)
from integrations.sandbox.salesforce.soql.subtotals import Grouped
from integrations.sandbox.salesforce.soql.syntax import (
    FieldPath,
    Function,
    Operand,
    Query,
    Selected,
    TypeOf,
)
from integrations.sandbox.salesforce.values import Stored

MAXIMUM_OFFSET = 2_000
NO_ROWS_LEFT_OUT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to answer a statement."""

    sobject: SObject
    sql: str
    parameters: tuple[Stored, ...]
    shape: RecordShape
    #: ``SELECT COUNT()`` answers with a size and no records.
    counts_only: bool = False
    is_aggregate: bool = False
    #: Empty for aggregates.
    columns: tuple[PlacedField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiler:
    schema: Schema
    calendar: Calendar
    #: Deleted and archived rows too, as queryAll shows them.
    all_rows: bool = False

    def plan(self, query: Query) -> Plan:
        """Raises SoqlError; give it the statement's text with ``located``."""
        if query.all_rows and not self.all_rows:
            return replace(self, all_rows=True).plan(query)
        sobject = self.schema.find(query.sobject.text)
        if sobject is None:
            raise no_such_type(query.sobject.text, query.sobject.position)
        scope = Scope(schema=self.schema, sobject=sobject, alias=query.alias)
        if is_count_all(query):
            return self._count(query, scope)
        if query.group_by or query.having or has_aggregate(query):
            return self._aggregate(query, scope)
        return self._records(query, scope)

    def _writer(self, scope: Scope, *, aggregates: bool = False) -> ConditionWriter:
        def column(operand: Operand) -> Column:
            if aggregates and isinstance(operand, Function) and is_aggregate(operand):
                return aggregate_column(operand, scope, self.calendar)
            return column_of(operand, scope, self.calendar)

        return ConditionWriter(
            column=column,
            subquery=lambda query: self._semi_join(query, scope),
            calendar=self.calendar,
        )

    def _semi_join(self, query: Query, outer: Scope) -> Sql:
        sobject = self.schema.find(query.sobject.text)
        if sobject is None:
            raise no_such_type(query.sobject.text, query.sobject.position)
        scope = Scope(
            schema=self.schema, sobject=sobject, alias=query.alias, prefix=outer.prefix + "_s"
        )
        [first, *others] = query.selected
        if others or not isinstance(first, Selected) or not isinstance(first.operand, FieldPath):
            raise malformed(
                "Nesting of semi join sub-selects must select exactly one field",
                query.sobject.position,
            )
        column = scope.column(first.operand)
        if not column.field.is_id:
            raise malformed(
                "The selected field in the semi join sub-select should be an id field, cannot "
                f"use: '{column.field.name}'",
                first.operand.position,
            )
        where, parameters = self._where(query, scope)
        return f"SELECT {column.sql} FROM {scope.from_sql}{where}", parameters  # noqa: S608 -- names come from the schema, values are parameters

    def _where(self, query: Query, scope: Scope, *, extra: str = "") -> Sql:
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
        if query.where is not None:
            sql, parameters = self._writer(scope).sql(query.where)
            parts.append(sql)
        return (f" WHERE {' AND '.join(parts)}" if parts else ""), parameters

    def _tail(self, query: Query, scope: Scope, *, aggregates: bool = False) -> str:
        column = self._writer(scope, aggregates=aggregates).column
        table = scope.root.tables[0][0]
        terms = [order_term(column(term.operand), term) for term in query.order_by]
        if terms and not aggregates:
            terms.append(f"{table}.Id")
        sql = f" ORDER BY {', '.join(terms)}" if terms else ""
        if query.offset is not None and query.offset > MAXIMUM_OFFSET:
            raise SoqlError(
                "NUMBER_OUTSIDE_VALID_RANGE",
                f"Maximum SOQL offset allowed is {MAXIMUM_OFFSET}",
                query.offset_position,
            )
        return sql + _limit(query)

    def _orders(self, query: Query, scope: Scope) -> list[tuple[str, str]]:
        column = self._writer(scope, aggregates=True).column
        found = [(column(term.operand), term) for term in query.order_by]
        return [(each.sql, order_manner(each, term)) for each, term in found]

    def _count(self, query: Query, scope: Scope) -> Plan:
        if query.group_by or query.order_by:
            raise malformed("COUNT() cannot be grouped or ordered", query.sobject.position)
        where, parameters = self._where(query, scope)
        rows = f"SELECT 1 FROM {scope.from_sql}{where}{self._tail(query, scope)}"  # noqa: S608 -- names come from the schema, values are parameters
        return Plan(
            sobject=scope.sobject,
            sql=f"SELECT COUNT(*) FROM ({rows})",  # noqa: S608 -- names come from the schema, values are parameters
            parameters=tuple(parameters),
            shape=RecordShape(),
            counts_only=True,
        )

    def _records(self, query: Query, scope: Scope) -> Plan:
        builder = ShapeBuilder(scope)
        children: list[ChildRows] = []
        for selected in expanded(query, scope.sobject):
            if isinstance(selected, Query):
                children.append(self._children(selected, scope))
                continue
            if isinstance(selected, TypeOf):
                builder.add_cases(selected)
                continue
            path = shown_path(selected.operand)
            if path is None or (selected.alias and isinstance(selected.operand, FieldPath)):
                raise malformed(
                    "only aggregate expressions use field aliasing"
                    if selected.alias
                    else "date functions can only be selected when they are grouped",
                    selected.operand.position,
                )
            column = column_of(selected.operand, scope, self.calendar)
            builder.add(path, column, alias=selected.alias)
        where, parameters = self._where(query, scope)
        tail = self._tail(query, scope)
        shape = builder.shape(tuple(children))
        return Plan(
            sobject=scope.sobject,
            sql=f"SELECT {builder.columns_sql} FROM {scope.from_sql}{where}{tail}",  # noqa: S608 -- names come from the schema, values are parameters
            parameters=tuple(parameters),
            shape=shape,
            columns=tuple(builder.columns),
        )

    def _children(self, query: Query, outer: Scope) -> ChildRows:
        position = query.sobject.position
        found = self.schema.children(outer.sobject, query.sobject.text)
        if found is None:
            raise no_such_children(query.sobject.text, position)
        child, link = found
        scope = Scope(schema=self.schema, sobject=child, alias=query.alias)
        builder = ShapeBuilder(scope)
        for selected in expanded(query, child):
            if not isinstance(selected, Selected) or (path := shown_path(selected.operand)) is None:
                raise malformed("a sub-select may only select fields", position)
            builder.add(path, column_of(selected.operand, scope, self.calendar), alias=None)
        table = scope.root.tables[0][0]
        where, parameters = self._where(query, scope, extra=f"{table}.{link.name} IN ({{ids}})")
        ordering = self._tail(replace(query, limit=None, offset=None), scope)
        return ChildRows(
            name=link.children or query.sobject.text,
            sql=f"SELECT {table}.{link.name}, {builder.columns_sql} "  # noqa: S608 -- names come from the schema, values are parameters
            f"FROM {scope.from_sql}{where}{ordering}",
            parameters=tuple(parameters),
            shape=builder.shape(()),
            limit=query.limit,
        )

    def _aggregate(self, query: Query, scope: Scope) -> Plan:
        groups = [group_column(group, scope, self.calendar) for group in query.group_by]
        if not groups and query.limit is not None:
            raise malformed(
                "Non-grouped query that uses overall aggregate functions cannot also use LIMIT",
                query.sobject.position,
            )
        columns = self._aggregate_columns(query, scope, {group.sql for group in groups})
        where, parameters = self._where(query, scope)
        sql = f"SELECT {', '.join(column.sql for _, column in columns)} FROM "  # noqa: S608 -- names come from the schema, values are parameters
        grouping = f" GROUP BY {', '.join(group.sql for group in groups)}" if groups else ""
        having = ""
        if query.having is not None:
            if not groups:
                raise malformed("unexpected token: 'HAVING'", query.sobject.position)
            having, having_parameters = self._writer(scope, aggregates=True).sql(query.having)
            having, parameters = f" HAVING {having}", parameters + having_parameters
        tail = self._tail(query, scope, aggregates=True)
        # The FROM clause is complete only now that every name has been resolved.
        statement = f"{sql}{scope.from_sql}{where}{grouping}{having}{tail}"
        if query.subtotals:
            grouped = Grouped(
                columns=[column.sql for _, column in columns],
                orders=self._orders(query, scope),
                groups=[group.sql for group in groups],
                from_sql=scope.from_sql,
                where=where,
                having=having,
            )
            statement = grouped.sql(query.subtotals) + _limit(query)
            parameters = parameters * len(grouped.sets(query.subtotals))
        elif any(column.sql.startswith(GROUPING) for _, column in columns):
            raise malformed("GROUPING() needs ROLLUP or CUBE", query.sobject.position)
        return Plan(
            sobject=scope.sobject,
            sql=statement,
            parameters=tuple(parameters),
            shape=RecordShape.aggregate(columns),
            is_aggregate=True,
        )

    def _aggregate_columns(
        self, query: Query, scope: Scope, grouped: set[str]
    ) -> list[tuple[str, Column]]:
        columns: list[tuple[str, Column]] = []
        unnamed = 0
        for selected in query.selected:
            if not isinstance(selected, Selected):
                raise malformed("aggregate queries cannot have sub-selects", query.sobject.position)
            operand = selected.operand
            if isinstance(operand, Function) and is_aggregate(operand):
                column = aggregate_column(operand, scope, self.calendar)
            else:
                column = column_of(operand, scope, self.calendar)
                if column.sql not in grouped:
                    name = operand.text if isinstance(operand, FieldPath) else operand.name
                    raise malformed(f"Field must be grouped or aggregated: {name}",
                                    operand.position)  # fmt: skip
            path = shown_path(operand)
            name = selected.alias or (column.field.name if path else f"expr{unnamed}")
            unnamed += not (selected.alias or path)
            if any(name.lower() == other.lower() for other, _ in columns):
                raise malformed(f"duplicate alias: {name}", operand.position)
            columns.append((name, column))
        return columns


def _limit(query: Query) -> str:
    if query.limit is None and query.offset is None:
        return ""
    limit = NO_ROWS_LEFT_OUT if query.limit is None else query.limit
    return f" LIMIT {limit} OFFSET {query.offset or 0}"

"""Statements that count and add up."""

from collections.abc import Iterator
from dataclasses import dataclass

from integrations.sandbox.salesforce.errors import malformed
from integrations.sandbox.salesforce.soql.clauses import order_manner
from integrations.sandbox.salesforce.soql.functions import (
    GROUPING,
    aggregate_column,
    column_of,
    group_column,
    is_aggregate,
    shown_path,
)
from integrations.sandbox.salesforce.soql.plans import Plan
from integrations.sandbox.salesforce.soql.scope import Column, Scope
from integrations.sandbox.salesforce.soql.shapes import RecordShape
from integrations.sandbox.salesforce.soql.statements import StatementWriter, limit_sql
from integrations.sandbox.salesforce.soql.subtotals import Grouped
from integrations.sandbox.salesforce.soql.syntax import (
    Comparison,
    Condition,
    FieldPath,
    Junction,
    Not,
    Operand,
    Query,
    Selected,
)

MOST_SUBTOTALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateCompiler(StatementWriter):
    def count(self, query: Query, scope: Scope) -> Plan:
        if query.group_by or query.order_by:
            raise malformed("COUNT() cannot be grouped or ordered", query.sobject.position)
        where, parameters = self.where(query, scope)
        rows = f"SELECT 1 FROM {scope.from_sql}{where}{self.tail(query, scope)}"  # noqa: S608 -- names come from the schema, values are parameters
        return Plan(
            sobject=scope.sobject,
            sql=f"SELECT COUNT(*) FROM ({rows})",  # noqa: S608 -- names come from the schema, values are parameters
            parameters=tuple(parameters),
            shape=RecordShape(),
            counts_only=True,
        )

    def _orders(self, query: Query, scope: Scope) -> list[tuple[str, str]]:
        column = self.writer(scope, aggregates=True).column
        found = [(column(term.operand), term) for term in query.order_by]
        return [(each.sql, order_manner(each, term)) for each, term in found]

    def aggregate(self, query: Query, scope: Scope) -> Plan:
        groups = [group_column(group, scope, self.calendar) for group in query.group_by]
        if not groups:
            _require_groups(query)
        grouped_sql = {group.sql for group in groups}
        columns = self._aggregate_columns(query, scope, grouped_sql)
        self._require_grouped(query, scope, grouped_sql)
        where, parameters = self.where(query, scope)
        sql = f"SELECT {', '.join(column.sql for _, column in columns)} FROM "  # noqa: S608 -- names come from the schema, values are parameters
        grouping = f" GROUP BY {', '.join(group.sql for group in groups)}" if groups else ""
        having = ""
        if query.having is not None:
            having, having_parameters = self.writer(scope, aggregates=True).sql(query.having)
            having, parameters = f" HAVING {having}", parameters + having_parameters
        tail = self.tail(query, scope, aggregates=True)
        # The FROM clause is complete only now that every name has been resolved.
        statement = f"{sql}{scope.from_sql}{where}{grouping}{having}{tail}"
        if query.subtotals:
            _require_few(query)
            grouped = Grouped(
                columns=[column.sql for _, column in columns],
                orders=self._orders(query, scope),
                groups=[group.sql for group in groups],
                from_sql=scope.from_sql,
                where=where,
                having=having,
            )
            statement = grouped.sql(query.subtotals) + limit_sql(query)
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
            if is_aggregate(operand):
                column = aggregate_column(operand, scope, self.calendar)
            else:
                column = column_of(operand, scope, self.calendar)
                if column.sql not in grouped:
                    raise malformed(f"Field must be grouped or aggregated: {_name(operand)}",
                                    operand.position)  # fmt: skip
            path = shown_path(operand)
            name = selected.alias or (column.field.name if path else f"expr{unnamed}")
            unnamed += not (selected.alias or path)
            if any(name.lower() == other.lower() for other, _ in columns):
                raise malformed(f"duplicate alias: {name}", operand.position)
            columns.append((name, column))
        return columns

    def _require_grouped(self, query: Query, scope: Scope, grouped: set[str]) -> None:
        """What HAVING and ORDER BY name must be one value for each group. Raises SoqlError."""
        having = [] if query.having is None else list(_operands(query.having))
        named = [("Field", each) for each in having]
        named += [("Ordered field", term.operand) for term in query.order_by]
        for what, operand in named:
            if is_aggregate(operand):
                continue
            if column_of(operand, scope, self.calendar).sql not in grouped:
                raise malformed(f"{what} must be grouped or aggregated: {_name(operand)}",
                                operand.position)  # fmt: skip


def _require_few(query: Query) -> None:
    if len(query.group_by) > MOST_SUBTOTALS:
        raise malformed(
            f"GROUP BY {query.subtotals} takes at most {MOST_SUBTOTALS} fields",
            query.group_by[MOST_SUBTOTALS].position,
        )


def _require_groups(query: Query) -> None:
    """Raises SoqlError for what only groups can have."""
    position = query.sobject.position
    if query.limit is not None:
        raise malformed(
            "Non-grouped query that uses overall aggregate functions cannot also use LIMIT",
            position,
        )
    if query.having is not None:
        raise malformed("unexpected token: 'HAVING'", position)


def _operands(condition: Condition) -> Iterator[Operand]:
    match condition:
        case Not(condition=inner):
            yield from _operands(inner)
        case Junction(conditions=parts):
            for part in parts:
                yield from _operands(part)
        case Comparison(operand=operand):
            yield operand


def _name(operand: Operand) -> str:
    return operand.text if isinstance(operand, FieldPath) else operand.name

"""A syntax tree, checked against the schema, as one SQLite statement and a shape for its rows."""

from dataclasses import dataclass

from integrations.sandbox.salesforce.errors import malformed, no_such_children
from integrations.sandbox.salesforce.soql.aggregates import AggregateCompiler
from integrations.sandbox.salesforce.soql.clauses import expanded, has_aggregate, is_count_all
from integrations.sandbox.salesforce.soql.functions import column_of, shown_path
from integrations.sandbox.salesforce.soql.plans import Plan
from integrations.sandbox.salesforce.soql.scope import Scope
from integrations.sandbox.salesforce.soql.shapes import ChildRows, ShapeBuilder
from integrations.sandbox.salesforce.soql.statements import MAXIMUM_OFFSET
from integrations.sandbox.salesforce.soql.syntax import FieldPath, Function, Query, TypeOf

__all__ = ["MAXIMUM_OFFSET", "Compiler", "Plan"]
#: The object itself, and the levels of children below it.
DEEPEST_FAMILY = 5
MOST_CHILDREN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiler(AggregateCompiler):
    def plan(self, query: Query) -> Plan:
        """Raises SoqlError; give it the statement's text with ``located``."""
        scope = self.scope(query)
        if is_count_all(query):
            return self.count(query, scope)
        if query.group_by or query.having or has_aggregate(query):
            return self.aggregate(query, scope)
        return self._records(query, scope)

    def _records(self, query: Query, scope: Scope) -> Plan:
        builder = ShapeBuilder(scope)
        children = self._select(query, scope, builder, level=1)
        where, parameters = self.where(query, scope)
        tail = self.tail(query, scope)
        return Plan(
            sobject=scope.sobject,
            sql=f"SELECT {builder.columns_sql} FROM {scope.from_sql}{where}{tail}",  # noqa: S608 -- names come from the schema, values are parameters
            parameters=tuple(parameters),
            shape=builder.shape(children),
            columns=tuple(builder.columns),
        )

    def _select(
        self, query: Query, scope: Scope, builder: ShapeBuilder, *, level: int
    ) -> tuple[ChildRows, ...]:
        """Add what is selected to the shape; the children among it."""
        children: list[ChildRows] = []
        for selected in expanded(query, scope.sobject):
            if isinstance(selected, Query):
                child = self._children(selected, scope, level=level + 1)
                if any(child.name == other.name for other in children):
                    raise malformed(
                        f"Cannot follow the same aggregate relationship twice: {child.name}",
                        selected.sobject.position,
                    )
                children.append(child)
                if len(children) > MOST_CHILDREN:
                    raise malformed(
                        f"more than {MOST_CHILDREN} sub-selects", selected.sobject.position
                    )
                continue
            if isinstance(selected, TypeOf):
                builder.add_cases(selected)
                continue
            path = shown_path(selected.operand)
            if isinstance(selected.operand, Function) and selected.operand.measure is not None:
                column = column_of(selected.operand, scope, self.calendar)
                builder.add_value(column, selected.alias, selected.operand.position)
                continue
            if path is None:
                # Unknown functions are refused as such.
                column_of(selected.operand, scope, self.calendar)
            if path is None or (selected.alias and isinstance(selected.operand, FieldPath)):
                raise malformed(
                    "only aggregate expressions use field aliasing"
                    if selected.alias
                    else "date functions can only be selected when they are grouped",
                    selected.operand.position,
                )
            column = column_of(selected.operand, scope, self.calendar)
            builder.add(path, column, alias=selected.alias)
        return tuple(children)

    def _children(self, query: Query, outer: Scope, *, level: int) -> ChildRows:
        position = query.sobject.position
        found = self.schema.children(outer.sobject, query.sobject.text)
        if found is None:
            raise no_such_children(query.sobject.text, position)
        if level > DEEPEST_FAMILY:
            raise malformed(f"SOQL relationships go at most {DEEPEST_FAMILY} levels deep", position)
        if is_count_all(query) or query.group_by or query.having or has_aggregate(query):
            raise malformed("a sub-select may only select fields", position)
        child, link = found
        scope = Scope(schema=self.schema, sobject=child, alias=query.alias)
        builder = ShapeBuilder(scope)
        children = self._select(query, scope, builder, level=level)
        table = scope.root.tables[0][0]
        parent = f"{table}.{link.name}"
        where, parameters = self.where(query, scope, extra=f"{parent} IN ({{ids}})")
        terms = ", ".join(self.order_terms(query, scope) or [f"{table}.Id"])
        return ChildRows(
            name=link.children or query.sobject.text,
            sobject=child,
            sql=f"SELECT {builder.columns_sql}, {parent} AS parent, "  # noqa: S608 -- names come from the schema, values are parameters
            f"ROW_NUMBER() OVER (PARTITION BY {parent} ORDER BY {terms}) AS place, "
            f"COUNT(*) OVER (PARTITION BY {parent}) AS total FROM {scope.from_sql}{where}",
            parameters=tuple(parameters),
            shape=builder.shape(children),
            limit=query.limit,
            offset=query.offset or 0,
        )

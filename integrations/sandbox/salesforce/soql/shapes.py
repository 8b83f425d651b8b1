"""How a row of SQL becomes a record of JSON, parents nested and children listed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from integrations.sandbox.salesforce.errors import SoqlError, malformed, no_such_type
from integrations.sandbox.salesforce.schema import Field, SObject
from integrations.sandbox.salesforce.soql.scope import Column, Node, Scope
from integrations.sandbox.salesforce.soql.syntax import FieldPath, TypeOf
from integrations.sandbox.salesforce.values import Stored, to_json

Record = dict[str, object]
Row = Sequence[Stored]
Convert = Callable[[Stored], object] | None
#: A selected field with its path, like ``Owner.Name``, and its place in the row.
PlacedField = tuple[str, int, Field]
#: Begins the names of values that were given none.
UNNAMED = "expr"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRows:
    """A parent-to-child subquery; ``{ids}`` in its SQL waits for the parents of a page.

    Behind the shape's columns come the parent's id, the place among its siblings and their number.
    """

    name: str
    sobject: SObject
    sql: str
    parameters: tuple[Stored, ...]
    shape: "RecordShape"
    limit: int | None
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordShape:
    """Where the values of a record lie in a row."""

    #: None for aggregate results, which are no records.
    type_name: str | None = None
    #: How many columns its rows have.
    width: int = 0
    id_place: int = 0
    #: Where a polymorphic parent's real object stands.
    type_place: int | None = None
    fields: tuple[tuple[str, int, Convert], ...] = ()
    #: Fields whose value is shown as the address at which it can be read.
    blobs: frozenset[str] = frozenset()
    parents: "tuple[tuple[str, RecordShape], ...]" = ()
    children: tuple[ChildRows, ...] = ()
    #: What TYPEOF shows of a parent: the first of its shapes that exists.
    cases: "tuple[tuple[str, tuple[RecordShape, ...]], ...]" = ()

    @classmethod
    def aggregate(cls, columns: Sequence[tuple[str, Column]]) -> Self:
        return cls(
            fields=tuple(
                (name, place, to_json(column.field)) for place, (name, column) in enumerate(columns)
            )
        )

    def record(self, row: Row, *, base: str) -> Record:
        """``base`` is the path of the API version, like ``/services/data/v61.0``."""
        record: Record = {"attributes": self._attributes(row, base)}
        for name, place, convert in self.fields:
            value = row[place]
            record[name] = value if convert is None or value is None else convert(value)
        for name in self.blobs:
            if record[name] is not None:
                kind, record_id = self.type_name, row[self.id_place]
                record[name] = f"{base}/sobjects/{kind}/{record_id}/{name}"
        for name, shape in self.parents:
            exists = row[shape.id_place] is not None
            record[name] = shape.record(row, base=base) if exists else None
        for name, shapes in self.cases:
            real = next((each for each in shapes if row[each.id_place] is not None), None)
            record[name] = real.record(row, base=base) if real else None
        return record

    def _attributes(self, row: Row, base: str) -> Record:
        if self.type_name is None:
            return {"type": "AggregateResult"}
        real = self.type_name if self.type_place is None else row[self.type_place]
        return {"type": self.type_name, "url": f"{base}/sobjects/{real}/{row[self.id_place]}"}


@dataclass(slots=True)
class _Draft:
    node: Node
    id_place: int
    type_place: int | None
    fields: list[tuple[str, int, Convert]] = field(default_factory=list)
    blobs: set[str] = field(default_factory=set)
    parents: "dict[str, _Draft]" = field(default_factory=dict)
    cases: "dict[str, list[_Draft]]" = field(default_factory=dict)

    def shape(self, children: tuple[ChildRows, ...] = ()) -> RecordShape:
        return RecordShape(
            type_name=self.node.name,
            id_place=self.id_place,
            type_place=self.type_place,
            fields=tuple(self.fields),
            blobs=frozenset(self.blobs),
            parents=tuple((name, draft.shape()) for name, draft in self.parents.items()),
            children=children,
            cases=tuple(
                (name, tuple(draft.shape() for draft in drafts))
                for name, drafts in self.cases.items()
            ),
        )


class ShapeBuilder:
    """Collects the columns of a SELECT and the shape of its records together."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._sql: list[str] = []
        self._root = self._draft(scope.root)
        #: Selected fields under the names that a Bulk result gives its columns.
        self.columns: list[PlacedField] = []

    @property
    def columns_sql(self) -> str:
        return ", ".join(f"{sql} AS c{place}" for place, sql in enumerate(self._sql))

    def shape(self, children: tuple[ChildRows, ...]) -> RecordShape:
        return replace(self._root.shape(children), width=len(self._sql))

    def _draft(self, node: Node) -> _Draft:
        id_place = self._place(node.id_sql)
        type_place = self._place(node.type_sql) if node.is_polymorphic else None
        return _Draft(node, id_place, type_place)

    def _place(self, sql: str) -> int:
        if sql not in self._sql:
            self._sql.append(sql)
        return self._sql.index(sql)

    def add(self, path: FieldPath, column: Column, *, alias: str | None) -> None:
        """Raises SoqlError when the field has been selected before."""
        *relationships, _ = parts = self._scope.own_parts(path)
        draft = self._root
        names: list[str] = []
        for depth, relationship in enumerate(relationships, start=1):
            name = self._relationship_name(draft.node, relationship)
            names.append(name)
            if name not in draft.parents:
                node = self._scope.node(tuple(parts[:depth]), path.position)
                draft.parents[name] = self._draft(node)
            draft = draft.parents[name]
        name = alias or column.field.name
        self._refuse_twice(draft, name, path.text, path.position)
        place = self._place(column.sql)
        draft.fields.append((name, place, to_json(column.field)))
        if column.field.kind == "base64":
            draft.blobs.add(name)
        self.columns.append((".".join([*names, name]), place, column.field))

    def add_value(self, column: Column, alias: str | None, position: int) -> None:
        """What is worked out of a record's fields, and is no field itself. Raises SoqlError."""
        unnamed = sum(1 for name, _, _ in self._root.fields if name.startswith(UNNAMED))
        name = alias or f"{UNNAMED}{unnamed}"
        self._refuse_twice(self._root, name, name, position)
        place = self._place(column.sql)
        self._root.fields.append((name, place, to_json(column.field)))
        self.columns.append((name, place, column.field))

    @staticmethod
    def _refuse_twice(draft: _Draft, name: str, told: str, position: int) -> None:
        if any(name.lower() == other.lower() for other, _, _ in draft.fields):
            raise SoqlError("INVALID_FIELD", f"duplicate field selected: {told}", position)

    def add_cases(self, cases: TypeOf) -> None:
        """Raises SoqlError for a relationship that can only lead to one object."""
        parts = self._scope.own_parts(cases.path)
        node = self._scope.node(parts, cases.path.position)
        if len(parts) > 1 or not node.is_polymorphic:
            raise malformed(f"TYPEOF needs a polymorphic relationship: {cases.path.text}",
                            cases.path.position)  # fmt: skip
        known = {sobject.name.lower(): (alias, sobject) for alias, sobject in node.tables}
        drafts = []
        for wanted, fields in cases.cases:
            if wanted.text.lower() not in known:
                raise no_such_type(wanted.text, wanted.position)
            drafts.append(self._case(Node(tables=(known[wanted.text.lower()],)), fields))
        if cases.otherwise:
            drafts.append(self._case(node, cases.otherwise))
        self._root.cases[self._relationship_name(self._root.node, parts[0])] = drafts

    def _case(self, node: Node, fields: Sequence[FieldPath]) -> _Draft:
        draft = self._draft(node)
        for path in fields:
            column = self._scope.column_of(node, path.text, path.position)
            draft.fields.append((column.field.name, self._place(column.sql), to_json(column.field)))
        return draft

    @staticmethod
    def _relationship_name(node: Node, relationship: str) -> str:
        for _, sobject in node.tables:
            found = sobject.parent_field(relationship)
            if found is not None and found.parent_name is not None:
                return found.parent_name
        return relationship

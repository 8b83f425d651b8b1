"""Find the fields that a statement names, joining parents as they are mentioned."""

from dataclasses import dataclass, field

from integrations.sandbox.salesforce.addresses import address_sql
from integrations.sandbox.salesforce.database import quoted
from integrations.sandbox.salesforce.errors import malformed, no_such_column, no_such_parent
from integrations.sandbox.salesforce.schema import Field, Schema, SObject
from integrations.sandbox.salesforce.soql.syntax import FieldPath

PARENT_LEVELS = 5
#: What any polymorphic parent can be asked for, whether or not its object has it.
NAME_FIELDS = frozenset(
    [
        "id",
        "name",
        "firstname",
        "lastname",
        "type",
        "email",
        "phone",
        "title",
        "username",
        "alias",
        "isactive",
        "profileid",
        "userroleid",
    ]
)
#: A name that may stand for several objects is itself an object called Name.
POLYMORPHIC = "Name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """The statement's object, or a parent of it: one table, or several when polymorphic."""

    tables: tuple[tuple[str, SObject], ...]
    levels: int = 0

    @property
    def is_polymorphic(self) -> bool:
        return len(self.tables) > 1

    @property
    def name(self) -> str:
        return POLYMORPHIC if self.is_polymorphic else self.tables[0][1].name

    @property
    def id_sql(self) -> str:
        return _first_of([f"{alias}.Id" for alias, _ in self.tables])

    @property
    def type_sql(self) -> str:
        """The API name of the object to which the id belongs."""
        cases = " ".join(
            f"WHEN {alias}.Id IS NOT NULL THEN '{sobject.name}'" for alias, sobject in self.tables
        )
        return f"CASE {cases} END"


def _first_of(expressions: list[str]) -> str:
    return expressions[0] if len(expressions) == 1 else f"COALESCE({', '.join(expressions)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A value that SQL can compute: a field, or a function of one."""

    sql: str
    field: Field
    #: What Salesforce calls it in refusals.
    entity: str


@dataclass(slots=True, kw_only=True)
class Scope:
    """The tables of one (sub)statement; its FROM clause grows as parents are resolved."""

    schema: Schema
    sobject: SObject
    alias: str | None
    #: Told apart from the tables of enclosing statements.
    prefix: str = "t"
    #: Further names of parents, in small letters, and the paths that lead there.
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _joins: list[str] = field(default_factory=list)
    _parents: dict[tuple[str, ...], Node] = field(default_factory=dict)

    @property
    def root(self) -> Node:
        return Node(tables=((f"{self.prefix}0", self.sobject),))

    @property
    def from_sql(self) -> str:
        return " ".join([f"{quoted(self.sobject.name)} AS {self.prefix}0", *self._joins])

    def own_parts(self, path: FieldPath) -> tuple[str, ...]:
        """The parts without a leading alias or name of the statement's own object."""
        parts = path.parts
        if parts[0].lower() in self.aliases:
            return (*self.aliases[parts[0].lower()], *parts[1:])
        own = {self.sobject.name.lower(), (self.alias or self.sobject.name).lower()}
        is_parent = self.sobject.parent_field(parts[0]) is not None
        if len(parts) > 1 and parts[0].lower() in own and not is_parent:
            return parts[1:]
        return parts

    def column(self, path: FieldPath) -> Column:
        """Raises SoqlError for a relationship or field that does not exist."""
        *relationships, name = self.own_parts(path)
        return self.column_of(self.node(tuple(relationships), path.position), name, path.position)

    def node(self, relationships: tuple[str, ...], position: int) -> Node:
        node = self.root
        for depth, relationship in enumerate(relationships, start=1):
            if depth > PARENT_LEVELS:
                raise malformed(
                    f"SOQL relationship path {'.'.join(relationships)} is longer than "
                    f"{PARENT_LEVELS} levels", position,
                )  # fmt: skip
            key = tuple(part.lower() for part in relationships[:depth])
            if key not in self._parents:
                self._parents[key] = self._join(node, relationship, position)
            node = self._parents[key]
        return node

    def _join(self, node: Node, relationship: str, position: int) -> Node:
        links = [
            (f"{alias}.{quoted(found.name)}", found)
            for alias, sobject in node.tables
            if (found := sobject.parent_field(relationship)) is not None
        ]
        targets = [
            target
            for name in (links[0][1].targets if links else ())
            if (target := self.schema.find(name)) is not None
        ]
        if not targets:
            raise no_such_parent(relationship, position)
        link = _first_of([sql for sql, _ in links])
        tables = []
        for target in targets:
            alias = f"{self.prefix}{len(self._joins) + 1}"
            self._joins.append(f"LEFT JOIN {quoted(target.name)} AS {alias} ON {alias}.Id = {link}")
            tables.append((alias, target))
        return Node(tables=tuple(tables), levels=node.levels + 1)

    def column_of(self, node: Node, name: str, position: int) -> Column:
        found = [
            (alias, match)
            for alias, sobject in node.tables
            if (match := sobject.field(name)) is not None
        ]
        if node.is_polymorphic and name.lower() == "type":
            type_field = Field(name="Type", kind="string")
            return Column(sql=node.type_sql, field=type_field, entity=POLYMORPHIC)
        if not found and node.is_polymorphic and name.lower() in NAME_FIELDS:
            return Column(sql="NULL", field=Field(name=name, kind="string"), entity=POLYMORPHIC)
        if not found or (node.is_polymorphic and name.lower() not in NAME_FIELDS):
            raise no_such_column(name, node.name, position)
        if found[0][1].kind == "address":
            sobjects = dict(node.tables)
            sql = _first_of([address_sql(alias, sobjects[alias], match) for alias, match in found])
            return Column(sql=sql, field=found[0][1], entity=node.name)
        sql = _first_of([f"{alias}.{quoted(match.column)}" for alias, match in found])
        return Column(sql=sql, field=found[0][1], entity=node.name)

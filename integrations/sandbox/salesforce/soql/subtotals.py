"""GROUP BY ROLLUP and CUBE, which SQLite does not know: one SELECT for each set of groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from integrations.sandbox.salesforce.soql.functions import GROUPING


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """The parts of an aggregate statement."""

    columns: Sequence[str]
    #: Each as the SQL of its value and what follows it, like ``DESC NULLS LAST``.
    orders: Sequence[tuple[str, str]]
    groups: Sequence[str]
    from_sql: str
    where: str
    having: str

    def sets(self, kind: str) -> list[tuple[str, ...]]:
        """The groups that stay groups, in each of the statement's SELECTs."""
        counts = range(len(self.groups), -1, -1)
        if kind == "ROLLUP":
            return [tuple(self.groups[:count]) for count in counts]
        return [each for count in counts for each in combinations(self.groups, count)]

    def sql(self, kind: str) -> str:
        selects = [self._select(kept) for kept in self.sets(kind)]
        names = ", ".join(f"c{place}" for place in range(len(self.columns)))
        order = ", ".join(f"o{place}{how}" for place, (_, how) in enumerate(self.orders))
        return f"SELECT {names} FROM ({' UNION ALL '.join(selects)})" + (  # noqa: S608 -- names come from the schema, values are parameters
            f" ORDER BY {order}" if order else ""
        )

    def _select(self, kept: Sequence[str]) -> str:
        columns = [f"{self._value(sql, kept)} AS c{n}" for n, sql in enumerate(self.columns)]
        columns += [f"{self._value(sql, kept)} AS o{n}" for n, (sql, _) in enumerate(self.orders)]
        grouping = f" GROUP BY {', '.join(kept)}" if kept else " GROUP BY NULL"
        return (
            f"SELECT {', '.join(columns)} FROM {self.from_sql}{self.where}{grouping}{self.having}"  # noqa: S608 -- names come from the schema, values are parameters
        )

    def _value(self, sql: str, kept: Sequence[str]) -> str:
        if sql.startswith(GROUPING):
            return str(int(sql.removeprefix(GROUPING) not in kept))
        return "NULL" if sql in self.groups and sql not in kept else sql

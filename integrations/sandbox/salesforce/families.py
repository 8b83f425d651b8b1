"""Records of a page, with the children that were asked for below them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, groupby, takewhile

from integrations.sandbox.salesforce.cursors import Cursors
from integrations.sandbox.salesforce.database import Database, Row
from integrations.sandbox.salesforce.soql.plans import Plan
from integrations.sandbox.salesforce.soql.shapes import ChildRows, Record, RecordShape
from integrations.sandbox.salesforce.values import Stored

#: The last columns of a child's row.
PARENT, PLACE, TOTAL = -3, -2, -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page of records needs beside its rows."""

    database: Database
    #: They keep the children that do not fit.
    cursors: Cursors
    #: The path of the API version.
    base: str
    #: Children of one parent that are shown at once.
    size: int
    now: datetime

    def records(self, shape: RecordShape, rows: Iterable[Row]) -> list[Record]:
        listed = list(rows)
        records = [shape.record(row, base=self.base) for row in listed]
        ids = [str(row[shape.id_place]) for row in listed]
        for children in shape.children if ids else ():
            found = self._families(children, ids)
            for record_id, record in zip(ids, records, strict=True):
                record[children.name] = found.get(record_id)
        return records

    def _families(self, children: ChildRows, ids: Sequence[str]) -> dict[str, Record]:
        """By parent id; parents without children are absent."""
        sql, parameters = _limited(children, ids)
        rows = self.database.rows(
            f"SELECT * FROM ({sql}) WHERE place <= ? ORDER BY parent, place",  # noqa: S608 -- names come from the schema, values are parameters
            [*parameters, self.size],
        )
        families = {
            str(parent): list(siblings)
            for parent, siblings in groupby(rows, key=lambda row: row[PARENT])
        }
        more = self._more(children, families)
        return {
            parent: {
                "totalSize": siblings[0][TOTAL],
                "done": parent not in more,
                **({"nextRecordsUrl": more[parent]} if parent in more else {}),
                "records": self.records(children.shape, siblings),
            }
            for parent, siblings in families.items()
        }

    def _more(
        self, children: ChildRows, families: Mapping[str, Sequence[Row]]
    ) -> Mapping[str, str]:
        """Where those are that did not fit, by parent; all of them wait in one place."""
        totals = {
            parent: int(siblings[0][TOTAL] or 0)
            for parent, siblings in sorted(families.items())
            if int(siblings[0][TOTAL] or 0) > len(siblings)
        }
        if not totals:
            return {}
        sql, parameters = _limited(children, list(totals))
        plan = Plan(
            sobject=children.sobject,
            sql=f"SELECT * FROM ({sql}) ORDER BY parent, place",  # noqa: S608 -- names come from the schema, values are parameters
            parameters=tuple(parameters),
            shape=children.shape,
            is_family=True,
        )
        key, _ = self.cursors.snapshot(plan, now=self.now)
        starts = accumulate(totals.values(), initial=0)
        return {
            parent: f"{self.base}/query/{key}-{start + len(families[parent])}"
            for parent, start in zip(totals, starts, strict=False)
        }


def of_one_family(rows: Sequence[Row]) -> list[Row]:
    """The first rows, as far as they have one parent."""
    return list(takewhile(lambda row: row[PARENT] == rows[0][PARENT], rows))


def _limited(children: ChildRows, ids: Sequence[str]) -> tuple[str, list[Stored]]:
    """Each parent's children from its OFFSET to its LIMIT, counted anew from one."""
    sql = children.sql.replace("{ids}", ", ".join("?" * len(ids)))
    if children.limit is None and not children.offset:
        return sql, [*ids, *children.parameters]
    columns = ", ".join(f"c{place}" for place in range(children.shape.width))
    limit = children.limit if children.limit is not None else 2**31
    wrapped = (
        f"SELECT {columns}, parent, place - {children.offset} AS place, "  # noqa: S608 -- names come from the schema, values are parameters
        f"MIN(total - {children.offset}, {limit}) AS total FROM ({sql}) "
        f"WHERE place > {children.offset} AND place <= {children.offset + limit}"
    )
    return wrapped, [*ids, *children.parameters]

"""A statement, ready to be carried out."""

from dataclasses import dataclass

from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.soql.shapes import PlacedField, RecordShape
from integrations.sandbox.salesforce.values import Stored


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
    #: Its rows are children, as ChildRows has them, those of one parent after those of another.
    is_family: bool = False

"""A metric file becomes a checked definition, or complaints with line numbers."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.documents import Document, check, check_fields, did_you_mean
from bot.domain.choices import STANDARD, Choices
from bot.domain.ids import MetricKey
from bot.domain.metric import Aggregate, Metric, Unit
from bot.metrics.expression import (
    ColumnTerm,
    ExpressionError,
    Literal,
    Operation,
    Term,
    columns_in,
    parse_expression,
)
from bot.metrics.fact_tables import FACT_TABLES, FactTable, Kind
from bot.metrics.metric_file import ExamplePart, FactsPart, MetricPart

ACTIVITIES = frozenset({"crm_task", "crm_event"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A checked metric file: the metric, and the facts it is made of."""

    metric: Metric
    table: FactTable
    day: str
    where: Term | None
    #: What is counted or summed; None counts rows.
    numerator: Term | None
    denominator: Term | None
    example: ExamplePart
    choices: Choices = STANDARD
    #: Changes whenever the meaning of the file does.
    file_version: str

    def under(self, choices: Choices) -> "Definition":
        """The same definition as a team counts; its version says so."""
        return replace(self, choices=choices)

    @property
    def version(self) -> str:
        """Changes with the file and with what is chosen; readings of another one are refilled."""
        if self.choices == STANDARD:
            return self.file_version
        text = f"{self.file_version} {self.choices!r}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def columns(self) -> frozenset[str]:
        terms = [term for term in (self.where, self.numerator, self.denominator) if term]
        return frozenset({self.day, *(name for term in terms for name in columns_in(term))})

    @property
    def adds_up_over_days(self) -> bool:
        """Whether its value is a sum over days, so that fewer days may bring less."""
        adds_up = {Aggregate.COUNT, Aggregate.SUM}
        return self.metric.aggregate in adds_up and not self.metric.is_state

    @property
    def hangs_on_activities(self) -> bool:
        """Whether any of its columns is told by tasks or meetings."""
        needed = (self.table.needs.get(name, self.table.rests_on) for name in self.columns)
        return any(table in ACTIVITIES for table, _ in needed)


def read_definition(document: Document, *, key: MetricKey) -> Definition | None:
    """A Definition, or None with every complaint in ``document.problems``."""
    # A mistake elsewhere in the file hides none in its expressions.
    whole = check(document, MetricPart)
    part = whole or check_fields(document, MetricPart, "facts", "aggregate", "unit")
    if part is None:
        return None
    table = FACT_TABLES.get(part.facts.table)
    if table is None:
        document.complain(
            ("facts", "from"),
            f"no fact table called '{part.facts.table}'",
            hint=did_you_mean(part.facts.table, FACT_TABLES),
        )
        return None
    reader = _FactsReader(document, part, table)
    where, numerator, denominator = reader.read()
    if whole is not None:
        _check_example(document, whole, table)
    if document.problems:
        return None
    return Definition(
        metric=_metric(key, part, table),
        table=table,
        day=part.facts.day,
        where=where,
        numerator=numerator,
        denominator=denominator,
        example=part.example,
        file_version=_version(part.facts, part.aggregate),
    )


#: Columns whose values app.yaml names: once these have left the picklist, nothing can be counted.
CALL_TYPES = ("crm_task", "type values")
#: E-mails that are captured and kept elsewhere are no records.
EMAILS = ("crm_task", "e-mail records")
QUALIFIED_STAGE = ("opportunity", "stage_name values")


def needs(definition: Definition) -> frozenset[tuple[str, str]]:
    """The (mirror table, column) pairs without which the metric is not available."""
    table = definition.table
    found = {table.needs[name] for name in definition.columns if name in table.needs}
    if table.name == "activity":
        kinds = set(_kinds_asked_for(definition.where))
        if kinds != {"meeting"}:
            found.add(("crm_task", "id"))
        if "call" in kinds:
            found.add(CALL_TYPES)
        if "email" in kinds:
            found.add(EMAILS)
        if not kinds or "meeting" in kinds:
            found.add(("crm_event", "id"))
    else:
        found.add(table.rests_on)
    if any("qualified" in name for name in (table.name, *definition.columns)):
        found.add(QUALIFIED_STAGE)
    return frozenset(found)


def _kinds_asked_for(term: Term | None) -> Iterator[str]:
    """The literals that the column ``kind`` is compared with."""
    if not isinstance(term, Operation):
        return
    is_about_kind = any(isinstance(each, ColumnTerm) and each.name == "kind" for each in term.terms)
    for each in term.terms:
        if is_about_kind and term.operator in {"=", "in"} and isinstance(each, Literal):
            yield str(each.value)
        yield from _kinds_asked_for(each)


class _FactsReader:
    def __init__(self, document: Document, part: MetricPart, table: FactTable) -> None:
        self._document = document
        self._part = part
        self._table = table

    def read(self) -> tuple[Term | None, Term | None, Term | None]:
        facts = self._part.facts
        if self._part.aggregate is not Aggregate.WAIT:
            self._refuse("happened", facts.happened)
        if facts.day not in self._table.day_columns:
            self._complain(
                "day",
                f"'{facts.day}' does not put a fact of {self._table.name} into a window",
                did_you_mean(facts.day, self._table.day_columns),
            )
        if facts.credit != "rep_id":
            self._complain("credit", "facts are credited to rep_id", "write `credit: rep_id`")
        where = self._expression("where", facts.where, {Kind.BOOLEAN})
        numbers = {Kind.NUMBER, Kind.MONEY}
        match self._part.aggregate:
            case Aggregate.RATIO:
                self._refuse("value", facts.value)
                top = self._expression(
                    "numerator", facts.numerator, numbers | {Kind.BOOLEAN}, required=True
                )
                bottom = self._expression(
                    "denominator", facts.denominator, numbers | {Kind.BOOLEAN}
                )
                self._check_ratio(top, bottom)
                return where, top, bottom
            case Aggregate.WAIT:
                self._refuse("numerator", facts.numerator)
                days = self._expression("value", facts.value, {Kind.NUMBER}, required=True)
                over = self._expression("happened", facts.happened, {Kind.BOOLEAN}, required=True)
                return where, days, over
            case Aggregate.COUNT:
                self._check_money(is_money=False)
                self._refuse("value", facts.value)
                self._refuse("numerator", facts.numerator)
                return where, None, None
            case _:
                self._refuse("numerator", facts.numerator)
                wanted = {Kind.MONEY} if self._part.unit is Unit.MONEY else {Kind.NUMBER}
                return where, self._expression("value", facts.value, wanted, required=True), None

    def _expression(
        self, key: str, text: str | None, kinds: set[Kind], *, required: bool = False
    ) -> Term | None:
        if text is None:
            if required:
                self._complain(key, f"'{key}' is missing", f"add `{key}:`")
            return None
        try:
            term = parse_expression(text, self._table.columns)
        except ExpressionError as error:
            self._complain(key, str(error), error.hint)
            return None
        if term.kind not in kinds:
            wanted = " or ".join(sorted(kinds))
            said = f"this is {term.kind or 'null'}, but {wanted} is needed"
            self._complain(key, said, _how_to_get(kinds))
            return None
        return term

    def _check_ratio(self, top: Term | None, bottom: Term | None) -> None:
        if top is not None and bottom is not None:
            self._check_money(is_money=top.kind is Kind.MONEY and bottom.kind is not Kind.MONEY)

    def _check_money(self, *, is_money: bool) -> None:
        """Money is kept in hundredths, so a unit that denies it would be off by that much."""
        unit = self._part.unit
        if is_money and unit is not Unit.MONEY:
            self._document.complain(("unit",), f"this is money, not {unit}", hint="`unit: money`")
        elif unit is Unit.MONEY and not is_money:
            self._document.complain(
                ("unit",), "this is no amount of money", hint="`unit: count`, or sum a money column"
            )

    def _refuse(self, key: str, text: str | None) -> None:
        if text is not None:
            aggregate = self._part.aggregate
            self._complain(key, f"a {aggregate} has no '{key}'", "remove it")

    def _complain(self, key: str, message: str, hint: str) -> None:
        self._document.complain(("facts", key), message, hint=hint)


def _how_to_get(kinds: set[Kind]) -> str:
    if kinds == {Kind.BOOLEAN}:
        return "write a condition, such as is_won or seconds > 60"
    return "name a column of that kind, or reckon with some"


def _check_example(document: Document, part: MetricPart, table: FactTable) -> None:
    for index, row in enumerate(part.example.facts):
        for name in row:
            if name not in table.columns:
                document.complain(
                    ("example", "facts", index, name),
                    f"no column called '{name}' in {table.name}",
                    hint=did_you_mean(name, table.columns),
                )
        if "rep_id" not in row or part.facts.day not in row:
            document.complain(
                ("example", "facts", index),
                f"an example fact needs rep_id and {part.facts.day}",
            )
    if not part.example.expect:
        document.complain(("example", "expect"), "the example expects nothing")


def _metric(key: MetricKey, part: MetricPart, table: FactTable) -> Metric:
    facts = part.facts
    return Metric(
        key=key,
        title=part.title,
        because=part.because,
        unit=part.unit,
        aggregate=part.aggregate,
        valence=part.better,
        timing=part.timing,
        min_facts=part.min_facts,
        guards_against=part.guards_against,
        guard=MetricKey(part.guard) if part.guard else None,
        date_rule=f"{facts.day}: {table.columns[facts.day].means}"
        if facts.day in table.columns
        else "",
        owner_rule=f"{facts.credit}: {table.columns['rep_id'].means}",
        value_rule=_value_rule(part),
        is_state=table.is_state,
        fact_table=table.name,
    )


def _value_rule(part: MetricPart) -> str:
    facts = part.facts
    only = f" where {facts.where}" if facts.where else ""
    match part.aggregate:
        case Aggregate.COUNT:
            return f"count of {facts.table}{only}"
        case Aggregate.WAIT:
            return (
                f"median of {facts.value} until {facts.happened}, over {facts.table}{only}, "
                "counting those still waiting (Kaplan-Meier)"
            )
        case Aggregate.RATIO:
            return f"sum of ({facts.numerator}) / sum of ({facts.denominator}), {facts.table}{only}"
        case _:
            return f"{part.aggregate} of {facts.value} over {facts.table}{only}"


def _version(facts: FactsPart, aggregate: Aggregate) -> str:
    meaning: Mapping[str, object] = {**facts.model_dump(), "aggregate": aggregate}
    text = json.dumps(meaning, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]

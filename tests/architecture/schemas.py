"""What a playbook may say, from the models that check it."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.choice_settings import DefinitionsPart
from bot.compensation.plan_parts import (
    ComponentPart,
    ObjectivePart,
    ObjectivesFile,
    PlanPart,
    TaskPart,
)
from bot.crm_settings import SalesforcePart
from bot.hiring.scorecard_file import CompetencyPart, ScorecardFile
from bot.metrics.fact_tables import FACT_TABLES
from bot.metrics.metric_file import MetricPart
from bot.onboarding.programme_file import MilestonePart, ProgrammePart
from bot.pay_settings import PayPart, PersonPayPart
from bot.playbook_files import RoleFile
from tests.architecture.tables import table

#: What stands for the keys where they are no metrics.
KEYS: Mapping[type[BaseModel], str] = {
    ComponentPart: "COMPONENT",
    TaskPart: "TASK",
    ObjectivePart: "OBJECTIVE",
    CompetencyPart: "COMPETENCY",
    MilestonePart: "MILESTONE",
}
WORDS: Mapping[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    date: "a day, such as 2026-03-09",
    list[float]: "two numbers",
    dict[str, str]: "TABLE.COLUMN: FIELD",
}


def metric_fields() -> str:
    """All but the example, whose shape the text explains."""
    return _fields(MetricPart, leave_out="example")


def role_fields() -> str:
    return _fields(RoleFile)


def scorecard_fields() -> str:
    return _fields(ScorecardFile)


def programme_fields() -> str:
    return _fields(ProgrammePart)


def definitions() -> str:
    return _fields(DefinitionsPart)


def plan_fields() -> str:
    return _fields(PlanPart)


def objective_fields() -> str:
    return _fields(ObjectivesFile)


def pay_settings() -> str:
    return _fields(PayPart)


def person_pay() -> str:
    return _fields(PersonPayPart)


def salesforce_settings() -> str:
    return _fields(SalesforcePart)


def fact_tables() -> str:
    return "\n\n".join(
        f"**`{each.name}`** - {each.because} Placed in a window by "
        f"{' or '.join(f'`{name}`' for name in each.day_columns)}.\n\n"
        + table(
            ("Column", "Kind", "Means"),
            ((f"`{name}`", column.kind, column.means) for name, column in each.columns.items()),
        )
        for each in FACT_TABLES.values()
    )


def _fields(model: type[BaseModel], *, leave_out: str = "") -> str:
    return table(("Field", "Says", "Takes", "If left out"), _rows(model, "", leave_out))


def _rows(
    model: type[BaseModel], path: str, leave_out: str = ""
) -> Iterator[tuple[str, str, str, str]]:
    for name, field in model.model_fields.items():
        if name == leave_out:
            continue
        here = f"{path}{field.alias or name}"
        inner, key = _model_in(field.annotation)
        if inner is not None:
            yield from _rows(inner, f"{here}.{key}." if key else f"{here}.")
        else:
            yield f"`{here}`", _says(here, field), _takes(field), _default(field)


def _says(here: str, field: FieldInfo) -> str:
    if not field.description:
        raise ValueError(f"{here} has no docstring that says what it is")
    return field.description


def _model_in(annotation: Any) -> tuple[type[BaseModel] | None, str]:
    """The model inside, and what stands for the keys where there are many."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ""
    for each in get_args(annotation):
        if isinstance(each, type) and issubclass(each, BaseModel):
            return each, KEYS.get(each, "METRIC") if get_origin(annotation) is dict else ""
    return None, ""


def _takes(field: FieldInfo) -> str:
    words = _type(field.annotation)
    limits = {type(each).__name__: each for each in field.metadata}
    for name, sign in (("Ge", "from"), ("Gt", "above"), ("Le", "to"), ("Lt", "below")):
        if name in limits:
            words += f" {sign} {getattr(limits[name], name.lower())}"
    if "MaxLen" in limits:
        most = limits["MaxLen"].max_length
        words += f", at most {most}{'' if words == 'a list' else ' characters'}"
    return words


def _type(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return " · ".join(map(str, get_args(annotation)))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " · ".join(member.value for member in annotation)
    if get_origin(annotation) is Annotated:
        return _type(get_args(annotation)[0])
    if get_origin(annotation) is dict:
        return "keys and values"
    if get_origin(annotation) in {Union, UnionType}:
        return _type(next(each for each in get_args(annotation) if each is not type(None)))
    return WORDS.get(annotation, "a list" if get_origin(annotation) is list else str(annotation))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default_factory is not None:
        return "none"
    if isinstance(field.default, list):
        return ", ".join(f"`{each}`" for each in field.default)
    return "-" if field.default in {None, ""} else f"`{field.default}`"

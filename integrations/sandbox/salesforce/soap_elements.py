"""Read what a SOAP request says, whatever prefixes its writer chose."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from integrations.sandbox.salesforce.errors import ApiError
from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.wire import Call

#: What an operation says, as elements, of what its body asks.
Operation = Callable[[Instance, Call, ET.Element, datetime], str]
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def name_of(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def texts(body: ET.Element, name: str) -> list[str]:
    return [each.text or "" for each in body if name_of(each) == name]


def text(body: ET.Element, name: str) -> str:
    return next(iter(texts(body, name)), "")


def field_values(record: ET.Element) -> Iterator[tuple[str, str | None]]:
    """The fields of a record; those named to be emptied have no value."""
    for field in record:
        if name_of(field) == "fieldsToNull":
            yield str(field.text), None
        elif name_of(field) != "type" and field.get(_NIL) != "true":
            yield name_of(field), field.text or None


def members(told: Mapping[str, Any]) -> str:
    """What REST says, as elements; members without a value are left out."""
    parts = []
    if "keyPrefix" in told:
        new = f"/{told['keyPrefix']}/e"
        urls = {"urlDetail": "/{ID}", "urlEdit": "/{ID}/e", "urlNew": new}
        parts += [f"<{name}>{url}</{name}>" for name, url in urls.items()]
    for name, value in told.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and name != "urls":
                parts.append(f"<{name}>{members(each)}</{name}>")
            elif each is not None and not isinstance(each, dict):
                shown = str(each).lower() if isinstance(each, bool) else str(each)
                parts.append(f"<{name}>{escape(shown)}</{name}>")
    return "".join(parts)


def errors(error: ApiError) -> str:
    fields = "".join(f"<fields>{escape(name)}</fields>" for name in error.fields or ())
    return (
        f"<errors>{fields}<message>{escape(error.message)}</message>"
        f"<statusCode>{error.code}</statusCode></errors>"
    )

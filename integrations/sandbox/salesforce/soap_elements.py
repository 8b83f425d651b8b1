"""Read what a SOAP request says, whatever prefixes its writer chose."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from integrations.sandbox.salesforce.errors import ApiError

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


def errors(error: ApiError) -> str:
    fields = "".join(f"<fields>{escape(name)}</fields>" for name in error.fields or ())
    return (
        f"<errors>{fields}<message>{escape(error.message)}</message>"
        f"<statusCode>{error.code}</statusCode></errors>"
    )

"""Holds a JSON value against a specification of the grammar and complains with pointers."""

import re
from collections.abc import Callable, Iterator

from integrations.sandbox.slack.blockkit.complaint import Complaint
from integrations.sandbox.slack.blockkit.grammar import Grammar
from integrations.sandbox.slack.state.values import Json

Complaints = Iterator[Complaint]


class Walk:
    """One check of one payload for one surface ("message", "modal" or "home")."""

    def __init__(self, grammar: Grammar, surface: str) -> None:
        self._grammar = grammar
        self._surface = surface
        self._checks: dict[str, Callable[[object, Json, str], Complaints]] = {
            "any": lambda _value, _spec, _pointer: iter(()),
            "string": self._string,
            "integer": self._number,
            "number": self._number,
            "boolean": self._boolean,
            "text": self._text,
            "list": self._list,
            "object": self._object,
            "one": self._one,
        }

    def check(self, value: object, spec: Json, pointer: str) -> Complaints:
        yield from self._checks[spec["is"]](value, spec, pointer)

    def check_shape(self, value: object, shape: Json, pointer: str) -> Complaints:
        """Keys known, required keys there, groups of keys as wanted, every value as specified."""
        if not isinstance(value, dict):
            yield wrong_type(pointer, "object")
            return
        for key in value:
            if key not in shape["keys"]:
                yield Complaint(
                    pointer=pointer,
                    message=f"invalid additional property: {key}",
                    code="additional_property",
                )
        yield from self._key_groups(value, shape, pointer)
        for key, spec in shape["keys"].items():
            if value.get(key) is not None:
                yield from self.check(value[key], spec, f"{pointer}/{key}")

    def _key_groups(self, value: Json, shape: Json, pointer: str) -> Complaints:
        for key in shape.get("required", ()):
            if value.get(key) is None:
                yield missing(pointer, key)
        for keys in shape.get("some_of", ()):
            if not any(value.get(key) is not None for key in keys):
                yield missing(pointer, keys[0])
        for keys in shape.get("just_one_of", ()):
            present = [key for key in keys if value.get(key) is not None]
            if not present:
                yield missing(pointer, keys[0])
            elif len(present) > 1:
                yield Complaint(
                    pointer=pointer, message=f"only one of {', '.join(keys)} may be provided"
                )

    def _string(self, value: object, spec: Json, pointer: str) -> Complaints:
        if not isinstance(value, str):
            yield wrong_type(pointer, "string")
            return
        yield from _length(value, spec, pointer)
        if "enum" in spec and value not in spec["enum"]:
            yield Complaint(
                pointer=pointer,
                message=f"must be a valid enum value: {', '.join(spec['enum'])}",
                constraint={"type": "enum", "expected": spec["enum"]},
            )
        if "pattern" in spec and not re.search(spec["pattern"], value):
            yield Complaint(
                pointer=pointer,
                message=f"must match the pattern {spec['pattern']}",
                constraint={"type": "pattern", "expected": spec["pattern"]},
            )

    def _number(self, value: object, spec: Json, pointer: str) -> Complaints:
        wanted: tuple[type, ...] = (int,) if spec["is"] == "integer" else (int, float)
        if isinstance(value, bool) or not isinstance(value, wanted):
            yield wrong_type(pointer, spec["is"])
            return
        number = float(str(value))
        for key, is_fine, words in (
            ("min", number >= spec.get("min", number), "greater than or equal to"),
            ("max", number <= spec.get("max", number), "less than or equal to"),
            ("above", number > spec.get("above", number - 1), "greater than"),
        ):
            if not is_fine:
                yield Complaint(
                    pointer=pointer,
                    message=f"must be {words} {spec[key]}",
                    constraint={"type": key, "expected": spec[key]},
                )

    def _boolean(self, value: object, _spec: Json, pointer: str) -> Complaints:
        if not isinstance(value, bool):
            yield wrong_type(pointer, "boolean")

    def _text(self, value: object, spec: Json, pointer: str) -> Complaints:
        if not isinstance(value, dict):
            yield wrong_type(pointer, "object")
            return
        kind = value.get("type")
        if kind not in spec["of"]:
            yield unsupported(f"{pointer}/type", kind, spec["of"])
            return
        shape = self._grammar.objects[str(kind)]
        # Words of nothing but spaces are too short, as if they were not there.
        limited = {**shape["keys"], "text": {**spec, "is": "string", "blank": False}}
        yield from self.check_shape(value, {**shape, "keys": limited}, pointer)

    def _list(self, value: object, spec: Json, pointer: str) -> Complaints:
        if not isinstance(value, list):
            yield wrong_type(pointer, "array")
            return
        if len(value) < spec.get("min", 0):
            yield Complaint(
                pointer=pointer,
                message=f"no less than {spec['min']} items allowed",
                constraint={"type": "min_items", "expected": spec["min"]},
            )
        if "max" in spec and len(value) > spec["max"]:
            yield Complaint(
                pointer=pointer,
                message=f"no more than {spec['max']} items allowed",
                constraint={"type": "max_items", "expected": spec["max"]},
            )
        for place, item in enumerate(value):
            yield from self.check(item, spec["of"], f"{pointer}/{place}")

    def _object(self, value: object, spec: Json, pointer: str) -> Complaints:
        if value is None and spec.get("null"):
            return
        yield from self.check_shape(value, self._grammar.objects[spec["shape"]], pointer)

    def _one(self, value: object, spec: Json, pointer: str) -> Complaints:
        if not isinstance(value, dict):
            yield wrong_type(pointer, "object")
            return
        kind = value.get("type")
        if kind not in spec["of"]:
            yield unsupported(f"{pointer}/type", kind, spec["of"])
            return
        surfaces = self._grammar.element_surfaces.get(str(kind))
        if surfaces is not None and self._surface not in surfaces:
            yield Complaint(
                pointer=f"{pointer}/type", message=f"{kind} is not supported in a {self._surface}"
            )
        shape = self._grammar.shape(spec.get("as", "") + str(kind))
        yield from self.check_shape(value, shape, pointer)


def _length(value: str, spec: Json, pointer: str) -> Complaints:
    written = value if spec.get("blank", True) else value.strip()
    if len(written) < spec.get("min", 0):
        yield Complaint(
            pointer=pointer,
            message=f"must be more than {spec['min'] - 1} characters",
            constraint={"type": "min_length", "expected": spec["min"]},
        )
    if "max" in spec and len(value) > spec["max"]:
        yield Complaint(
            pointer=pointer,
            message=f"must be less than {spec['max'] + 1} characters",
            constraint={"type": "max_length", "expected": spec["max"]},
        )


def wrong_type(pointer: str, wanted: str) -> Complaint:
    article = "an" if wanted[0] in "aeio" else "a"
    return Complaint(
        pointer=pointer,
        message=f"must provide {article} {wanted}",
        constraint={"type": "type", "expected": wanted},
    )


def missing(pointer: str, key: str) -> Complaint:
    return Complaint(
        pointer=pointer,
        message=f"missing required field: {key}",
        code="missing_required",
        constraint={"type": "required", "expected": key},
    )


def unsupported(pointer: str, kind: object, expected: list[str]) -> Complaint:
    return Complaint(
        pointer=pointer,
        message=f"unsupported type: {kind}",
        constraint={"type": "enum", "expected": expected},
    )

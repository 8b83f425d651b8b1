"""What the simulated Salesforce refuses, in Salesforce's own codes and words."""

APPEND_CUSTOM = (
    "If you are attempting to use a custom {kind}, be sure to append the '{suffix}' after the "
    "{what} name. Please reference your WSDL or the describe call for the appropriate names."
)


class ApiError(Exception):
    """A refusal that travels to the client as ``[{"message", "errorCode", "fields"?}]``."""

    def __init__(
        self, status: int, code: str, message: str, *, fields: tuple[str, ...] | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        #: None leaves the member out; an empty tuple sends ``"fields": []``.
        self.fields = fields

    def body(self) -> list[dict[str, object]]:
        entry: dict[str, object] = {"message": self.message, "errorCode": self.code}
        if self.fields is not None:
            entry["fields"] = list(self.fields)
        return [entry]


class WrongType(ApiError):
    """A value that its field cannot hold, as the REST API tells it."""

    def __init__(self, field: str, kind: str, token: str, value: object) -> None:
        super().__init__(
            400,
            "JSON_PARSER_ERROR",
            f"Cannot deserialize instance of {kind} from {token} value {value} or request may be "
            "missing a required field at [line:1, column:2]",
        )
        self.field = field
        self.value = value

    def of_record(self) -> ApiError:
        """As the Bulk APIs tell it of one row among others."""
        return ApiError(
            400,
            "INVALID_TYPE_ON_FIELD_IN_RECORD",
            f"{self.field}: value not of required type: {self.value}",
            fields=(self.field,),
        )


class SoqlError(ApiError):
    """A refused statement; ``position`` counts characters from its start, or is None."""

    def __init__(self, code: str, message: str, position: int | None = None) -> None:
        super().__init__(400, code, message)
        self.position = position

    def located(self, statement: str) -> "SoqlError":
        """The same refusal with the excerpt, caret, row and column that Salesforce prefixes."""
        if self.position is None:
            return self
        position = min(self.position, len(statement))
        row = statement.count("\n", 0, position) + 1
        line_start = statement.rfind("\n", 0, position) + 1
        line_end = statement.find("\n", position)
        line_end = len(statement) if line_end < 0 else line_end
        start = max(line_start, position - 35)
        if start > line_start and " " in statement[start:position]:
            start = statement.index(" ", start, position) + 1
        end = min(line_end, position + 35)
        excerpt, caret = statement[start:end], " " * (position - start) + "^"
        column = position - line_start + 1
        return SoqlError(
            self.code,
            f"\n{excerpt}\n{caret}\nERROR at Row:{row}:Column:{column}\n{self.message}",
        )


class BadExport(Exception):
    """A folder of CSV files that cannot be read; each problem names file, line and column."""

    #: More problems than this are only counted.
    SHOWN = 20

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        lines = list(problems[: self.SHOWN])
        if len(problems) > self.SHOWN:
            lines.append(f"... and {len(problems) - self.SHOWN} more problems")
        super().__init__("\n".join(lines))


def malformed(message: str, position: int | None = None) -> SoqlError:
    return SoqlError("MALFORMED_QUERY", message, position)


def no_such_column(name: str, entity: str, position: int | None = None) -> SoqlError:
    advice = APPEND_CUSTOM.format(kind="field", suffix="__c", what="custom field")
    return SoqlError(
        "INVALID_FIELD", f"No such column '{name}' on entity '{entity}'. {advice}", position
    )


def no_such_type(name: str, position: int | None = None) -> SoqlError:
    advice = APPEND_CUSTOM.format(kind="object", suffix="__c", what="entity")
    return SoqlError("INVALID_TYPE", f"sObject type '{name}' is not supported. {advice}", position)


def no_such_parent(name: str, position: int | None = None) -> SoqlError:
    advice = APPEND_CUSTOM.format(kind="relationship", suffix="__r", what="custom relationship")
    return SoqlError(
        "INVALID_FIELD",
        f"Didn't understand relationship '{name}' in field path. {advice}",
        position,
    )


def no_such_children(name: str, position: int | None = None) -> SoqlError:
    advice = APPEND_CUSTOM.format(kind="relationship", suffix="__r", what="custom relationship")
    return SoqlError(
        "INVALID_TYPE",
        f"Didn't understand relationship '{name}' in FROM part of query call. {advice}",
        position,
    )


def not_found(message: str = "The requested resource does not exist") -> ApiError:
    return ApiError(404, "NOT_FOUND", message)


def session_expired() -> ApiError:
    return ApiError(401, "INVALID_SESSION_ID", "Session expired or invalid")


def json_error(message: str) -> ApiError:
    return ApiError(400, "JSON_PARSER_ERROR", message)

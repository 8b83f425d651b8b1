"""Single records written to Salesforce, each request sent once, and its refusals in plain words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import requests
from simple_salesforce.exceptions import SalesforceError, SalesforceExpiredSession

from bot.domain.errors import OutcomeUnknown, TransientError, WriteRefused
from integrations.salesforce.crm_object import CrmObject, soql_instant
from integrations.salesforce.errors import (
    LACKING,
    NETWORK_HINT,
    NOT_FOUND,
    PASSING,
    SOON,
    error_code,
    translated,
)
from integrations.salesforce.org import SalesforceOrg
from integrations.salesforce.parsing import parse_text

#: Ours beyond the mirror's columns.
OTHER_FIELDS = {"note": "Description"}
GONE = NOT_FOUND | {"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"}
#: Refused although nothing is wrong with what was to be written.
NOT_OUR_FAULT = frozenset({"REQUEST_LIMIT_EXCEEDED"}) | PASSING
LONGEST_QUOTE = 500
PLAIN = {
    "REQUIRED_FIELD_MISSING": "Salesforce wants another field filled in first: {fields}.",
    "STRING_TOO_LONG": "the text is too long for {fields}.",
    "INVALID_FIELD_FOR_INSERT_UPDATE": "I may not change {fields}; an admin can allow it.",
    "INSUFFICIENT_ACCESS_OR_READONLY": "I may not change this record; an admin can allow it.",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "I may not see a record that this one names.",
    "TRANSFER_REQUIRES_READ": "you may not own this record there.",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "{fields} does not take that value.",
    "DUPLICATES_DETECTED": "Salesforce has one like it already.",
}


class SalesforceWriter:
    """The CrmWriter of ``bot.ports``. Raises CoachingErrors only."""

    def __init__(
        self,
        org: SalesforceOrg,
        objects: Mapping[str, CrmObject],
        *,
        redact: Callable[[str], str],
    ) -> None:
        self._org = org
        self._objects = objects
        self._redact = redact

    def read(
        self, table: str, record_id: str, columns: Sequence[str]
    ) -> Mapping[str, object] | None:
        crm_object = self._objects[table]
        parsers = {each.name: each.parse for each in crm_object.columns}
        parsers |= dict.fromkeys(OTHER_FIELDS, parse_text)
        fields = {column: self._field(table, column) for column in columns}
        path = f"sobjects/{crm_object.sobject}/{record_id}"
        wanted = {"fields": ",".join(fields.values())}
        with translated(self._redact):
            try:
                told: Mapping[str, Any] = self._org.call("GET", path, params=wanted).json()
            except SalesforceError as error:
                if error_code(error) in GONE:
                    return None
                ours = [column for column in columns if column not in OTHER_FIELDS]
                if error_code(error) in LACKING and len(ours) < len(columns):
                    # What is ours to change is there, and what we would add to is not.
                    return self.read(table, record_id, ours)
                raise
        return {column: parsers[column](told.get(field)) for column, field in fields.items()}

    def change(self, table: str, record_id: str, values: Mapping[str, str]) -> None:
        path = f"sobjects/{self._objects[table].sobject}/{record_id}"
        self._send("PATCH", path, self._body(table, values))

    def create(self, table: str, values: Mapping[str, str]) -> str:
        path = f"sobjects/{self._objects[table].sobject}"
        answer = self._send("POST", path, self._body(table, values))
        try:
            return str(answer.json()["id"])
        except (requests.JSONDecodeError, KeyError, TypeError) as error:
            raise _unknown() from error

    def find(self, table: str, values: Mapping[str, str], *, since: datetime) -> str | None:
        # Long texts cannot be asked for; the rest tells well enough.
        wanted = {name: text for name, text in values.items() if name not in OTHER_FIELDS}
        conditions = " AND ".join(
            f"{self._field(table, name)} = {_literal(text, is_day=name.endswith('_on'))}"
            for name, text in wanted.items()
        )
        statement = (
            f"SELECT Id FROM {self._objects[table].sobject} WHERE {conditions}"  # noqa: S608 -- values are quoted
            f" AND CreatedDate >= {soql_instant(since)}"
        )
        with translated(self._redact):
            records = self._org.query(statement, with_deleted=False).records
        return str(records[0]["Id"]) if records else None

    def _body(self, table: str, values: Mapping[str, str]) -> dict[str, str]:
        return {self._field(table, name): text for name, text in values.items()}

    def _field(self, table: str, column: str) -> str:
        fields = {each.name: each.field for each in self._objects[table].columns} | OTHER_FIELDS
        return fields[column]

    def _send(self, method: str, path: str, body: Mapping[str, str]) -> requests.Response:
        """Once: only a session that had ended is renewed, since then nothing was written."""
        with translated(self._redact):
            try:
                # Logging in may be tried again, so it comes first.
                self._org.salesforce()
                return self._org.call(method, path, json=body)
            except SalesforceExpiredSession:
                raise
            except SalesforceError as error:
                self._refuse(error)
                raise
            except requests.RequestException as error:
                raise _unknown() from error

    def _refuse(self, error: SalesforceError) -> None:
        """Raises WriteRefused, or what may pass; returns for what everybody translates alike."""
        code, status = error_code(error), int(error.status or 0)
        if status >= requests.codes.server_error and code not in PASSING:
            raise _unknown() from error
        if code in PASSING:
            raise TransientError("Salesforce is busy with that record", retry_after=SOON) from error
        if code not in NOT_OUR_FAULT:
            raise WriteRefused(self._redact(plain(error))) from error


def _unknown() -> OutcomeUnknown:
    said = "Salesforce did not say whether it was written"
    return OutcomeUnknown(said, retry_after=SOON, hint=NETWORK_HINT)


def plain(error: SalesforceError) -> str:
    """A refusal as a person can act on it; what admins wrote for it is passed on as it is."""
    content: object = error.content
    first = content[0] if isinstance(content, list) and content else content
    told: Mapping[str, Any] = first if isinstance(first, dict) else {}
    code, message = str(told.get("errorCode") or ""), str(told.get("message") or "")
    fields = ", ".join(map(str, told.get("fields") or ())) or "a field"
    if code in GONE:
        return "the record is no longer in Salesforce."
    if code in LACKING:
        return "I may not see the field that it goes into; an admin can allow it."
    if code in PLAIN:
        return PLAIN[code].format(fields=fields)
    return f"it says “{message[:LONGEST_QUOTE] or code or error.status}”."


def _literal(text: str, *, is_day: bool) -> str:
    if is_day:
        return text
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"

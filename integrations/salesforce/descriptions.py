"""What the org says of its objects, kept for a while, and what it says otherwise when asked."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog

from bot.domain.errors import CoachingError, MissingField, PermanentError
from bot.ports import CrmField
from integrations.salesforce.crm_object import CrmObject, Fitted
from integrations.salesforce.described import read_fields
from integrations.salesforce.errors import (
    LACKING,
    NO_ACCESS,
    NO_SUCH_VERSION,
    NOT_FOUND,
    error_code,
    translated,
)
from integrations.salesforce.org import SalesforceOrg
from integrations.salesforce.unusable import Unusable

#: How Salesforce names a field that it does not give us.
NO_SUCH_COLUMN = re.compile(r"No such column '(\w+)'")

_log = structlog.get_logger()


def _named(refusal: str, wanted: Collection[str]) -> str | None:
    """The field that is refused; the lines above the last one quote the whole statement."""
    said = NO_SUCH_COLUMN.search(refusal)
    if said is not None:
        return said[1] if said[1] in wanted else None
    last = refusal.strip().rpartition("\n")[2]
    return next((each for each in re.findall(r"\w+", last) if each in wanted), None)


class Descriptions:
    """By mirror table. Raises CoachingErrors only."""

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
        self._fitted: dict[str, Fitted] = {}
        self._fields: dict[str, Sequence[CrmField]] = {}
        self._unreplicated: set[str] = set()
        #: Table → fields that are described, and refused when they are asked for.
        self._refused: dict[str, set[str]] = {}
        self._unusable = {table: Unusable(each.sobject) for table, each in objects.items()}
        self._is_version_known = False

    def forget(self) -> None:
        """Fields come, go and are hidden: ask again."""
        self._fitted.clear()

    def fit(self, table: str) -> Fitted:
        if table not in self._fitted:
            self._fitted[table] = self._described(self._objects[table])
        return self._fitted[table]

    def fields(self, table: str) -> Sequence[CrmField]:
        self.fit(table)
        return self._fields[table]

    def is_unreplicated(self, table: str) -> bool:
        self.fit(table)
        return table in self._unreplicated

    def unusable(self, table: str) -> Unusable:
        return self._unusable[table]

    def fits_otherwise(self, table: str, refusal: MissingField) -> bool:
        """After a refusal: whether there is another way to ask for the object."""
        before = self._fitted.pop(table)
        if self.fit(table) != before:
            # A field was hidden since we described the object.
            return True
        wanted = {each.field: each for each in before.crm_object.columns}
        named = _named(refusal.message, wanted)
        if named is None or wanted[named].is_required:
            return False
        _log.warning("salesforce.field_refused", sobject=before.crm_object.sobject, field=named)
        self._refused.setdefault(table, set()).add(named)
        self._fitted.pop(table)
        return self.fit(table) != before

    def _described(self, crm_object: CrmObject) -> Fitted:
        table, described = crm_object.table, self._describe(crm_object)
        if described.get("replicateable") is False:
            self._unreplicated.add(table)
        fields = [each for each in described.get("fields") or () if isinstance(each, dict)]
        told = [each for each in fields if each.get("name") not in self._refused.get(table, ())]
        names = {str(each.get("name")) for each in told}
        calculated = {str(each.get("name")) for each in told if each.get("calculated")}
        fitted = crm_object.fitted(names, calculated)
        with_sink = replace(fitted.crm_object, unusable=self._unusable[table])
        self._fields[table] = read_fields(with_sink, told)
        if fitted.missing:
            _log.info(
                "salesforce.fields_missing", sobject=crm_object.sobject, columns=fitted.missing
            )
        return replace(fitted, crm_object=with_sink)

    def _describe(self, crm_object: CrmObject) -> Mapping[str, Any]:
        try:
            with translated(self._redact):
                return self._org.describe(crm_object.sobject)
        except CoachingError as failure:
            code = error_code(failure.__cause__)
            if code not in LACKING | NOT_FOUND | NO_ACCESS | NO_SUCH_VERSION:
                raise
        if crm_object.is_optional or self._is_version_known:
            return {}
        # Every org has the others: perhaps it speaks another version of the API.
        self._is_version_known = True
        with suppress(PermanentError), translated(self._redact):
            if self._org.follow_version():
                return self._describe(crm_object)
        return {}

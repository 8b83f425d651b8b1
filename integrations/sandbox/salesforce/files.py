"""What Salesforce works out of a file that is uploaded."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath

from integrations.sandbox.salesforce.instance import Instance
from integrations.sandbox.salesforce.schema import SObject
from integrations.sandbox.salesforce.values import Stored

_BASE64_CHARACTERS, _BYTES = 4, 3


def file_values(
    instance: Instance, sobject: SObject, values: Mapping[str, Stored], *, now: datetime
) -> dict[str, Stored]:
    """Fields that follow from the content; of a first version also the document that it is of."""
    if sobject.name == "Attachment":
        return {"BodyLength": _size(values.get("Body"))}
    if sobject.name != "ContentVersion":
        return {}
    path = PurePosixPath(str(values.get("PathOnClient") or "Untitled"))
    found: dict[str, Stored] = {
        "Title": values.get("Title") or path.stem,
        "FileExtension": path.suffix.lstrip(".") or None,
        "FileType": path.suffix.lstrip(".").upper() or "UNKNOWN",
        "ContentSize": _size(values.get("VersionData")),
        "VersionNumber": "1",
        "IsLatest": 1,
    }
    documents = instance.store.schema.find("ContentDocument")
    if values.get("ContentDocumentId") is None and documents is not None:
        document = instance.store.minter.mint(documents.prefix)
        kept = {field.name for field in documents.fields}
        instance.store.put(
            documents, document, {k: v for k, v in found.items() if k in kept}, at=now
        )
        found["ContentDocumentId"] = document
    return found


def _size(content: Stored) -> int:
    text = str(content or "")
    return len(text) // _BASE64_CHARACTERS * _BYTES - text[-2:].count("=")

"""What is not right with what the CRM gives us, in words, table by table."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from bot.storage.captured_email import find_captured_email
from bot.storage.cursors import CursorRow, read_cursors
from bot.storage.mirror import UNMAPPED
from bot.storage.version import remembered

#: Where app.yaml names the values of a column.
NAMED_IN: Mapping[tuple[str, str], str] = {
    ("crm_task", "type"): "`activities: call_types:`",
    ("opportunity", "stage_name"): "`organisation: qualified_stage:`",
    ("opportunity", "type"): "`definitions: types_left_out:`",
}


@dataclass(frozen=True, slots=True)
class CrmDoubt:
    table: str
    words: str
    hint: str = ""
    #: The same for people who have never seen app.yaml.
    plainly: str = ""


def expected_but_missing(table: str, missing: Iterable[str]) -> list[str]:
    """Missing columns without those that an org only has when app.yaml says where."""
    return [column for column in missing if (table, column) not in UNMAPPED]


def captured_email(session: Session) -> Iterator[CrmDoubt]:
    """That e-mails are no records of the CRM, unless app.yaml says that this is known."""
    found = find_captured_email(session)
    if found is None or found.is_said:
        return
    yield CrmDoubt(
        "crm_task",
        "people log calls and meetings but no e-mails, which are probably captured and kept"
        " elsewhere; what needs e-mails is not measured",
        "turn on “Sync Email as Salesforce Activity” in Setup, or say under `activities: emails:`"
        " in app.yaml that they are `recorded` or `captured`",
    )


def changed_in_crm(session: Session) -> tuple[str, ...]:
    """What was renamed or taken away there, in words for everybody."""
    return remembered(
        session,
        "changed in the CRM",
        lambda: tuple(
            f"Salesforce has changed: {doubt.plainly}; until an admin tells me what to read"
            " instead, what needs it is not measured and held against nobody"
            for cursor in read_cursors(session)
            for doubt in crm_doubts(cursor)
        ),
    )


def _plain(column: str) -> str:
    """The name of a column as people say it."""
    shorter = column.removesuffix("_cents").removesuffix("_id").removesuffix("_on")
    return shorter.replace("_", " ")


def crm_doubts(cursor: CursorRow) -> Iterator[CrmDoubt]:
    """Fields that were renamed and values that left their picklists, as of the last pull."""
    table = cursor.table_name
    for column, name in sorted(cursor.renamed.items()):
        yield CrmDoubt(
            table,
            f"the field behind {column} is gone, and {name} is new: it may have been renamed",
            f"if so, write `{table}.{column}: {name}` under `salesforce: fields:` in app.yaml",
            plainly=f"its field for “{_plain(column)}” is gone, or has another name now",
        )
    for column, values in sorted(cursor.lost_values.items()):
        told = ", ".join(f"'{value}'" for value in values)
        yield CrmDoubt(
            table,
            f"{told} can no longer be chosen for {column}, but app.yaml relies on it",
            f"write today's values under {NAMED_IN.get((table, column), 'the setting')} in"
            " app.yaml; until then what needs it is not measured",
            plainly=f"“{_plain(column)}” can no longer be {told}",
        )

"""A database that cannot do its work, in words and with what to do about it."""

import re
from collections.abc import Mapping

from sqlalchemy.exc import DatabaseError, OperationalError

OTHER_TABLES = (
    "another version of Pacesetter made this database, or somebody changed it;"
    " `pacesetter db check` says what is lacking, and a backup brings it back"
)
#: What a database says, as a pattern, and the remedy.
REMEDIES: Mapping[str, str] = {
    "disk is full": "make room on its disk and repeat it; nothing was done by half",
    "no space left": "make room on its disk and repeat it; nothing was done by half",
    "readonly database": "let the bot write to the database file and to the folder it lies in",
    "read-only": "let the bot write to the database",
    "database is locked": "another process writes to it for long; try again when that is done",
    "not a database": "DATABASE_URL names another kind of file, or restore a backup",
    "malformed": "restore a backup",
    r"no such (table|column)|has no column": OTHER_TABLES,
    r"(relation|column) .* does not exist": OTHER_TABLES,
    "unable to open": "DATABASE_URL names a file whose folder does not exist, or may not be read",
}
OTHERWISE = "see that it is up and can be reached, then try again"


def trouble_in(error: BaseException) -> tuple[str, str] | None:
    """What is wrong with the database and what helps; None for any other error."""
    if not isinstance(error, DatabaseError):
        return None
    said = (str(error.orig).strip().splitlines() or [type(error).__name__])[0]
    for words, remedy in REMEDIES.items():
        if re.search(words, said.lower()):
            return said, remedy
    return (said, OTHERWISE) if isinstance(error, OperationalError) else None

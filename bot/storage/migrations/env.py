"""What Alembic runs; ``bot.storage.migrate`` hands it the connection and its transaction."""

from typing import Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from bot.storage.columns import Instant


def render_item(kind: str, item: object, written: AutogenContext) -> str | Literal[False]:
    """How a migration writes what it must not import from us, or not word for one database only."""
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if isinstance(item, sa.JSON):
        written.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if kind == "server_default" and isinstance(item, sa.DefaultClause):
        # Left to Alembic, this would be SQLite's `1`, which PostgreSQL does not take for true.
        for word, meaning in (("sa.true()", sa.True_), ("sa.false()", sa.False_)):
            if isinstance(item.arg, meaning):
                return word
    return False


context.configure(
    connection=context.config.attributes["connection"],
    # Only who writes a migration looks at all tables as they are in the code.
    target_metadata=context.config.attributes.get("tables"),
    render_item=render_item,
    # SQLite changes a column by copying its table; on PostgreSQL this is a plain ALTER.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

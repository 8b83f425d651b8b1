"""The database: SQLite by default, PostgreSQL when you outgrow one machine."""

from sqlmodel import SQLModel

# SQLite gives a constraint no name of its own, and what has no name no migration can change.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

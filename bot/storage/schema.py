"""Every table of ours, imported in one place, so that migrations and tests see all of them."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from bot.storage import firings  # noqa: F401 - defines a table


def metadata() -> MetaData:
    return SQLModel.metadata

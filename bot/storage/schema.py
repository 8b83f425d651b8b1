"""Every table of ours, imported in one place, so that migrations and tests see all of them."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel


def metadata() -> MetaData:
    return SQLModel.metadata

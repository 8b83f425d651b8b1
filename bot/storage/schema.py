"""Every table of ours, found by looking, so that migrations and tests see all of them."""

import importlib
import pkgutil

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from bot import storage


def metadata() -> MetaData:
    for module in pkgutil.walk_packages(storage.__path__, prefix=f"{storage.__name__}."):
        importlib.import_module(module.name)
    return SQLModel.metadata

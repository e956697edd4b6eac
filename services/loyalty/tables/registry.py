"""The registry of this service's tables."""

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from kit.db import NAMING


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """The registry of this service alone."""

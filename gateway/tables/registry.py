"""The registry of the gateway's tables."""

from sqlalchemy import CheckConstraint, MetaData
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from kit.db import NAMING


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """A table of the gateway."""


def listed(column: str, *values: str) -> CheckConstraint:
    """A constraint, named after `column`, that only `values` may be in it."""
    each = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({each})", name=column)

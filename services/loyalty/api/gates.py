"""What is for some members alone: how callers write that, read it and change it."""

from typing import Annotated, Any, Self

from pydantic import Field

from kit.bodies import Answer, Key
from services.loyalty.rules.audience import GATES

Gates = Annotated[list[Key], Field(max_length=50)]
UNCHANGED: Any = None
"""Stands for a field that is left out; a null that is sent is a value, where one may be."""


class GatedAnswer(Answer):
    """Something as staff keep it: its fields, and its audience's gates as lists."""

    @classmethod
    def of(cls, kept: Any) -> Self:
        fields = {
            name: sorted(getattr(kept.audience, name)) if name in GATES else getattr(kept, name)
            for name in cls.model_fields
        }
        return cls.model_validate(fields)

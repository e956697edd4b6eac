"""Bodies of requests and answers, and the field types they share."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from annotated_types import MinLen
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kit.languages import LANGUAGES

BIGGEST = 2**53 - 1
"""The largest integer every client reads exactly (JavaScript's, RFC 8259 section 6)."""


MOST_ERRORS = 100
"""More are not listed: describing tens of thousands would keep everybody else waiting."""


class Body(BaseModel):
    """What a caller sends. Unknown fields are refused, so that a typo never passes silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="wrap")
    @classmethod
    def _list_some_errors(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(given)
        except ValidationError as error:
            if (count := error.error_count()) <= MOST_ERRORS:
                raise
            message = "{count} values here are not taken; is this the body that was meant?"
            raise PydanticCustomError("too_many_errors", message, {"count": count}) from None


class Answer(BaseModel):
    """What a caller gets."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""Anything PostgreSQL stores as text: all but the character NUL."""

Name = Annotated[Text, StringConstraints(min_length=1, max_length=120)]
LongText = Annotated[Text, StringConstraints(min_length=1, max_length=10_000)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


def _in_utc(moment: datetime) -> datetime:
    """Raises ValueError where the moment is in no year that can be written."""
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be in the years 1 to 9999 in UTC, too") from None
    return moment


Time = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Points = Annotated[int, Field(ge=1, le=10**9, strict=True)]


def _shipped(language: str) -> str:
    if language not in LANGUAGES:
        message = f"unknown language; the languages are {', '.join(LANGUAGES)}"
        raise ValueError(message)
    return language


LanguageTag = Annotated[str, AfterValidator(_shipped)]
Texts = Annotated[dict[LanguageTag, LongText], MinLen(1)]
"""A text by language."""

"""Bodies of requests and answers, and the field types they share."""

from collections.abc import Mapping
from typing import Annotated, Any

from annotated_types import MaxLen, MinLen
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from kit.languages import LANGUAGES

BIGGEST = 2**53 - 1
"""The largest integer every client reads exactly (JavaScript's, RFC 8259 section 6)."""


class Body(BaseModel):
    """What a caller sends. Unknown fields are refused, so that a typo never passes silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Answer(BaseModel):
    """What a caller gets."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""Anything PostgreSQL stores as text: all but the character NUL."""

Name = Annotated[Text, StringConstraints(min_length=1, max_length=120)]
LongText = Annotated[Text, StringConstraints(min_length=1, max_length=10_000)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Time = AwareDatetime
Amount = Annotated[int, Field(ge=0, le=BIGGEST, strict=True)]
Points = Annotated[int, Field(ge=1, le=10**9, strict=True)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


def _known_languages(texts: Mapping[str, str]) -> Mapping[str, str]:
    if unknown := sorted(set(texts) - set(LANGUAGES)):
        message = f"unknown language {unknown[0]!r}; the languages are {', '.join(LANGUAGES)}"
        raise ValueError(message)
    return texts


Texts = Annotated[dict[str, LongText], MinLen(1), MaxLen(8), AfterValidator(_known_languages)]
"""A text by language."""

Properties = Annotated[dict[str, Any], MaxLen(200)]

"""FAQ articles: their stages and sizes."""

from enum import StrEnum

TITLE_LIMIT = 200
BODY_LIMIT = 20_000
EXCERPT_LENGTH = 200
"""Characters of a body that lists show."""

QUESTION_LIMIT = 500
SUGGESTIONS = 3
"""Articles suggested to who opens a ticket: the right one is more often among three than first."""

NOISE = 0.2
"""Matches below this share of the best match's score are not shown."""


class Stage(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


def excerpt(body: str) -> str:
    """The beginning of an article, as lists show it."""
    return body if len(body) <= EXCERPT_LENGTH else body[: EXCERPT_LENGTH - 1].rstrip() + "…"

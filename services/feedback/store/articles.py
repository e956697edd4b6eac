"""Articles and the search among them.

An OR query finds every text that has any of the terms, so the document frequencies BM25 needs are
counted in what it found: there are no statistics to keep, and none to become stale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.feedback.rules.articles import NOISE, Stage
from services.feedback.rules.search import LENGTH_PENALTY, SATURATION, weighed_terms
from services.feedback.tables import Article, ArticleText

Texts = Mapping[str, tuple[str, str]]
"""Title and body by language."""


@dataclass(frozen=True, slots=True)
class Match:
    """A published article that answers a query, in the language it was found in."""

    article_id: UUID
    category: str
    language: str
    title: str
    body: str
    score: float


async def insert_article(session: AsyncSession, article: Article, texts: Texts) -> None:
    await session.execute(insert(Article).values(article.model_dump()))
    await session.execute(insert(ArticleText).values(_rows(article.article_id, texts)))


async def update_article(
    session: AsyncSession, article_id: UUID, changes: Mapping[str, Any], version: int | None = None
) -> Article | None:
    """Change the article and its version; nothing where it is absent or not at `version`."""
    statement = update(Article).where(col(Article.article_id) == article_id)
    if version is not None:
        statement = statement.where(col(Article.version) == version)
    changed = statement.values({**changes, "version": col(Article.version) + 1}).returning(Article)
    rows = await session.scalars(changed.execution_options(populate_existing=True))
    return rows.one_or_none()


async def replace_texts(session: AsyncSession, article_id: UUID, texts: Texts) -> None:
    await session.execute(delete(ArticleText).where(col(ArticleText.article_id) == article_id))
    await session.execute(insert(ArticleText).values(_rows(article_id, texts)))


async def article_of(session: AsyncSession, article_id: UUID) -> Article | None:
    return await session.get(Article, article_id)


async def texts_of(
    session: AsyncSession, article_ids: Sequence[UUID]
) -> dict[UUID, dict[str, ArticleText]]:
    """The texts of each article, by language."""
    statement = select(ArticleText).where(col(ArticleText.article_id).in_(article_ids))
    texts: dict[UUID, dict[str, ArticleText]] = {article_id: {} for article_id in article_ids}
    for row in await session.scalars(statement):
        texts[row.article_id][row.language] = row
    return texts


async def articles_after(
    session: AsyncSession,
    after: UUID | None,
    limit: int,
    *,
    stage: Stage | None = None,
    category: str | None = None,
) -> list[Article]:
    """Articles newest first, beginning behind `after`."""
    statement = select(Article).order_by(col(Article.article_id).desc()).limit(limit)
    if after is not None:
        statement = statement.where(col(Article.article_id) < after)
    if stage is not None:
        statement = statement.where(col(Article.stage) == stage)
    if category is not None:
        statement = statement.where(col(Article.category) == category)
    return list(await session.scalars(statement))


_SEARCH = text("""
    WITH corpus AS (
        SELECT language, count(*) AS texts, greatest(avg(length), 1) AS usual_length
        FROM article_texts JOIN articles USING (article_id) WHERE stage = 'published'
        GROUP BY language
    ), postings AS (
        SELECT article_id, language, length, category, cardinality(positions) AS frequency,
               count(*) OVER (PARTITION BY language, lexeme) AS documents
        FROM article_texts JOIN articles USING (article_id),
             unnest(terms) AS found (lexeme, positions, weights)
        WHERE stage = 'published'
          AND terms @@ CAST(:query AS tsquery) AND lexeme = ANY(CAST(:lexemes AS text[]))
    ), scores AS (
        SELECT article_id, language, category,
               sum(ln(1 + (texts - documents + 0.5) / (documents + 0.5))
                   * frequency * (:saturation + 1)
                   / (frequency + :saturation * (1 - :penalty + :penalty * length / usual_length))
               ) AS score
        FROM postings JOIN corpus USING (language)
        GROUP BY article_id, language, category
    ), best AS (
        SELECT DISTINCT ON (article_id) *, max(score) OVER () AS top
        FROM scores ORDER BY article_id, score DESC, language = :language DESC
    )
    SELECT article_id, category, language, title, body, CAST(score AS float8) AS score
    FROM best JOIN article_texts USING (article_id, language)
    WHERE score >= top * :noise ORDER BY score DESC, article_id LIMIT :limit
""")


async def articles_matching(
    session: AsyncSession, terms: Sequence[str], language: str, limit: int
) -> list[Match]:
    """Published articles with any of `terms`, best first by BM25; equals prefer `language`."""
    if not terms:
        return []
    values = {
        "query": " | ".join(_quoted(term) for term in terms),
        "lexemes": list(terms),
        "saturation": SATURATION,
        "penalty": LENGTH_PENALTY,
        "noise": NOISE,
        "language": language,
        "limit": limit,
    }
    return [Match(**row) for row in (await session.execute(_SEARCH, values)).mappings()]


def _rows(article_id: UUID, texts: Texts) -> list[dict[str, Any]]:
    return [_row(article_id, language, title, body) for language, (title, body) in texts.items()]


def _row(article_id: UUID, language: str, title: str, body: str) -> dict[str, Any]:
    weights = weighed_terms(title, body)
    return {
        "article_id": article_id,
        "language": language,
        "title": title,
        "body": body,
        "terms": " ".join(f"{_quoted(term)}:{_places(n)}" for term, n in weights.items()),
        "length": weights.total(),
    }


def _places(frequency: int) -> str:
    """As many positions as the term is frequent; PostgreSQL keeps 255 of them."""
    return ",".join(str(place) for place in range(1, min(frequency, 255) + 1))


def _quoted(term: str) -> str:
    """A lexeme in the text form of tsvector and tsquery."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"

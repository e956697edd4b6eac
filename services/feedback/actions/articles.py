"""Writing the FAQ, and finding answers in it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import uuid7
from kit.problems import NotFound, Stale
from services.feedback.rules.articles import Stage
from services.feedback.rules.search import query_terms_of
from services.feedback.store import articles as store
from services.feedback.store.articles import Match, Texts
from services.feedback.tables import Article


class ArticleNotFound(NotFound):
    code = "feedback.article_not_found"
    title = "No such article"

    def __init__(self, article_id: UUID) -> None:
        super().__init__(f"There is no article {article_id}.")


class ArticleChanged(Stale):
    code = "feedback.article_changed"
    title = "The article has changed"


async def write_article(
    session: AsyncSession, *, category: str, texts: Texts, author_id: str, now: datetime
) -> Article:
    """A new draft, which only staff see until it is published."""
    article = Article(
        article_id=uuid7(),
        category=category,
        stage=Stage.DRAFT,
        written_by=author_id,
        created_at=now,
        updated_at=now,
    )
    await store.insert_article(session, article, texts)
    return article


async def rewrite_article(
    session: AsyncSession,
    article_id: UUID,
    *,
    category: str,
    texts: Texts,
    version: int | None,
    now: datetime,
) -> Article:
    """Replace category and texts; a published article shows the new ones at once.

    Raises ArticleChanged where `version` is given and no longer the article's.
    """
    changed = await store.update_article(
        session, article_id, {"category": category, "updated_at": now}, version
    )
    if changed is None:
        await existing_article(session, article_id)
        raise ArticleChanged("Somebody else has edited the article; read it again.")
    await store.replace_texts(session, article_id, texts)
    return changed


async def publish_article(session: AsyncSession, article_id: UUID, now: datetime) -> Article:
    """Show the article to members. One that is published stays as it is."""
    article = await existing_article(session, article_id)
    if article.stage is Stage.PUBLISHED:
        return article
    published = {"stage": Stage.PUBLISHED, "published_at": now, "updated_at": now}
    return await store.update_article(session, article_id, published) or article


async def withdraw_article(session: AsyncSession, article_id: UUID, now: datetime) -> Article:
    """Make the article a draft again."""
    article = await existing_article(session, article_id)
    if article.stage is Stage.DRAFT:
        return article
    withdrawn = {"stage": Stage.DRAFT, "published_at": None, "updated_at": now}
    return await store.update_article(session, article_id, withdrawn) or article


async def find_answers(
    session: AsyncSession, question: str, language: str, limit: int
) -> list[Match]:
    """The published articles that fit `question` best; those in `language` first among equals."""
    return await store.articles_matching(session, query_terms_of(question), language, limit)


async def existing_article(session: AsyncSession, article_id: UUID) -> Article:
    if (article := await store.article_of(session, article_id)) is None:
        raise ArticleNotFound(article_id)
    return article

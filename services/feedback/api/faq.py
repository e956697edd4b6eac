"""The FAQ: anybody searches and reads what is published; staff write it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from annotated_types import MinLen
from fastapi import Depends, Query, Request, Response
from pydantic import StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.app import Router
from kit.auth import Caller, CurrentCaller, OptionalCaller, Role, requires
from kit.bodies import Answer, Body, Key, LanguageTag, Text
from kit.db import Tx
from kit.etags import SHARED, check_match, respond
from kit.languages import DEFAULT, Language
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.feedback.actions import articles as actions
from services.feedback.rules.articles import (
    BODY_LIMIT,
    QUESTION_LIMIT,
    TITLE_LIMIT,
    Stage,
    excerpt,
)
from services.feedback.store import articles as store
from services.feedback.store.articles import Match
from services.feedback.tables import Article, ArticleText

WRITE = "faq:write"

router = Router(prefix="/v1/faq", tags=["FAQ"])
writers = requires(Role.AGENT, Role.MARKETER, scope=WRITE)


class TextBody(Body):
    """An article in one language."""

    title: Annotated[Text, StringConstraints(min_length=1, max_length=TITLE_LIMIT)]
    body: Annotated[Text, StringConstraints(min_length=1, max_length=BODY_LIMIT)]


class ArticleBody(Body):
    """An article, with its text in one language or more."""

    category: Key = "general"
    texts: Annotated[dict[LanguageTag, TextBody], MinLen(1)]

    def parts(self) -> dict[str, tuple[str, str]]:
        return {language: (text.title, text.body) for language, text in self.texts.items()}


@dataclass(frozen=True, slots=True)
class Shown:
    """Which articles a list shows."""

    category: Annotated[str | None, Query(max_length=64)] = None
    stage: Stage | None = None


class SummaryAnswer(Answer):
    """An article as lists and suggestions show it."""

    article_id: UUID
    category: str
    language: str
    title: str
    excerpt: str

    @classmethod
    def of_match(cls, match: Match) -> Self:
        return cls(
            article_id=match.article_id,
            category=match.category,
            language=match.language,
            title=match.title,
            excerpt=excerpt(match.body),
        )

    @classmethod
    def of_text(cls, article: Article, text: ArticleText) -> Self:
        return cls(
            article_id=article.article_id,
            category=article.category,
            language=text.language,
            title=text.title,
            excerpt=excerpt(text.body),
        )


class TextAnswer(Answer):
    title: str
    body: str


class ArticleAnswer(Answer):
    """An article in the reader's language; `texts` has every language, for staff."""

    article_id: UUID
    category: str
    stage: Stage
    version: int
    language: str
    title: str
    body: str
    published_at: datetime | None
    updated_at: datetime
    texts: dict[str, TextAnswer] | None = None


@router.get("")
async def list_articles(  # noqa: PLR0913  (a query has as many parts)
    tx: Tx,
    response: Response,
    caller: OptionalCaller,
    language: Language,
    shown: Annotated[Shown, Depends()],
    *,
    q: Annotated[str | None, Query(max_length=QUESTION_LIMIT)] = None,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[SummaryAnswer]:
    """Search the published articles by a question in any language, or list them, newest first.

    Only staff see drafts; only they may filter by `stage`.
    """
    if not _writes(caller):
        response.headers["Cache-Control"] = SHARED
    if q is not None:
        matches = await actions.find_answers(tx, q, language, limit)
        return Page(items=[SummaryAnswer.of_match(match) for match in matches])
    after = decode_cursor(cursor, UUID)[0] if cursor else None
    stage = shown.stage if _writes(caller) else Stage.PUBLISHED
    rows = await store.articles_after(tx, after, limit + 1, stage=stage, category=shown.category)
    texts = await store.texts_of(tx, [row.article_id for row in rows])
    return page(
        rows,
        limit,
        lambda row: SummaryAnswer.of_text(row, _shown(texts[row.article_id], language)),
        lambda row: (row.article_id,),
    )


@router.get("/{article_id}", response_model=ArticleAnswer)
async def read_article(
    article_id: UUID, request: Request, tx: Tx, caller: OptionalCaller, language: Language
) -> Response:
    """A published article, or for staff any, in the language asked for or the nearest there is."""
    article = await actions.existing_article(tx, article_id)
    if article.stage is not Stage.PUBLISHED and not _writes(caller):
        raise actions.ArticleNotFound(article_id)
    answer = await _answer(tx, article, caller, language)
    return respond(request, answer, _tag(article, language), shared=not _writes(caller))


@router.post("", status_code=201, dependencies=[writers])
async def write_article(
    body: ArticleBody, tx: Tx, caller: CurrentCaller, language: Language
) -> ArticleAnswer:
    """A new draft."""
    article = await actions.write_article(
        tx,
        category=body.category,
        texts=body.parts(),
        author_id=caller.subject,
        now=clock.now(),
    )
    return await _answer(tx, article, caller, language)


@router.put("/{article_id}", dependencies=[writers])
async def rewrite_article(
    article_id: UUID,
    body: ArticleBody,
    request: Request,
    tx: Tx,
    caller: CurrentCaller,
    language: Language,
) -> ArticleAnswer:
    """Replace category and texts. `If-Match` with the ETag that was read refuses a stale edit."""
    present = await actions.existing_article(tx, article_id)
    check_match(request, _tag(present, language))
    article = await actions.rewrite_article(
        tx,
        article_id,
        category=body.category,
        texts=body.parts(),
        version=present.version,
        now=clock.now(),
    )
    return await _answer(tx, article, caller, language)


@router.post("/{article_id}/publish", dependencies=[writers])
async def publish_article(
    article_id: UUID, tx: Tx, caller: CurrentCaller, language: Language
) -> ArticleAnswer:
    """Show the article to members. Repeating it changes nothing."""
    article = await actions.publish_article(tx, article_id, clock.now())
    return await _answer(tx, article, caller, language)


@router.post("/{article_id}/withdraw", dependencies=[writers])
async def withdraw_article(
    article_id: UUID, tx: Tx, caller: CurrentCaller, language: Language
) -> ArticleAnswer:
    """Make the article a draft again. Repeating it changes nothing."""
    article = await actions.withdraw_article(tx, article_id, clock.now())
    return await _answer(tx, article, caller, language)


async def _answer(
    session: AsyncSession, article: Article, caller: Caller | None, language: str
) -> ArticleAnswer:
    texts = (await store.texts_of(session, [article.article_id]))[article.article_id]
    shown = _shown(texts, language)
    every = {tag: TextAnswer.model_validate(text) for tag, text in texts.items()}
    return ArticleAnswer(
        **article.model_dump(exclude={"written_by", "created_at"}),
        language=shown.language,
        title=shown.title,
        body=shown.body,
        texts=every if _writes(caller) else None,
    )


def _writes(caller: Caller | None) -> bool:
    """Whether the caller sees drafts and every language: staff, and backends that write the FAQ."""
    return caller is not None and (caller.is_staff or caller.may(scope=WRITE))


def _shown(texts: dict[str, ArticleText], language: str) -> ArticleText:
    return texts.get(language) or texts.get(DEFAULT) or next(iter(texts.values()))


def _tag(article: Article, language: str) -> str:
    return f"{article.version}-{language}"

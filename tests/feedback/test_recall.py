"""How often the right article is among the first found, on questions asked in members' own words.

`questions.json` has a question for each of the sample articles in each language. They were written
without looking for shared words; what fails is left in.
"""

from pathlib import Path

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.testing import Harness
from services.feedback.actions.articles import find_answers, publish_article, write_article

ARTICLES = orjson.loads(Path("services/feedback/samples/articles.json").read_bytes())
QUESTIONS = orjson.loads(Path("tests/feedback/questions.json").read_bytes())


async def publish_samples(session: AsyncSession) -> dict[object, str]:
    """Publish the sample articles; the name of each by its id."""
    names: dict[object, str] = {}
    for name, sample in ARTICLES.items():
        texts = {tag: (text["title"], text["body"]) for tag, text in sample["texts"].items()}
        article = await write_article(
            session, category=sample["category"], texts=texts, author_id="seed", now=clock.now()
        )
        await publish_article(session, article.article_id, clock.now())
        names[article.article_id] = name
    return names


def recall(ranks: dict[str, list[str]], most: int) -> float:
    return sum(name in found[:most] for name, found in ranks.items()) / len(ranks)


@pytest.mark.parametrize("language", ["en", "zh-CN", "ru"])
async def test_the_right_article_is_among_the_first_three(harness: Harness, language: str) -> None:
    questions = QUESTIONS[language]
    async with harness.transaction() as session:
        names = await publish_samples(session)
        ranks = {}
        for name, question in questions.items():
            matches = await find_answers(session, question, language, 3)
            ranks[name] = [names[match.article_id] for match in matches]
    assert len(questions) == len(names) >= 20
    assert recall(ranks, 3) >= 0.9
    assert recall(ranks, 1) >= 0.75

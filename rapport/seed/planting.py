"""Has the services' own actions live the lives, with the clock of each moment.

Nothing is written behind a service's back: what a service should know of another's doing, it hears
by event, as always. A life is told whole: told day by day, a member would fall silent, by today's
clock, between any two visits.
"""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions.accounts import Registration, register
from gateway.actions.staff import NewStaff, add_staff
from gateway.rules import Identifier, IdentifierKind
from gateway.store.accounts import credentials_of
from kit.auth import Role
from kit.db import Sessions, create_engine, create_sessions, is_passing, transaction
from kit.ids import uuid7
from rapport.parts import PARTS
from rapport.seed import words
from rapport.seed.lives import CURRENCY, DOMAIN, Life, Person, Purchase, Question
from services.feedback.actions.articles import publish_article, write_article
from services.feedback.actions.surveys import answer_survey
from services.feedback.actions.tickets import open_ticket, post_as_agent, resolve_ticket
from services.feedback.rules.tickets import Author, Channel, Draft, subject_of
from services.feedback.store.surveys import open_surveys
from services.loyalty.actions.checkins import AlreadyCheckedIn, check_in
from services.loyalty.rules.rewards import Reward
from services.loyalty.store import rewards
from services.profile.actions.orders import change_order, place_order
from services.profile.actions.tracking import take_in
from services.profile.rules.identities import Identity
from services.profile.rules.messages import Kind, Message
from services.profile.rules.orders import Order, Status

T = TypeVar("T")
Work = Callable[[AsyncSession], Awaitable[T]]
TRIES = 5


@dataclass(frozen=True, slots=True)
class Ground:
    """The databases of the parts, and who answers tickets."""

    sessions: dict[str, Sessions]
    agents: list[str]

    async def do(self, part: str, work: Work[T]) -> T:
        """Do `work` in a transaction of `part`, again when it met a service at work on the same."""
        for attempt in range(TRIES):
            try:
                async with transaction(self.sessions[part]) as session:
                    return await work(session)
            except Exception as error:
                if attempt == TRIES - 1 or not is_passing(error):
                    raise
        raise AssertionError


@contextlib.asynccontextmanager
async def ground() -> AsyncIterator[Ground]:
    """The databases, opened."""
    engines = {name: create_engine(part.settings()) for name, part in PARTS.items()}
    try:
        yield Ground({name: create_sessions(engine) for name, engine in engines.items()}, [])
    finally:
        for engine in engines.values():
            await engine.dispose()


async def is_planted(ground: Ground, person: Person) -> bool:
    """Whether this deployment has been seeded before."""
    identifier = Identifier(IdentifierKind.EMAIL, person.email)
    return await ground.do("gateway", partial(credentials_of, identifier=identifier)) is not None


async def plant_brand(ground: Ground, password_hash: str, opened_at: datetime) -> None:
    """The agents, the articles and the rewards."""

    async def agents(session: AsyncSession) -> list[str]:
        staff = [
            NewStaff(f"{key}@{DOMAIN}", name, Role.AGENT, password_hash)
            for key, name in words.AGENTS
        ]
        added = [await add_staff(session, None, new, opened_at) for new in staff]
        return [str(member.staff_id) for member in added]

    ground.agents.extend(await ground.do("gateway", agents))
    author_id = ground.agents[0]
    await ground.do("feedback", partial(write_articles, author_id=author_id, now=opened_at))
    await ground.do("loyalty", partial(add_rewards, now=opened_at))


async def write_articles(session: AsyncSession, author_id: str, now: datetime) -> None:
    """Write and publish the FAQ."""
    for category, texts in words.ARTICLES:
        article = await write_article(
            session, category=category, texts=texts, author_id=author_id, now=now
        )
        await publish_article(session, article.article_id, now)


async def add_rewards(session: AsyncSession, now: datetime) -> None:
    """Fill the catalogue."""
    for name, points, stock in words.REWARDS:
        reward = Reward(
            reward_id=uuid7(),
            name=name,
            description=name,
            points=points,
            stock=stock,
            member_limit=None,
            active=True,
        )
        await rewards.add(session, reward, now)


async def plant_life(ground: Ground, life: Life, password_hash: str) -> None:
    """All that a member did."""
    person = life.person
    agent_id = ground.agents[person.number % len(ground.agents)]
    await ground.do("gateway", partial(join, person=person, password_hash=password_hash))
    await ground.do("profile", partial(be_active, life=life))
    await ground.do("loyalty", partial(check_in_daily, life=life))
    for question in life.questions:
        told = partial(talk, person=person, question=question, agent_id=agent_id)
        await ground.do("feedback", told)


async def join(session: AsyncSession, person: Person, password_hash: str) -> None:
    """Register."""
    registration = Registration(
        identifiers=[Identifier(IdentifierKind.EMAIL, person.email)],
        password_hash=password_hash,
        language=person.language,
        display_name=person.name,
        channel=person.channel,
    )
    await register(session, registration, person.member_id, person.joined_at)


async def be_active(session: AsyncSession, life: Life) -> None:
    """Use the app, and buy."""
    messages = [
        Message(
            kind=Kind.TRACK,
            message_id=activity.message_id,
            subject=Identity.of_member(life.person.member_id),
            name=activity.name,
            properties=activity.properties,
            occurred_at=activity.at,
        )
        for activity in life.activities
    ]
    await take_in(session, messages, life.person.joined_at, trusted=True)
    for purchase in life.purchases:
        await buy(session, life.person, purchase)


async def buy(session: AsyncSession, person: Person, purchase: Purchase) -> None:
    """Report an order and what became of it."""
    order = Order(
        order_id=purchase.order_id,
        member_id=person.member_id,
        amount_minor=purchase.amount_minor,
        currency=CURRENCY,
        items=[
            {
                "sku": product.sku,
                "name": product.name,
                "category": product.category,
                "quantity": 1,
                "amount_minor": product.amount_minor,
            }
            for product in purchase.products
        ],
        channel="app",
        placed_at=purchase.at,
        changed_at=purchase.at,
    )
    await place_order(session, order, purchase.at)
    for status, at in purchase.changes:
        await change_order(
            session, order.order_id, Status(status), refunded_minor=None, changed_at=at, now=at
        )


async def check_in_daily(session: AsyncSession, life: Life) -> None:
    """Check in on the days on which the member did."""
    for at in life.checkins:
        with contextlib.suppress(AlreadyCheckedIn):
            await check_in(session, life.person.member_id, at)


async def talk(session: AsyncSession, person: Person, question: Question, agent_id: str) -> None:
    """A ticket from its question to its rating, as far as it came."""
    member_id = person.member_id
    asked = Draft(Author.MEMBER, str(member_id), question.client_msg_id, question.talk.question)
    subject = subject_of(asked.text)
    ticket = await open_ticket(
        session, member_id, asked, subject=subject, channel=Channel.APP, now=question.at
    )
    if question.replied_at is None:
        return
    reply = Draft(Author.AGENT, agent_id, uuid7(), question.talk.reply)
    await post_as_agent(session, ticket.ticket_id, reply, None, question.replied_at)
    if question.resolved_at is None:
        return
    await resolve_ticket(session, ticket.ticket_id, agent_id, question.resolved_at)
    if question.score is not None:
        await rate(session, person, question.score, question.resolved_at + timedelta(minutes=5))


async def rate(session: AsyncSession, person: Person, score: int, now: datetime) -> None:
    """Answer the survey of a resolved ticket."""
    member_id = person.member_id
    survey = (await open_surveys(session, member_id, now, None, 1))[0]
    comment = words.COMMENTS[score]
    await answer_survey(session, survey.survey_id, member_id, score=score, comment=comment, now=now)

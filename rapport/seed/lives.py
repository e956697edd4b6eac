"""What each member did in the last days. Pure and deterministic: values in, values out.

A member has one of four habits; a visit is a few activities and perhaps a check-in; some visits end
in an order, some in a question.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from rapport.seed import words
from rapport.seed.words import Product, Talk

T = TypeVar("T")
SEED = "coffee"
DOMAIN = "example.com"
CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class Habit:
    """How often a member comes, as shares of days and of visits."""

    visits: float
    orders: float
    questions: float
    stays: float = 1.0
    """The share of the days after joining on which the member still comes."""


HABITS = {
    Habit(visits=0.75, orders=0.14, questions=0.02): 12,
    Habit(visits=0.35, orders=0.12, questions=0.03): 36,
    Habit(visits=0.12, orders=0.10, questions=0.03): 32,
    Habit(visits=0.45, orders=0.08, questions=0.05, stays=0.4): 20,
}


CHECKINS_PER_VISIT = 0.7
RESOLVED = 0.9
RATED = 0.6
DELIVERED = (("paid", 0.1), ("shipped", 20), ("delivered", 60))
FATES = {DELIVERED: 90, (("cancelled", 2),): 5, (*DELIVERED, ("refunded", 120)): 5}
"""What becomes of orders, and after how many hours."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member."""

    member_id: UUID
    number: int
    name: str
    language: str
    channel: str
    joined_at: datetime

    @property
    def email(self) -> str:
        """What the member signs in by."""
        return f"member{self.number:03}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Activity:
    """Something a member did, as the app would track it."""

    message_id: str
    name: str
    properties: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order and when it reached which status."""

    order_id: str
    products: tuple[Product, ...]
    at: datetime
    changes: tuple[tuple[str, datetime], ...]

    @property
    def amount_minor(self) -> int:
        """What was paid."""
        return sum(product.amount_minor for product in self.products)


@dataclass(frozen=True, slots=True)
class Question:
    """A ticket; without `resolved_at` it is still open, without `score` the survey is."""

    client_msg_id: UUID
    talk: Talk
    at: datetime
    replied_at: datetime | None
    resolved_at: datetime | None
    score: int | None


@dataclass(slots=True)
class Life:
    """A member, and what the member did in order of time."""

    person: Person
    activities: list[Activity] = field(default_factory=list)
    checkins: list[datetime] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def lives_of_brand(members: int, days: int, today: date) -> list[Life]:
    """The lives of `members` in the last `days` days before `today`."""
    story = Story(Random(SEED), today - timedelta(days=days), days)  # noqa: S311 -- no secret
    return [story.life(number) for number in range(1, members + 1)]


class Story:
    """Writes lives of `days` days from `first` on."""

    def __init__(self, random: Random, first: date, days: int) -> None:
        self.random = random
        self.days = days
        self.begin = datetime.combine(first, time(1), UTC)
        self.end = datetime.combine(first + timedelta(days=days), time(), UTC)

    def life(self, number: int) -> Life:
        """One member's life."""
        joined = int(self.days * self.random.random() ** 1.6)
        habit = self._one_of(HABITS)
        life = Life(self._person(number, self._moment(joined)))
        last = joined + round((self.days - joined) * habit.stays)
        for day in range(joined, last):
            if day == joined or self.random.random() < habit.visits:
                at = max(self._moment(day), life.person.joined_at + timedelta(minutes=1))
                self._visit(life, habit, at)
        return life

    def _person(self, number: int, joined_at: datetime) -> Person:
        language = self._one_of(words.LANGUAGES)
        given = self.random.choice(words.GIVEN_NAMES[language])
        family = self.random.choice(words.FAMILY_NAMES[language])
        name = f"{family}{given}" if language == "zh-CN" else f"{given} {family}"
        channel = self._one_of(words.CHANNELS)
        return Person(self._id(joined_at), number, name, language, channel, joined_at)

    def _visit(self, life: Life, habit: Habit, at: datetime) -> None:
        seen = self.random.sample(words.PRODUCTS, self.random.randint(1, 4))
        self._track(life, "App Opened", {}, at)
        for minutes, product in enumerate(seen, 1):
            properties = {"product_id": product.sku, "category": product.category}
            self._track(life, "Product Viewed", properties, at + timedelta(minutes=minutes))
        if self.random.random() < CHECKINS_PER_VISIT:
            life.checkins.append(at)
        if self.random.random() < habit.orders:
            self._buy(life, tuple(seen[:2]), at + timedelta(minutes=9))
        if self.random.random() < habit.questions:
            self._ask(life, at + timedelta(minutes=12))

    def _track(self, life: Life, name: str, properties: Mapping[str, Any], at: datetime) -> None:
        life.activities.append(Activity(str(self._id(at)), name, properties, at))

    def _buy(self, life: Life, products: tuple[Product, ...], at: datetime) -> None:
        order_id = f"CS-{self._id(at).hex[-10:].upper()}"
        moments = [(status, at + timedelta(hours=hours)) for status, hours in self._one_of(FATES)]
        changes = tuple(change for change in moments if change[1] < self.end)
        life.purchases.append(Purchase(order_id, products, at, changes))
        self._track(life, "Order Completed", {"order_id": order_id}, at)

    def _ask(self, life: Life, at: datetime) -> None:
        talk = self.random.choice(words.TALKS[life.person.language])
        replied = self._if_past(at + timedelta(minutes=self.random.randint(6, 300)))
        is_resolved = replied and self.random.random() < RESOLVED
        hours = timedelta(hours=self.random.random() * 9)
        resolved = self._if_past(replied + hours) if replied and is_resolved else None
        score = self._one_of(words.SCORES) if resolved and self.random.random() < RATED else None
        life.questions.append(Question(self._id(at), talk, at, replied, resolved, score))

    def _if_past(self, moment: datetime) -> datetime | None:
        return moment if moment < self.end else None

    def _moment(self, day: int) -> datetime:
        """Some time of a day, early enough to be the same day in China."""
        return self.begin + timedelta(days=day, seconds=self.random.randint(0, 12 * 3600))

    def _one_of(self, weights: Mapping[T, int]) -> T:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def _id(self, at: datetime) -> UUID:
        """A UUIDv7 (RFC 9562) whose random bits come from the story."""
        milliseconds = int(at.timestamp() * 1000)
        bits = milliseconds << 80 | 7 << 76 | self.random.getrandbits(12) << 64
        return UUID(int=bits | 2 << 62 | self.random.getrandbits(62))

"""What each member did in the last days. Pure and deterministic: values in, values out.

A member has one of four habits; a visit is a few activities and perhaps a check-in; some visits end
in an order, some in a question.
"""

from collections.abc import Mapping, Sequence
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

    person: Person
    message_id: str
    name: str
    properties: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order and when it reached which status."""

    person: Person
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

    person: Person
    client_msg_id: UUID
    talk: Talk
    at: datetime
    replied_at: datetime | None
    resolved_at: datetime | None
    score: int | None


@dataclass(slots=True)
class Day:
    """What happened on one day."""

    joined: list[Person] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    checkins: list[tuple[Person, datetime]] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def days_of_brand(members: int, days: int, today: date) -> list[Day]:
    """The last `days` days before `today`, the oldest first."""
    random = Random(SEED)  # noqa: S311 -- a story, not a secret
    story = Story(random, [Day() for _ in range(days)], today - timedelta(days=days))
    for number in range(1, members + 1):
        story.live(number)
    return story.days


class Story:
    """Writes lives into days."""

    def __init__(self, random: Random, days: list[Day], first: date) -> None:
        self.random = random
        self.days = days
        self.first = first
        self.end = datetime.combine(first + timedelta(days=len(days)), time(), UTC)

    def live(self, number: int) -> None:
        """One member's life."""
        joined = int(len(self.days) * self.random.random() ** 1.6)
        habit = self._one_of(HABITS)
        person = self._person(number, self._moment(joined))
        self.days[joined].joined.append(person)
        last = joined + round((len(self.days) - joined) * habit.stays)
        for day in range(joined, last):
            if day == joined or self.random.random() < habit.visits:
                self._visit(person, habit, day)

    def _person(self, number: int, joined_at: datetime) -> Person:
        language = self._one_of(words.LANGUAGES)
        given = self.random.choice(words.GIVEN_NAMES[language])
        family = self.random.choice(words.FAMILY_NAMES[language])
        name = f"{family}{given}" if language == "zh-CN" else f"{given} {family}"
        channel = self._one_of(words.CHANNELS)
        return Person(self._id(joined_at), number, name, language, channel, joined_at)

    def _visit(self, person: Person, habit: Habit, day: int) -> None:
        at = max(self._moment(day), person.joined_at + timedelta(minutes=1))
        seen = self.random.sample(words.PRODUCTS, self.random.randint(1, 4))
        self._track(person, "App Opened", {}, at)
        for minutes, product in enumerate(seen, 1):
            properties = {"product_id": product.sku, "category": product.category}
            self._track(person, "Product Viewed", properties, at + timedelta(minutes=minutes))
        if self.random.random() < 0.7:  # noqa: PLR2004 -- of visits
            self.days[day].checkins.append((person, at))
        if self.random.random() < habit.orders:
            self._buy(person, day, tuple(seen[:2]), at + timedelta(minutes=9))
        if self.random.random() < habit.questions:
            self._ask(person, day, at + timedelta(minutes=12))

    def _track(
        self, person: Person, name: str, properties: Mapping[str, Any], at: datetime
    ) -> None:
        activity = Activity(person, str(self._id(at)), name, properties, at)
        self.days[(at.date() - self.first).days].activities.append(activity)

    def _buy(self, person: Person, day: int, products: tuple[Product, ...], at: datetime) -> None:
        fate = self.random.random()
        steps = [("paid", 0.1), ("shipped", 20), ("delivered", 60)]
        if fate < 0.05:  # noqa: PLR2004 -- of orders
            steps = [("cancelled", 2)]
        elif fate < 0.10:  # noqa: PLR2004 -- of orders
            steps.append(("refunded", 120))
        moments = [(status, at + timedelta(hours=hours)) for status, hours in steps]
        changes = tuple(change for change in moments if change[1] < self.end)
        order_id = f"CS-{self._id(at).hex[-10:].upper()}"
        self.days[day].purchases.append(Purchase(person, order_id, products, at, changes))
        self._track(person, "Order Completed", {"order_id": order_id}, at)

    def _ask(self, person: Person, day: int, at: datetime) -> None:
        talk = self.random.choice(words.TALKS[person.language])
        replied = self._before_end(at + timedelta(minutes=self.random.randint(6, 300)))
        resolved = replied and self._before_end(replied + timedelta(hours=self.random.random() * 9))
        if self.random.random() < 0.1:  # noqa: PLR2004 -- of tickets
            resolved = None
        rated = resolved and self.random.random() < 0.6  # noqa: PLR2004 -- of surveys
        score = self._one_of(words.SCORES) if rated else None
        question = Question(person, self._id(at), talk, at, replied, resolved, score)
        self.days[day].questions.append(question)

    def _before_end(self, moment: datetime) -> datetime | None:
        return moment if moment < self.end else None

    def _moment(self, day: int) -> datetime:
        """Some time of a day, early enough to be the same day in China."""
        begin = datetime.combine(self.first + timedelta(days=day), time(1), UTC)
        return begin + timedelta(seconds=self.random.randint(0, 12 * 3600))

    def _one_of(self, weights: Mapping[T, int]) -> T:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def _id(self, at: datetime) -> UUID:
        """A UUIDv7 (RFC 9562) whose random bits come from the story."""
        milliseconds = int(at.timestamp() * 1000)
        bits = milliseconds << 80 | 7 << 76 | self.random.getrandbits(12) << 64
        return UUID(int=bits | 2 << 62 | self.random.getrandbits(62))


def joined_of(days: Sequence[Day]) -> list[Person]:
    """Everybody who joined."""
    return [person for day in days for person in day.joined]

"""Draws: entering one, and letting everybody check it."""

import secrets
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.pages import sifted
from kit.problems import Conflict, NotFound
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.granting import check_prize, grant
from services.loyalty.actions.spending import spend
from services.loyalty.events import DrawWon
from services.loyalty.rules.book import Book
from services.loyalty.rules.draws import Draw, DrawPrize, commitment, prize_of, ticket
from services.loyalty.rules.earning import local_day
from services.loyalty.rules.ledger import Claim, Memo, PointType, Source, WalletKey
from services.loyalty.store import draws, persons
from services.loyalty.store.draws import Audited, Available, Position
from services.loyalty.tables import DrawEntry


class DrawNotFound(NotFound):
    code = "loyalty.draw_not_found"
    title = "No such draw"


class DrawNotOpen(Conflict):
    code = "loyalty.draw_not_open"
    title = "This draw is not open"


class NoEntriesLeft(Conflict):
    code = "loyalty.no_entries_left"
    title = "No entries left today"


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entry, the prize it won if any, and the points the member then has."""

    entry: DrawEntry
    prize: DrawPrize | None
    balance: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What it takes to check a draw; `seed` is None until it has closed."""

    draw: Draw
    seed: bytes | None
    entries: Sequence[Audited]


async def add_draw(session: AsyncSession, draw: Draw, now: datetime) -> Draw:
    """Make a draw with a new secret, whose commitment replaces the draw's. Raises BadPrize."""
    for prize in draw.prizes:
        await check_prize(session, prize.prize)
    seed = secrets.token_bytes(32)
    draw = replace(draw, commitment=commitment(seed))
    await draws.add(session, draw, seed, now)
    return draw


async def list_draws(
    session: AsyncSession,
    member_id: UUID,
    time_zone: str,
    now: datetime,
    *,
    limit: int,
    after: Position | None = None,
) -> list[Available]:
    """The draws going on that are for the member, beginning after a position."""
    person = await persons.person(member_id).of(session)
    day = local_day(now, time_zone)

    def read(behind: Position | None, most: int) -> Awaitable[Sequence[Available]]:
        return draws.available(session, member_id, day, now, most, behind)

    def admits(each: Available) -> bool:
        return each.draw.audience.admits(person)

    return await sifted(read, admits, position, after, limit)


def position(each: Available) -> Position:
    """Where a draw stands among those going on."""
    return each.draw.closes_at, each.draw.draw_id


async def enter_draw(
    session: AsyncSession, member_id: UUID, draw_id: UUID, key: UUID, now: datetime
) -> Drawn:
    """Pay for an entry, draw its ticket, and give what it wins; once for each `key`.

    Raises DrawNotFound, DrawNotOpen, NoEntriesLeft or InsufficientPoints. The number is taken
    last: everybody who enters the draw waits for its row.
    """
    draw = await known_draw(session, draw_id)
    sources = {Source("draw", f"{draw_id}:{member_id}:{key}")}
    book = await open_book(session, {member_id}, now, sources)
    if earlier := await draws.entry(session, draw_id, member_id, key):
        won = next((p for p in draw.prizes if p.key == earlier.prize), None)
        return Drawn(earlier, won, _balance(book, member_id))
    day = local_day(now, await persons.time_zone(session, member_id))
    if not draw.is_open(now):
        raise DrawNotOpen("This draw has not opened yet, or has closed.")
    if not draw.audience.admits(await persons.person(member_id).of(session)):
        raise _absent(draw_id)
    used = await draws.entries_on(session, draw_id, member_id, day)
    if draw.daily_entries is not None and used >= draw.daily_entries:
        raise NoEntriesLeft(f"You have {draw.daily_entries} entries a day; come back tomorrow.")
    [source] = sources
    if draw.entry_points:
        memo = Memo(claim=Claim(source, "draw", "spend"), at=now)
        await spend(session, book, WalletKey(member_id, PointType.POINTS), draw.entry_points, memo)
    number, seed = await draws.next_number(session, draw_id)
    drawn = ticket(seed, draw_id, number, key)
    prize = prize_of(drawn, draw.prizes)
    if prize is not None and not await draws.take_prize(session, draw_id, prize):
        prize = None
    made = DrawEntry(
        draw_id=draw_id,
        number=number,
        member_id=member_id,
        day=day,
        key=key,
        ticket=drawn,
        prize=prize.key if prize else None,
        drawn_at=now,
    )
    await draws.add_entry(session, made)
    said = []
    if prize is not None:
        await grant(session, book, member_id, prize.prize, source)
        said.append(_announcement(made, prize))
    await close_book(session, book, said=said)
    return Drawn(made, prize, _balance(book, member_id))


async def audit_draw(
    session: AsyncSession, draw_id: UUID, now: datetime, limit: int, after: int
) -> Audit:
    """All it takes to check a draw. Its seed is told once it has closed. Raises DrawNotFound."""
    draw = await known_draw(session, draw_id)
    seed = await draws.seed_of(session, draw_id) if draw.is_closed(now) else None
    return Audit(draw, seed, await draws.audit(session, draw_id, limit, after))


async def stop_draw(session: AsyncSession, draw_id: UUID) -> Draw:
    """Take no more entries. The seed is told when the draw would have closed, and not before."""
    await draws.stop(session, draw_id)
    return await known_draw(session, draw_id)


async def known_draw(session: AsyncSession, draw_id: UUID) -> Draw:
    """Raises DrawNotFound."""
    draw = await draws.draw(session, draw_id)
    if draw is None:
        raise _absent(draw_id)
    return draw


def _balance(book: Book, member_id: UUID) -> int:
    return book.wallet(WalletKey(member_id, PointType.POINTS)).available


def _absent(draw_id: UUID) -> DrawNotFound:
    return DrawNotFound(f"There is no draw {draw_id} for you.")


def _announcement(made: DrawEntry, prize: DrawPrize) -> DrawWon:
    return DrawWon(
        member_id=made.member_id,
        draw_id=made.draw_id,
        prize=prize.key,
        name=dict(prize.name),
        points=prize.prize.points,
        drawn_at=made.drawn_at,
    )

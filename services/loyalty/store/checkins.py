"""Check-ins, cards, and the keys phones sign with. The member's wallets are locked before."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.rows import inserting, updating
from services.loyalty import tables
from services.loyalty.rules.checkins import Card, Cards, CheckIn, CheckInKind, Terms

_COLUMNS = {Card.FREEZE: "freezes", Card.MAKEUP: "makeups"}

_ADD = inserting(tables.CheckIn, "member_id day streak recorded_at kind checked_at")
_WRITE_ANEW = inserting(
    tables.CheckIn,
    "member_id day streak recorded_at kind checked_at",
    rest="ON CONFLICT (member_id, day) DO UPDATE SET streak = excluded.streak,"
    " kind = excluded.kind, checked_at = excluded.checked_at",
)
_SET_STREAKS = updating(tables.CheckIn, "streak")

_BEFORE = text("""
    SELECT * FROM checkins WHERE member_id = :member_id AND day <= :day ORDER BY day DESC LIMIT 1
""")
_AFTER = text("""
    SELECT * FROM checkins WHERE member_id = :member_id AND day > :day ORDER BY day
""")
_BETWEEN = text("""
    SELECT * FROM checkins WHERE member_id = :member_id AND day BETWEEN :first AND :last
    ORDER BY day
""")

_KEEP_BEST = text("""
    INSERT INTO checkin_cards AS kept (member_id, best) VALUES (:member_id, :streak)
    ON CONFLICT (member_id) DO UPDATE SET best = greatest(kept.best, excluded.best)
""")


async def add(
    session: AsyncSession, member_id: UUID, made: Sequence[CheckIn], now: datetime
) -> None:
    """Write check-ins. The longest streak is kept beside them."""
    rows = [(member_id, item.day, item.streak, now, item.kind, item.at) for item in made]
    await _ADD.execute(session, rows)
    given = {"member_id": member_id, "streak": max(item.streak for item in made)}
    await session.execute(_KEEP_BEST, given)


async def set_streaks(session: AsyncSession, member_id: UUID, changed: Sequence[CheckIn]) -> None:
    """Give later check-ins the streak they have now that a day before them is there."""
    if changed:
        rows = [(member_id, item.day, item.streak) for item in changed]
        await _SET_STREAKS.execute(session, rows)
        given = {"member_id": member_id, "streak": max(item.streak for item in changed)}
        await session.execute(_KEEP_BEST, given)


async def before(session: AsyncSession, member_id: UUID, day: date) -> CheckIn | None:
    """The member's last check-in up to and including `day`."""
    row = (await session.execute(_BEFORE, {"member_id": member_id, "day": day})).first()
    return _checkin(row) if row else None


async def after(session: AsyncSession, member_id: UUID, day: date) -> list[CheckIn]:
    """The member's check-ins after `day`, in order: few, as no check-in comes very late."""
    rows = await session.execute(_AFTER, {"member_id": member_id, "day": day})
    return [_checkin(row) for row in rows]


async def between(session: AsyncSession, member_id: UUID, first: date, last: date) -> list[CheckIn]:
    given = {"member_id": member_id, "first": first, "last": last}
    return [_checkin(row) for row in await session.execute(_BETWEEN, given)]


async def cards(session: AsyncSession, member_id: UUID) -> Cards:
    statement = text("SELECT * FROM checkin_cards WHERE member_id = :member_id")
    row = (await session.execute(statement, {"member_id": member_id})).first()
    return Cards(freezes=row.freezes, makeups=row.makeups, best=row.best) if row else Cards()


async def add_cards(session: AsyncSession, member_id: UUID, card: Card, count: int) -> None:
    """Give a member cards, or take them when negative; the database refuses to take too many."""
    column = _COLUMNS[card]
    statement = text(f"""
        INSERT INTO checkin_cards AS kept (member_id, {column}) VALUES (:member_id, :count)
        ON CONFLICT (member_id) DO UPDATE SET {column} = kept.{column} + excluded.{column}
    """)  # noqa: S608  (the names above)
    if count < 0:
        statement = text(f"""
            UPDATE checkin_cards SET {column} = {column} + :count WHERE member_id = :member_id
        """)  # noqa: S608  (the names above)
    await session.execute(statement, {"member_id": member_id, "count": count})


async def terms(session: AsyncSession) -> Terms:
    row = (await session.execute(text("SELECT * FROM checkin_terms"))).one()
    return Terms(
        freeze_every=row.freeze_every,
        most_freezes=row.most_freezes,
        makeup_days=row.makeup_days,
        window_s=row.window_s,
    )


async def set_terms(session: AsyncSession, terms: Terms) -> None:
    statement = text("""
        UPDATE checkin_terms SET freeze_every = :freeze_every, most_freezes = :most_freezes,
            makeup_days = :makeup_days, window_s = :window_s
    """)
    given = {
        "freeze_every": terms.freeze_every,
        "most_freezes": terms.most_freezes,
        "makeup_days": terms.makeup_days,
        "window_s": terms.window_s,
    }
    await session.execute(statement, given)


async def add_key(session: AsyncSession, key: tables.CheckInKey, most: int) -> None:
    """Keep a key, and of the member's keys only the newest `most`."""
    await session.execute(insert(tables.CheckInKey).values(key.model_dump()))
    statement = text("""
        DELETE FROM checkin_keys WHERE member_id = :member_id AND key_id NOT IN (
            SELECT key_id FROM checkin_keys WHERE member_id = :member_id
            ORDER BY key_id DESC LIMIT :most)
    """)
    await session.execute(statement, {"member_id": key.member_id, "most": most})


async def key(
    session: AsyncSession, member_id: UUID, key_id: UUID
) -> tuple[bytes, datetime] | None:
    """The secret of a member's key, and when it was issued."""
    statement = text("""
        SELECT secret, issued_at FROM checkin_keys
        WHERE member_id = :member_id AND key_id = :key_id
    """)
    row = (await session.execute(statement, {"member_id": member_id, "key_id": key_id})).first()
    return (row.secret, row.issued_at) if row else None


async def all_of(session: AsyncSession, member_id: UUID) -> list[CheckIn]:
    """All check-ins of a member."""
    statement = text("SELECT * FROM checkins WHERE member_id = :member_id ORDER BY day")
    return [_checkin(row) for row in await session.execute(statement, {"member_id": member_id})]


async def write_anew(
    session: AsyncSession, member_id: UUID, checkins: Sequence[CheckIn], now: datetime
) -> None:
    """Let a member's check-ins be these; none of those there is left out."""
    rows = [(member_id, item.day, item.streak, now, item.kind, item.at) for item in checkins]
    await _WRITE_ANEW.execute(session, rows)
    if checkins:
        given = {"member_id": member_id, "streak": max(item.streak for item in checkins)}
        await session.execute(_KEEP_BEST, given)


async def give_cards(session: AsyncSession, absorbed: UUID, survivor: UUID) -> None:
    """Give a merged member's cards to the one who goes on."""
    given = {"absorbed": absorbed, "survivor": survivor}
    statement = text("""
        WITH gone AS (DELETE FROM checkin_cards WHERE member_id = :absorbed RETURNING *)
        INSERT INTO checkin_cards AS kept (member_id, freezes, makeups, best)
        SELECT :survivor, freezes, makeups, best FROM gone
        ON CONFLICT (member_id) DO UPDATE SET freezes = kept.freezes + excluded.freezes,
            makeups = kept.makeups + excluded.makeups, best = greatest(kept.best, excluded.best)
    """)
    await session.execute(statement, given)


def _checkin(row: Row[Any]) -> CheckIn:
    return CheckIn(row.day, row.streak, CheckInKind(row.kind), row.checked_at)

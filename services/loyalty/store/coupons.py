"""Coupons and their series. Locked in this order: wallets, discounts, uses, coupons by id.

Who writes a member's discounts or uses holds the member's wallet, so that these are waited for by
nobody. Coupons may be everybody's: they are locked last, and by FOR NO KEY UPDATE, as orders refer
to them. The stronger FOR UPDATE would wait for everybody who is about to use one, and they for us.

The SQL is put together from pieces of this file alone.
"""

# ruff: noqa: S608

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.gathering import Ask, Rows
from kit.rows import over
from services.loyalty import tables
from services.loyalty.rules.audience import Audience
from services.loyalty.rules.coupons import Coupon, Series, SeriesKind
from services.loyalty.rules.prizes import NOTHING, Prize
from services.loyalty.store.persons import SEGMENTS

_COLUMNS = [
    "series_id",
    "key",
    "name",
    "description",
    "kind",
    "amount_minor",
    "percent",
    "most_minor",
    "gift",
    "currency",
    "minimum_spend_minor",
    "priority",
    "stacking_group",
    "exclusive",
    "coupon_uses",
    "member_uses",
    "valid_from",
    "valid_until",
    "valid_days",
    "returns_with_order",
    "active",
]

_COUPON = """
    SELECT coupons.coupon_id, coupons.code, coupons.member_id, coupons.uses, coupons.most_uses,
        coupons.valid_until AS own_end, coupons.revoked_at, coupons.issued_at, series.*
    FROM coupons JOIN coupon_series AS series USING (series_id)
"""

_BY_CODES = text(f"{_COUPON} WHERE code = ANY(:codes)")

_BY_ID = text(f"{_COUPON} WHERE coupon_id = :coupon_id")

_WORKS = """
    (revoked_at IS NULL AND active AND (most_uses IS NULL OR uses < most_uses)
        AND (coupons.valid_until IS NULL OR coupons.valid_until > :now)
        AND (series.valid_until IS NULL OR series.valid_until > :now))
"""
"""Whether a coupon works, or will, on some order."""

_OWN = text(f"""
    {_COUPON} WHERE coupons.member_id = :member_id AND coupon_id < :before
        AND (CAST(:working AS boolean) IS NULL OR {_WORKS} = :working)
    ORDER BY coupon_id DESC LIMIT :limit
""")

_USABLE = text(f"""
    {_COUPON} WHERE coupons.member_id = :member_id AND {_WORKS}
        AND (segments = '{{}}' OR segments && {SEGMENTS})
    ORDER BY least(coupons.valid_until, series.valid_until), coupon_id LIMIT :limit
""")

_IN_SERIES = text(f"""
    {_COUPON} WHERE coupons.series_id = :series_id AND coupon_id < :before
    ORDER BY coupon_id DESC LIMIT :limit
""")

_ISSUE = text("""
    INSERT INTO coupons (coupon_id, series_id, code, member_id, most_uses, valid_until,
        issued_at, source)
    VALUES (:coupon_id, :series_id, :code, :member_id, :most_uses, :valid_until, :now, :source)
    ON CONFLICT DO NOTHING RETURNING 1
""")

_USE = text("""
    WITH chosen AS (
        SELECT coupon_id FROM coupons WHERE coupon_id = ANY(:coupon_ids)
        ORDER BY coupon_id FOR NO KEY UPDATE
    )
    UPDATE coupons SET uses = uses + 1 FROM chosen
    WHERE coupons.coupon_id = chosen.coupon_id AND revoked_at IS NULL
        AND (most_uses IS NULL OR uses < most_uses)
    RETURNING coupons.coupon_id
""")

_GIVE_BACK = over(
    tables.Coupon,
    "coupon_id uses",
    """
    WITH given AS MATERIALIZED (SELECT * FROM {given}), chosen AS (
        SELECT coupon_id FROM coupons WHERE coupon_id IN (SELECT coupon_id FROM given)
        ORDER BY coupon_id FOR NO KEY UPDATE
    )
    UPDATE coupons SET uses = coupons.uses - given.uses FROM chosen JOIN given USING (coupon_id)
    WHERE coupons.coupon_id = chosen.coupon_id
    """,
)

_COUNT_MEMBER = text("""
    INSERT INTO coupon_member_uses AS kept (series_id, member_id, uses, most)
    VALUES (:series_id, :member_id, 1, :most)
    ON CONFLICT (series_id, member_id) DO UPDATE SET uses = kept.uses + 1, most = excluded.most
    WHERE excluded.most IS NULL OR kept.uses < excluded.most
    RETURNING uses
""")

_UNCOUNT = over(
    tables.MemberUses,
    "member_id series_id uses",
    """
    UPDATE coupon_member_uses AS kept SET uses = kept.uses - given.uses FROM {given}
    WHERE kept.member_id = given.member_id AND kept.series_id = given.series_id
    """,
)

_REASSIGN = (
    text("UPDATE order_discounts SET member_id = :survivor WHERE member_id = :absorbed"),
    text("""
        WITH moved AS (
            DELETE FROM coupon_member_uses WHERE member_id = :absorbed RETURNING series_id, uses
        )
        INSERT INTO coupon_member_uses AS kept (series_id, member_id, uses)
        SELECT series_id, :survivor, uses FROM moved
        ON CONFLICT (series_id, member_id)
        DO UPDATE SET uses = kept.uses + excluded.uses, most = NULL
    """),
    text("""
        WITH chosen AS (
            SELECT coupon_id FROM coupons WHERE member_id = :absorbed
            ORDER BY coupon_id FOR NO KEY UPDATE
        )
        UPDATE coupons SET member_id = :survivor FROM chosen
        WHERE coupons.coupon_id = chosen.coupon_id
    """),
)

_LISTED = text("""
    SELECT * FROM coupon_series WHERE series_id < :before ORDER BY series_id DESC LIMIT :limit
""")

_ENDING = text(f"""
    WITH ending AS (
        UPDATE coupons SET reminded = true WHERE coupon_id IN (
            SELECT coupon_id FROM coupons
            WHERE member_id IS NOT NULL AND uses = 0 AND NOT reminded AND revoked_at IS NULL
                AND valid_until > :now AND valid_until <= :until
            ORDER BY valid_until LIMIT :limit FOR UPDATE SKIP LOCKED
        ) RETURNING coupon_id
    )
    {_COUPON} JOIN ending USING (coupon_id)
    WHERE series.active AND (series.valid_until IS NULL OR series.valid_until > :now)
""")

LAST = UUID(int=2**128 - 1)


class Kept(NamedTuple):
    """A coupon, and when it was issued."""

    coupon: Coupon
    issued_at: datetime


async def series(session: AsyncSession, series_id: UUID) -> Series | None:
    statement = text("SELECT * FROM coupon_series WHERE series_id = :series_id")
    row = (await session.execute(statement, {"series_id": series_id})).first()
    return series_of(row) if row else None


async def all_series(session: AsyncSession, limit: int, before: UUID | None) -> list[Series]:
    """The series, newest first, beginning before one."""
    rows = await session.execute(_LISTED, {"limit": limit, "before": before or LAST})
    return [series_of(row) for row in rows]


async def add_series(session: AsyncSession, series: Series, now: datetime) -> bool:
    """Write a series; False if another has its key."""
    values = {name: getattr(series, name) for name in _COLUMNS} | {
        "prize": None if series.prize.is_empty else series.prize.kept(),
        "tiers": sorted(series.audience.tiers),
        "segments": sorted(series.audience.segments),
    }
    statement = (
        insert(tables.CouponSeries)
        .values(**values, created_at=now, updated_at=now)
        .on_conflict_do_nothing()
        .returning(col(tables.CouponSeries.series_id))
    )
    return (await session.execute(statement)).first() is not None


async def change_series(
    session: AsyncSession, series_id: UUID, changes: Mapping[str, Any], now: datetime
) -> None:
    """Change columns of a series."""
    statement = (
        update(tables.CouponSeries)
        .where(col(tables.CouponSeries.series_id) == series_id)
        .values(**changes, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)


async def by_codes(session: AsyncSession, codes: Sequence[str]) -> list[Coupon]:
    rows = await session.execute(_BY_CODES, {"codes": list(codes)})
    return [_coupon(row) for row in rows]


async def coupon(session: AsyncSession, coupon_id: UUID) -> Kept | None:
    row = (await session.execute(_BY_ID, {"coupon_id": coupon_id})).first()
    return Kept(_coupon(row), row.issued_at) if row else None


async def own(
    session: AsyncSession,
    member_id: UUID,
    now: datetime,
    limit: int,
    before: UUID | None,
    *,
    working: bool | None = None,
) -> list[Kept]:
    """A member's coupons, newest first: all, those that work or will, or those that do no more."""
    given = {"member_id": member_id, "limit": limit, "before": before or LAST}
    given |= {"now": now, "working": working}
    return [Kept(_coupon(row), row.issued_at) for row in await session.execute(_OWN, given)]


async def in_series(
    session: AsyncSession, series_id: UUID, limit: int, before: UUID | None
) -> list[Kept]:
    """The coupons of a series, newest first, beginning before one."""
    given = {"series_id": series_id, "limit": limit, "before": before or LAST}
    return [Kept(_coupon(row), row.issued_at) for row in await session.execute(_IN_SERIES, given)]


def usable(member_id: UUID, now: datetime, limit: int) -> Ask[list[Coupon]]:
    """The coupons a member can use, those that end soonest first."""
    return Ask(_USABLE, {"member_id": member_id, "now": now, "limit": limit}, _coupons)


def _coupons(rows: Rows) -> list[Coupon]:
    return [_coupon(row) for row in rows]


async def ending(session: AsyncSession, now: datetime, until: datetime, limit: int) -> list[Coupon]:
    """Unused personal coupons that end by `until`, each found once."""
    given = {"now": now, "until": until, "limit": limit}
    return [_coupon(row) for row in await session.execute(_ENDING, given)]


async def issued_for(session: AsyncSession, source: str) -> Coupon | None:
    statement = text(f"{_COUPON} WHERE coupons.source = :source")
    row = (await session.execute(statement, {"source": source})).first()
    return _coupon(row) if row else None


async def issue(session: AsyncSession, coupon: Coupon, source: str | None, now: datetime) -> bool:
    """Write a coupon; False if its code is taken, or its source has one already."""
    row = await session.execute(
        _ISSUE,
        {
            "coupon_id": coupon.coupon_id,
            "series_id": coupon.series.series_id,
            "code": coupon.code,
            "member_id": coupon.member_id,
            "most_uses": coupon.most_uses,
            "valid_until": coupon.valid_until,
            "now": now,
            "source": source,
        },
    )
    return row.first() is not None


async def revoke(session: AsyncSession, coupon_id: UUID, now: datetime) -> None:
    """Let a coupon work no more. What it was used for stands."""
    statement = text("""
        UPDATE coupons SET revoked_at = coalesce(revoked_at, :now) WHERE coupon_id = :coupon_id
    """)
    await session.execute(statement, {"coupon_id": coupon_id, "now": now})


async def uses_by(
    session: AsyncSession, member_id: UUID, series_ids: Collection[UUID]
) -> dict[UUID, int]:
    """How often a member has used coupons of each series."""
    statement = text("""
        SELECT series_id, uses FROM coupon_member_uses
        WHERE member_id = :member_id AND series_id = ANY(:series_ids)
    """)
    given = {"member_id": member_id, "series_ids": list(series_ids)}
    return {row.series_id: row.uses for row in await session.execute(statement, given)}


async def count_for_member(session: AsyncSession, member_id: UUID, series: Series) -> int | None:
    """Count a use by a member, and say which it is; None when they may have no more."""
    given = {
        "series_id": series.series_id,
        "member_id": member_id,
        "most": series.member_uses,
    }
    row = (await session.execute(_COUNT_MEMBER, given)).first()
    return row.uses if row else None


async def uncount(session: AsyncSession, uses: Mapping[tuple[UUID, UUID], int]) -> None:
    """Let so many uses by each (member id, series id) not have been."""
    await _UNCOUNT.execute(session, [(*whose, times) for whose, times in uses.items()])


async def use(session: AsyncSession, coupon_ids: Collection[UUID]) -> set[UUID]:
    """Use coupons once more; those that could be. The rest of the transaction holds them."""
    rows = await session.execute(_USE, {"coupon_ids": list(coupon_ids)})
    return {row.coupon_id for row in rows}


async def give_back(session: AsyncSession, uses: Mapping[UUID, int]) -> None:
    """Let so many uses of each coupon not have been."""
    await _GIVE_BACK.execute(session, list(uses.items()))


async def reassign(session: AsyncSession, absorbed: UUID, survivor: UUID) -> None:
    """Let a merged member's coupons be those of the one who goes on, and their uses count there."""
    for statement in _REASSIGN:
        await session.execute(statement, {"absorbed": absorbed, "survivor": survivor})


def series_of(row: Row[Any]) -> Series:
    given = {name: getattr(row, name) for name in _COLUMNS}
    given["kind"] = SeriesKind(row.kind)
    prize = Prize.of(row.prize) if row.prize else NOTHING
    return Series(**given, prize=prize, audience=Audience.of(row))


def _coupon(row: Row[Any]) -> Coupon:
    return Coupon(
        coupon_id=row.coupon_id,
        code=row.code,
        series=series_of(row),
        member_id=row.member_id,
        uses=row.uses,
        most_uses=row.most_uses,
        valid_until=row.own_end,
        revoked=row.revoked_at is not None,
    )

"""Nobody finds codes by trying: after some wrong ones in an hour a member must wait.

Codes to claim and codes on orders count together, each wrong one once an hour, however often it is
sent. A wrong try is to be remembered, so what follows from it is answered, not raised.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import TooMany
from services.loyalty.rules.claims import free_again_at
from services.loyalty.store import wrong_codes
from services.loyalty.store.wrong_codes import Tries

REFUSED = Counter(
    "loyalty_codes_refused_total",
    "Codes that members could not claim, and codes for orders that nobody has.",
    ["reason"],
)


class TooManyWrongCodes(TooMany):
    code = "loyalty.too_many_wrong_codes"
    title = "Too many wrong codes"


async def refuse_guessing(session: AsyncSession, member_id: UUID, now: datetime) -> None:
    """Raise TooManyWrongCodes where a member has tried too many within an hour.

    Others that try codes as this member wait for the end of the transaction.
    """
    await wrong_codes.take_turn(session, member_id)
    tries = await wrong_codes.tried(session, member_id)
    if (until := free_again_at(tries.tried_at, tries.most, now)) is not None:
        raise _too_many(tries, until, now)


async def count_wrong(
    session: AsyncSession, member_id: UUID, codes: Collection[str], now: datetime
) -> TooManyWrongCodes | None:
    """Count codes that were none; what to answer if they were more than an hour may have."""
    if not codes:
        return None
    tries = await wrong_codes.note(session, member_id, codes, now)
    until = free_again_at(tries.tried_at, tries.most, now)
    if until is None or tries.most is None or len(tries.tried_at) <= tries.most:
        return None
    return _too_many(tries, until, now)


def _too_many(tries: Tries, until: datetime, now: datetime) -> TooManyWrongCodes:
    wait_s = max(1, int((until - now).total_seconds()) + 1)
    return TooManyWrongCodes(
        f"You have tried {tries.most} codes within an hour that were none for you; go on at"
        f" {until:%FT%TZ}.",
        headers={"Retry-After": str(wait_s)},
    )

"""Telling that members have their birthday."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from services.profile.events import MemberBirthday
from services.profile.rules.birthdays import GAP, birthdays_about, celebrated
from services.profile.store import birthdays as store

PORTION = 500


async def tell_birthdays(session: AsyncSession, now: datetime) -> bool:
    """Tell of the birthdays of members with accounts, once a year each.

    The others that are looked at have theirs tomorrow, where they live, or have had it.
    """
    after, month_days, told_after = UUID(int=0), birthdays_about(now), now - GAP
    while found := await store.having(session, month_days, told_after, after, PORTION):
        after = found[-1].id
        years = {who.id: celebrated(who.birthday, who.time_zone, now) for who in found}
        due = {member_id: year for member_id, year in years.items() if year is not None}
        told = await store.tell(session, due, told_after, now) if due else set()
        said = [MemberBirthday(member_id=who, year=due[who]) for who in sorted(told)]
        await outbox.publish(session, *said)
    return False

"""What happens at once to the same few members waits in no circle: all lock in one order."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.auth import Caller
from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, example, member, until
from services.loyalty.actions.bookkeeping import lock_wallets
from services.loyalty.store import orders, referrals
from tests.loyalty.members import changed, lives_in, placed, proved, reviewed, waits_for_a_lock
from tests.loyalty.programmes import programme, rule, run_programme
from tests.loyalty.test_missions import new_mission
from tests.loyalty.test_referrals import code_of

MISSION, SIGNED_IN = "loyalty.mission.completed", "gateway.session.started"
RULES = (
    rule("reviewing", trigger="activity.Product Reviewed"),
    rule("completing", trigger=MISSION),
    rule("signing-in", trigger=SIGNED_IN),
)

Telling = Callable[[Caller, str], Event]
"""What is told of a member, and of a referral code."""


def walked(caller: Caller, _: str) -> Event:
    heard = reviewed(caller)
    heard.data["activities"][0]["name"] = "Walk"
    return heard


def done(caller: Caller, _: str) -> Event:
    return example(f"{MISSION}.v1", member_id=caller.subject, mission_id=str(uuid7()))


def brought(caller: Caller, code: str) -> Event:
    return example("gateway.account.registered.v1", member_id=caller.subject, referral_code=code)


def signed_in(caller: Caller) -> Event:
    about = {"session_id": str(uuid7()), "device_id": "phone"}
    return example(f"{SIGNED_IN}.v1", member_id=caller.subject, **about)


@pytest.mark.parametrize(
    "tellings",
    [
        pytest.param([lambda c, _: reviewed(c), walked], id="one act pays and another counts"),
        pytest.param([done], id="missions that were completed pay"),
        pytest.param([brought, lambda c, _: lives_in(c, "UTC")], id="friends register"),
    ],
)
async def test_racing_batches_wait_in_no_circle(harness: Harness, tellings: list[Telling]) -> None:
    await run_programme(harness, programme(*RULES))
    await new_mission(harness, {"trigger": "activity.Walk", "target": 1})
    chance, code = random.Random(7), await code_of(harness, member())
    callers = [member() for _ in range(8)]

    async def batch() -> None:
        some = chance.sample(callers, 4)
        await harness.deliver(*(chance.choice(tellings)(caller, code) for caller in some))

    await asyncio.gather(*(batch() for _ in range(12)))
    await proved(harness)


@pytest.mark.parametrize(
    ("before", "meanwhile", "move"),
    [
        pytest.param(placed, lambda c: changed(c, "delivered"), orders.reassign, id="orders"),
        pytest.param(signed_in, signed_in, referrals.reassign, id="devices"),
    ],
)
async def test_who_waits_for_a_member_who_is_merged_holds_nothing_the_merge_moves(
    harness: Harness,
    before: Callable[[Caller], Event],
    meanwhile: Callable[[Caller], Event],
    move: Callable[[AsyncSession, UUID, UUID], Awaitable[None]],
) -> None:
    await run_programme(harness, programme(*RULES))
    guest, account = member(), member()
    await harness.deliver(before(guest), lives_in(account, "UTC"))
    async with harness.transaction() as session:
        await lock_wallets(session, {guest.member_id, account.member_id}, clock.now())
        late = asyncio.create_task(harness.deliver(meanwhile(guest)))
        await until(lambda: waits_for_a_lock(harness))
        await move(session, guest.member_id, account.member_id)
    await late
    await proved(harness)

"""What happens at once to the same few members waits in no circle: all lock in one order."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.auth import Caller
from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, example, member, until
from services.loyalty.actions.bookkeeping import lock_wallets
from services.loyalty.actions.coupons import (
    Checkout,
    CouponsMoving,
    CouponsRefused,
    use_coupons,
)
from services.loyalty.rules.coupons import Basket
from services.loyalty.store import codes, orders, referrals
from services.loyalty.tables import CodeLoad
from tests.loyalty.members import (
    changed,
    execute,
    lives_in,
    merged,
    new_reward,
    placed,
    proved,
    reviewed,
    waits_for_a_lock,
)
from tests.loyalty.programmes import programme, rule, run_programme
from tests.loyalty.promotions import new_code, new_series, own_coupon
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


def _order(caller: Caller, *codes: str, order_id: str | None = None) -> Checkout:
    basket = Basket(member_id=caller.member_id, amount_minor=12_000, currency="CNY")
    return Checkout(key=uuid7(), order_id=order_id or f"SO-{uuid7()}", basket=basket, codes=codes)


async def _use(harness: Harness, checkout: Checkout) -> None:
    """Unless the coupon is somebody else's by then."""
    with suppress(CouponsRefused):
        async with harness.transaction() as session:
            await use_coupons(session, checkout, clock.now())


@pytest.mark.parametrize("act", ["returns", "merges"])
async def test_who_uses_a_coupon_holds_nothing_that_who_moves_or_returns_it_waits_for(
    harness: Harness, act: str
) -> None:
    series_id = await new_series(harness, coupon_uses=None, returns_with_order=True)
    one, other = member(), member()
    known = [
        await new_code(harness, series_id, "SPRING10"),
        await own_coupon(harness, other, series_id),
    ]
    used = [
        _order(one, known[0], order_id="SO-1"),
        _order(other, known[0], order_id="SO-2"),
        _order(other, known[1], order_id="SO-3"),
    ]
    for checkout in used:
        await _use(harness, checkout)
    async with harness.transaction() as session:
        await session.execute(text("SELECT FROM coupons FOR NO KEY UPDATE"))
        returned = [changed(one, "cancelled", checkout.order_id) for checkout in used]
        told = {"returns": returned, "merges": [merged(other, member())]}
        first = asyncio.create_task(harness.deliver(*told[act]))
        await until(lambda: waits_for_a_lock(harness))
        wanted = {"returns": known[0], "merges": known[1]}[act]
        then = asyncio.create_task(_use(harness, _order(other, wanted)))
        await until(lambda: waits_for_a_lock(harness, 2))
    await asyncio.gather(first, then)
    await _proved_coupons(harness)


async def _proved_coupons(harness: Harness) -> None:
    """Coupons, members and orders tell of the same uses."""
    [(by_coupons, by_members, on_orders)] = await execute(
        harness,
        """
        SELECT (SELECT sum(uses) FROM coupons), (SELECT sum(uses) FROM coupon_member_uses), (
            SELECT count(*) FROM coupon_uses JOIN order_discounts USING (discount_id)
            WHERE rolled_back_at IS NULL)
        """,
    )
    assert by_coupons == by_members == on_orders


async def test_coupons_used_and_given_back_at_once_wait_in_no_circle(harness: Harness) -> None:
    """By members and guests who are being merged, erased or cancel several orders at a time."""
    series = [await new_series(harness, coupon_uses=None, returns_with_order=True) for _ in "ab"]
    everybodys = await new_code(harness, series[0], "SPRING10")
    chance, people, standing = random.Random(7), [member() for _ in range(5)], list[Checkout]()
    own = {caller: [await own_coupon(harness, caller, series[1])] for caller in people}

    async def use(caller: Caller) -> None:
        checkout = _order(caller, *chance.choice([[everybodys], own[caller]]))
        await _use(harness, checkout)
        standing.append(checkout)

    async def tell(*events: Event) -> None:
        with suppress(CouponsMoving):
            await harness.deliver(*events)

    def undone() -> list[Event]:
        some = chance.sample(standing, min(3, len(standing)))
        return [changed(member(), "cancelled", checkout.order_id) for checkout in some]

    async def act() -> None:
        guest, account = chance.sample(people, 2)
        backs = (tell(*undone()), tell(*undone()))
        await asyncio.gather(*map(use, people), *backs, tell(merged(guest, account)))

    await asyncio.gather(*(use(caller) for caller in people * 2))
    for _ in range(5):
        await act()
    await _proved_coupons(harness)
    await proved(harness)


@pytest.mark.parametrize("place", ["pool", "series"])
async def test_two_files_with_the_same_codes_wait_in_no_circle(
    harness: Harness, place: str
) -> None:
    """Whoever reads its codes from the end backwards writes them in the same order."""
    if place == "pool":
        reward_id = UUID(await new_reward(harness, kind="code", stock=None))
        load = CodeLoad(load_id=uuid7(), reward_id=reward_id)
    else:
        load = CodeLoad(load_id=uuid7(), series_id=UUID(await new_series(harness)))

    async def put(*found: str) -> int:
        async with harness.transaction() as session:
            return await codes.put(session, load, found, clock.now())

    async with harness.transaction() as session:
        await codes.put(session, load, ["B-2"], clock.now())
        first = asyncio.create_task(put("A-1", "B-2", "C-3"))
        await until(lambda: waits_for_a_lock(harness))
        then = asyncio.create_task(put("C-3", "A-1"))
        await until(lambda: waits_for_a_lock(harness, 2))
        await session.rollback()
    assert (await first, await then) == (3, 0)

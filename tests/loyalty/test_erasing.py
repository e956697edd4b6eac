"""A member who is erased: the ledger stays whole and says nothing of who they were."""

from datetime import timedelta
from uuid import UUID

import pytest

from kit import clock
from kit.auth import Caller
from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, admin, agent, example, member
from services.loyalty.events import MemberErased, PointsEarned
from services.loyalty.store import erasure as store
from tests.loyalty.members import (
    adjust,
    answered,
    changed,
    execute,
    lives_in,
    merged,
    new_reward,
    placed,
    post,
    proved,
    read,
    redeem,
    registered,
    reviewed,
    with_points,
)
from tests.loyalty.promotions import in_segment, new_series, own_coupon
from tests.loyalty.test_holds import held
from tests.loyalty.test_sharing import decide, household, much

KEPT = {
    "adjustments": "the decision; what it was for is blanked",
    "coupons": "that it was issued and used; revoked",
    "draw_entries": "a draw is proved by all its entries",
    "entries": "the ledger",
    "finance_members": "the books",
    "finance_stays": "who shared a wallet when, for the ledger",
    "holds": "the ledger; voided",
    "household_members": "who shared a wallet when, for the ledger",
    "lots": "the ledger",
    "members": "the id alone",
    "order_discounts": "the books",
    "orders": "the books",
    "payments": "the books",
    "redemptions": "the books; where it was sent to is forgotten",
    "wallets": "the ledger; empty",
}
"""Tables with a `member_id` whose rows stay, and as what."""


def erased(caller: Caller, *former: Caller) -> Event:
    former_ids = [one.subject for one in former]
    told = {"member_id": caller.subject, "former_ids": former_ids, "erasure_id": uuid7()}
    return example("profile.member.erased.v1", **told)


async def erase(harness: Harness, event: Event) -> None:
    await harness.deliver(event)
    await harness.erase()


async def balances(harness: Harness, *callers: Caller) -> list[tuple[int, ...]]:
    rows = await execute(
        harness,
        """
        SELECT available, pending, held, debt FROM wallets WHERE member_id = ANY(:ids)
        ORDER BY point_type DESC, array_position(CAST(:ids AS uuid[]), member_id)
        """,
        ids=[UUID(caller.subject) for caller in callers],
    )
    return [tuple(row) for row in rows]


async def test_what_is_taken_back_of_an_erased_member_is_nobodys(harness: Harness) -> None:
    mei = await with_points(harness, 100)
    gift = (await redeem(harness, mei, await new_reward(harness, kind="physical"))).json()
    await erase(harness, erased(mei))
    async with harness.client(agent()) as client:
        path = f"/v1/redemptions/{gift['redemption_id']}"
        answer = await client.patch(path, json={"fulfilment": "cancelled"})
    assert answer.status_code == 200, answer.text
    assert await balances(harness, mei) == [(0, 0, 0, 0)] * 2
    [row] = await execute(harness, "SELECT stock FROM rewards")
    assert row.stock == 5
    await proved(harness)


async def test_all_points_are_forfeited_and_the_ledger_stays_sound(harness: Harness) -> None:
    mei = await with_points(harness, 500)
    await adjust(harness, mei, points=2_000, point_type="growth")
    await harness.deliver(registered(mei), placed(mei))
    await held(harness, mei, 120)
    await erase(harness, erased(mei))
    assert await balances(harness, mei) == [(0, 0, 0, 0)] * 2
    assert await execute(harness, "SELECT 1 FROM holds WHERE state = 'open'") == []
    ends = "SELECT DISTINCT kind FROM entries WHERE reason = 'the account was closed'"
    assert {row.kind for row in await execute(harness, ends)} == {"expire", "void"}
    await proved(harness)


async def test_what_is_owed_is_let_go(harness: Harness) -> None:
    mei = await with_points(harness, 0)
    await harness.deliver(placed(mei), changed(mei, "delivered"))
    await execute(harness, "UPDATE lots SET due_at = NULL")
    spent = await adjust(harness, mei, points=-100)
    assert spent.status_code == 201, spent.text
    await harness.deliver(changed(mei, "refunded", refunded_minor=12_900))
    assert (await balances(harness, mei))[0][3] > 0
    await erase(harness, erased(mei))
    assert await balances(harness, mei) == [(0, 0, 0, 0)] * 2
    await proved(harness)


async def test_a_household_is_left_and_the_others_keep_theirs(harness: Harness) -> None:
    mei, ivan = await with_points(harness, 100), await with_points(harness, 50)
    shared = await household(harness, ivan, mei)
    await erase(harness, erased(mei))
    left = await read(harness, ivan, "/v1/households")
    assert left["points"] == 50
    assert await balances(harness, mei) == [(0, 0, 0, 0)] * 2
    await erase(harness, erased(ivan))
    (row,) = await execute(
        harness,
        "SELECT name, closed_at IS NOT NULL AS closed FROM households WHERE household_id = :id",
        id=UUID(shared["household_id"]),
    )
    assert (row.name, row.closed) == ("", True)
    await proved(harness)


async def test_nothing_tells_of_the_person(harness: Harness) -> None:
    mei, guest = await with_points(harness, 300), member()
    await harness.deliver(lives_in(mei, "Asia/Harbin", at="2026-03-01T09:00:00Z"))
    await harness.deliver(reviewed(guest, "seen-as-guest"), merged(guest, mei))
    await harness.deliver(reviewed(mei, "seen-by-mei"), answered(mei))
    await in_segment(harness, mei, "asks-about-fever")
    code = (await read(harness, mei, "/v1/referral"))["code"]
    await post(harness, mei, "/v1/checkins")
    series = await new_series(harness)
    await own_coupon(harness, mei, series)
    await adjust(harness, mei, points=50, reason="ill since May")
    await extended(harness, mei, reason="in hospital")
    await erase(harness, erased(mei, guest))
    words = ("seen-as-guest", "seen-by-mei", "asks-about-fever", "Harbin", code)
    assert await harness.traces(*words) <= {"entries"}  # ids the phone made, as claims
    assert await harness.traces("ill since", "in hospital", "Harbin", code) == set()
    assert await harness.traces(mei.subject, guest.subject) <= set(KEPT)
    assert await execute(harness, "SELECT 1 FROM coupons WHERE revoked_at IS NULL") == []
    (said,) = await harness.published(MemberErased)
    assert str(said.member_id) == mei.subject
    await proved(harness)


async def extended(harness: Harness, caller: Caller, reason: str) -> None:
    body = {"until": (clock.now() + timedelta(days=900)).isoformat(), "reason": reason}
    path = f"/v1/members/{caller.subject}/points/extensions"
    assert (await post(harness, admin(), path, body)).status_code == 201


async def test_what_was_written_in_a_household_goes_with_whom_it_was_about(
    harness: Harness,
) -> None:
    mei, ivan = await with_points(harness, 100), await with_points(harness, 50)
    await household(harness, ivan, mei)
    await adjust(harness, mei, points=5, reason="her mother died")
    await adjust(harness, ivan, points=5, reason="he fixed our sign")
    await erase(harness, erased(mei))
    assert await harness.traces("mother") == set()
    assert await harness.traces("our sign") == {"remarks"}
    await proved(harness)


async def test_every_table_of_members_is_judged(harness: Harness) -> None:
    columns = """
        SELECT table_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'member_id'
    """
    tables = {row.table_name for row in await execute(harness, columns)}
    assert tables == {*store.DELETED, *KEPT}, "say in store/erasure.py what becomes of its rows"


async def test_what_comes_late_pays_and_describes_nobody(harness: Harness) -> None:
    mei, guest = await with_points(harness, 10), member()
    await erase(harness, erased(mei, guest))
    paid = len(await harness.published(PointsEarned))
    late = [
        lives_in(mei, "Asia/Harbin", at="2027-01-01T00:00:00Z"),
        registered(mei),
        placed(mei),
        answered(guest),
        merged(guest, mei),
    ]
    await harness.deliver(*late, *late)
    assert len(await harness.published(PointsEarned)) == paid
    assert await harness.traces("Harbin") == set()
    assert await harness.traces(guest.subject) == set()
    refused = await adjust(harness, mei, points=10)
    assert (refused.status_code, refused.json()["code"]) == (404, "loyalty.member_not_found")


async def test_a_stranger_is_not_even_enrolled(harness: Harness) -> None:
    mei = member()
    await erase(harness, erased(mei))
    assert await harness.traces(mei.subject) == set()
    assert len(await harness.published(MemberErased)) == 1


@pytest.mark.parametrize("times", [2])
async def test_erased_twice_nothing_is_written_twice(harness: Harness, times: int) -> None:
    mei = await with_points(harness, 10)
    for _ in range(times):
        await erase(harness, erased(mei))
    entries = "SELECT 1 FROM entries WHERE kind = 'expire'"
    assert len(await execute(harness, entries)) == 1
    assert len(await harness.published(MemberErased)) == times
    await proved(harness)


async def test_an_adjustment_that_waits_is_not_made_any_more(harness: Harness) -> None:
    mei = await with_points(harness, 0)
    waiting = await much(harness, mei, admin())
    await erase(harness, erased(mei))
    assert (await decide(harness, admin(), waiting, "approvals")).status_code == 409
    assert await harness.traces("a lawsuit") == set()
    assert await balances(harness, mei) == [(0, 0, 0, 0)] * 2

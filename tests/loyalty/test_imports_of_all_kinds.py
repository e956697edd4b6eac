"""What members have beside points moves in too, and out again when its import is undone."""

from datetime import timedelta
from typing import Any

import pytest

from kit import clock
from kit.auth import Caller
from kit.testing import Harness, marketer
from services.loyalty.events import TierChanged
from tests.loyalty.importing import committed, errors, named, order
from tests.loyalty.members import execute, post, proved, read, wallet
from tests.loyalty.promotions import new_series
from tests.loyalty.test_tiers import run_tiers

TODAY = clock.now().date()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
IN_A_YEAR = (TODAY + timedelta(days=365)).isoformat()


async def in_periods(harness: Harness) -> None:
    """Let tiers be held for a year."""
    await run_tiers(harness, period_months=12)


async def test_a_tier_is_held_until_its_day(harness: Harness) -> None:
    await in_periods(harness)
    ann = await named(harness, "C-1")
    file = f"external_id,tier,valid_until,since\nC-1,gold,{IN_A_YEAR},2024-01-01\n"
    done = await committed(harness, "tiers", file)
    assert (done["accepted"], done["refused"]) == (1, 0)
    assert (await wallet(harness, ann))["tier"]["key"] == "gold"
    [held] = await execute(
        harness, "SELECT tier_since, tier_until FROM members WHERE tier = 'gold'"
    )
    days = held.tier_since.date().isoformat(), held.tier_until.date()
    assert days == ("2024-01-01", TODAY + timedelta(days=366))
    [said] = await harness.published(TierChanged)
    assert (said.tier, said.reason) == ("gold", "imported")
    await order(harness, done["import_id"], "reversals")
    assert (await wallet(harness, ann))["tier"]["key"] == "normal"
    await proved(harness)


async def test_tiers_that_follow_growth_points_cannot_be_given(harness: Harness) -> None:
    await named(harness, "C-1")
    done = await committed(harness, "tiers", "external_id,tier\nC-1,gold\nC-1,diamond\n")
    assert await errors(harness, done["import_id"]) == [
        (2, "tier", "follows_measure"),
        (3, "reference", "said_twice"),
    ]


async def test_a_tier_below_what_is_reached_here_is_refused(harness: Harness) -> None:
    await in_periods(harness)
    await named(harness, "C-1")
    await committed(harness, "balances", "external_id,point_type,points\nC-1,growth,900000\n")
    done = await committed(harness, "tiers", "external_id,tier\nC-1,normal\n")
    assert await errors(harness, done["import_id"]) == [(2, "tier", "below_measure")]


async def test_the_past_is_shown_and_counts_nowhere(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    done = await committed(
        harness,
        "history",
        "external_id,occurred_at,points,description\n"
        "C-1,2024-02-29,500,Order 17\n"
        "C-1,2024-03-01T12:00:00+08:00,-200,Кофе\n"
        f"C-1,{IN_A_YEAR},1,too early\n",
    )
    assert await errors(harness, done["import_id"]) == [(4, "occurred_at", "in_the_future")]
    page = await read(harness, ann, "/v1/points/earlier?limit=1")
    [newest] = page["items"]
    assert (newest["points"], newest["description"]) == (-200, "Кофе")
    rest = await read(harness, ann, f"/v1/points/earlier?cursor={page['next_cursor']}")
    assert [item["points"] for item in rest["items"]] == [500]
    assert (await wallet(harness, ann))["points"] == 0
    await order(harness, done["import_id"], "reversals")
    assert (await read(harness, ann, "/v1/points/earlier"))["items"] == []


async def test_coupons_that_are_out_go_on(harness: Harness) -> None:
    ann, series = await named(harness, "C-1"), await new_series(harness)
    done = await committed(
        harness,
        "coupons",
        "external_id,series_id,code,valid_until\n"
        f"C-1,{series},old-one,{IN_A_YEAR}\n"
        f",{series},OLD-FOR-ALL,\n"
        f"C-1,{series},OLD-ONE,2020-01-01\n"
        f"C-1,x,OLD-TWO,\n"
        f",{series},OLD-3,2099-01-01\n",
    )
    assert done["accepted"] == 2
    assert [row[1:] for row in await errors(harness, done["import_id"])] == [
        ("reference", "said_twice"),
        ("series_id", "uuid_parsing"),
        (None, "value_error"),
    ]
    mine = await read(harness, ann, "/v1/coupons")
    assert [coupon["code"] for coupon in mine["items"]] == ["OLD-ONE"]
    await order(harness, done["import_id"], "reversals")
    assert await execute(harness, "SELECT 1 FROM coupons") == []


async def test_a_coupon_somebody_used_stays_when_its_import_is_undone(harness: Harness) -> None:
    await named(harness, "C-1")
    series = await new_series(harness)
    file = f"external_id,series_id,code\nC-1,{series},OLD-ONE\nC-1,{series},OLD-TWO\n"
    done = await committed(harness, "coupons", file)
    await execute(harness, "UPDATE coupons SET uses = 1 WHERE code = 'OLD-ONE'")
    undone = await order(harness, done["import_id"], "reversals")
    assert (undone["state"], undone["accepted"]) == ("undone", 1)
    assert [row.code for row in await execute(harness, "SELECT code FROM coupons")] == ["OLD-ONE"]
    again = await committed(harness, "coupons", file)
    assert (again["accepted"], again["repeated"]) == (1, 1)


async def test_a_code_that_is_taken_is_refused(harness: Harness) -> None:
    series = await new_series(harness)
    path = f"/v1/coupons/series/{series}/coupons"
    assert (await post(harness, marketer(), path, {"code": "SPRING10"})).status_code == 201
    done = await committed(harness, "coupons", f"series_id,code\n{series},SPRING10\n")
    assert await errors(harness, done["import_id"]) == [(2, "code", "code_taken")]


async def test_links_given_to_friends_go_on(harness: Harness) -> None:
    ann, _ = await named(harness, "C-1"), await named(harness, "C-2")
    file = "external_id,code\nC-1,ANN-7\nC-2,ANN-7\n"
    done = await committed(harness, "referral_codes", file)
    assert await errors(harness, done["import_id"]) == [(3, "code", "code_taken")]
    assert (await read(harness, ann, "/v1/referral"))["code"] == "ANN-7"
    await order(harness, done["import_id"], "reversals")
    assert (await read(harness, ann, "/v1/referral"))["code"] != "ANN-7"


async def test_who_brought_whom_is_known(harness: Harness) -> None:
    ann, bob = await named(harness, "C-1"), await named(harness, "C-2")
    done = await committed(
        harness,
        "referrals",
        "external_id,referrer_external_id,accepted_at,state\n"
        "C-2,C-1,2025-05-01,rewarded\n"
        "C-1,C-1,2025-05-01,rewarded\n"
        "C-1,C-9,2025-05-01,\n",
    )
    assert await errors(harness, done["import_id"]) == [
        (3, "referrer_external_id", "self_referral"),
        (4, "reference", "said_twice"),
    ]
    [kept] = await execute(harness, "SELECT * FROM referrals")
    assert (str(kept.friend_id), str(kept.referrer_id)) == (bob.subject, ann.subject)
    assert kept.state == "rewarded"
    await order(harness, done["import_id"], "reversals")
    assert await execute(harness, "SELECT 1 FROM referrals") == []


async def check_in(harness: Harness, caller: Caller) -> dict[str, Any]:
    answer = await post(harness, caller, "/v1/checkins")
    assert answer.status_code < 300, answer.text
    return answer.json()


async def test_a_streak_goes_on(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    file = f"external_id,last_day,streak,best,freeze_cards\nC-1,{YESTERDAY},41,90,2\n"
    await committed(harness, "checkins", file)
    assert (await check_in(harness, ann))["streak"] == 42
    [cards] = await execute(harness, "SELECT * FROM checkin_cards")
    assert (cards.best, cards.freezes) == (90, 2)


async def test_a_streak_does_not_cover_days_here(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    await check_in(harness, ann)
    done = await committed(
        harness, "checkins", f"external_id,last_day,streak\nC-1,{TODAY.isoformat()},3\n"
    )
    assert await errors(harness, done["import_id"]) == [(2, "last_day", "checked_in_here")]


async def test_a_streak_is_undone(harness: Harness) -> None:
    await named(harness, "C-1")
    file = f"external_id,last_day,streak,makeup_cards\nC-1,{YESTERDAY},5,1\n"
    done = await committed(harness, "checkins", file)
    assert len(await execute(harness, "SELECT 1 FROM checkins")) == 5
    await order(harness, done["import_id"], "reversals")
    assert await execute(harness, "SELECT 1 FROM checkins") == []
    [cards] = await execute(harness, "SELECT * FROM checkin_cards")
    assert cards.makeups == 0


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("tiers", "tier\nC-1,gold"),
        ("history", "occurred_at,points,description\nC-1,2024-01-01,5,x"),
        ("referral_codes", "code\nC-1,ANN-7"),
        pytest.param("checkins", f"last_day,streak\nC-1,{YESTERDAY},5", id="check-ins"),
    ],
)
async def test_repeats_do_nothing(harness: Harness, kind: str, row: str) -> None:
    await in_periods(harness)
    await named(harness, "C-1")
    first = await committed(harness, kind, f"external_id,{row}\n")
    again = await committed(harness, kind, f"\ufeffexternal_id,{row}\n\n")
    assert (first["accepted"], first["repeated"]) == (1, 0)
    assert (again["accepted"], again["repeated"], again["refused"]) == (0, 1, 0)

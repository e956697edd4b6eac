"""Codes that earn: what rules and prizes pay, why, and to whom in the end."""

import pytest

from kit.ids import uuid7
from kit.testing import Harness, admin, example, marketer, member
from services.loyalty.events import BadgeAwarded, CouponIssued
from tests.loyalty.claims import CODES, MANY, POSTER, claim, claimable, refused, tries
from tests.loyalty.members import (
    balances,
    execute,
    lives_in,
    merged,
    post,
    proved,
    read,
    with_points,
)
from tests.loyalty.programmes import programme, rule, run_programme
from tests.loyalty.promotions import (
    new_code,
    new_series,
)
from tests.loyalty.test_explanations import did, explained
from tests.loyalty.test_missions import new_mission


async def test_rules_of_the_programme_pay_for_codes(harness: Harness) -> None:
    poster = {"field": "event.series", "op": "eq", "value": "summer-poster"}
    series = {"series": [10, 20], "of": "event.nth"}
    body = programme(
        rule("poster", name=POSTER, trigger="loyalty.code.claimed", when=poster, earn=series),
        rule("later", name=POSTER, trigger="loyalty.code.claimed", pending_days=3, when=poster),
        rule("growth", trigger="loyalty.code.claimed", point_type="growth", earn={"points": 7}),
    )
    await run_programme(harness, body)
    caller = await with_points(harness, 0)
    await new_code(harness, await claimable(harness, prize=None, **MANY), "A-POSTER")
    other = await claimable(harness, "receipts", member_uses=9, prize={"growth_points": 1})
    await new_code(harness, other, "RECEIPT-1")
    answer = (await claim(harness, caller, "A-POSTER")).json()
    assert (answer["points"], answer["pending_points"], answer["growth_points"]) == (20, 10, 7)
    assert answer["balance"] == 10
    assert [reason["points"] for reason in answer["reasons"]] == [10, 10, 7]
    assert "available after 3 days" in answer["summary"]
    answer = (await claim(harness, caller, "RECEIPT-1")).json()
    assert (answer["points"], answer["growth_points"]) == (0, 8)
    assert await balances(harness, caller) == (10, 10, 0, 15)
    await proved(harness)


@pytest.mark.parametrize(
    ("language", "paid", "capped"),
    [
        pytest.param(
            "en",
            "“Codes”: 10 points.",
            "“Summer poster”: the code is claimed. 1 of 1 daily “Codes” used; resets at 00:00 your"
            " time.",
            id="en",
        ),
        pytest.param(
            "zh-CN",
            "“扫码”：10 积分。",
            "“夏日海报”：兑换码已领取。 “扫码”今日 1 次已用 1 次；您当地时间 00:00 重置。",
            id="zh-CN",
        ),
        pytest.param(
            "ru",
            "«Коды»: 10 баллов.",
            "«Летний плакат»: код принят. «Коды»: сегодня использовано 1 из 1; обновится в 00:00"
            " по вашему времени.",
            id="ru",
        ),
    ],
)
async def test_what_a_code_earned_is_explained_at_once_and_later(
    harness: Harness, language: str, paid: str, capped: str
) -> None:
    name = {"en": "Codes", "zh-CN": "扫码", "ru": "Коды"}
    caps = [{"times": 1, "per": "day"}]
    await run_programme(
        harness, programme(rule("code", name=name, trigger="loyalty.code.claimed", caps=caps))
    )
    caller, series_id = member(), await claimable(harness, prize=None)
    for code, text in (("CAP-1", paid), ("CAP-2", capped)):
        await new_code(harness, series_id, code)
        answer = (await claim(harness, caller, code, language=language)).json()
        assert answer["summary"] == text
        [entry] = await execute(
            harness, "SELECT id FROM entries WHERE source_id = :id", id=answer["claim_id"]
        )
        found = await explained(harness, caller, str(entry.id), language)
        assert found["summary"] in text
    assert [item["points"] for item in await did(harness, caller, language)] == [0, 10]


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["“Summer poster”: 50 points.", "“Summer poster”: 5 growth points."]),
        ("zh-CN", ["“夏日海报”：50 积分。", "“夏日海报”：5 成长值。"]),
        ("ru", ["«Летний плакат»: 50 баллов.", "«Летний плакат»: 5 баллов роста."]),
    ],
)
async def test_what_a_series_gives_is_explained(
    harness: Harness, language: str, texts: list[str]
) -> None:
    caller = member()
    prize = {"points": 50, "growth_points": 5}
    await new_code(harness, await claimable(harness, prize=prize), "GIFT-1")
    answer = (await claim(harness, caller, "GIFT-1", language=language)).json()
    assert answer["summary"] == " ".join(texts)
    entries = await execute(harness, "SELECT id FROM entries ORDER BY point_type DESC")
    said = [await explained(harness, caller, str(row.id), language) for row in entries]
    assert [each["summary"] for each in said] == texts
    assert said[0]["occasion"]["trigger"] == "loyalty.code.claimed"


async def test_a_code_gives_a_coupon_a_badge_and_cards(harness: Harness) -> None:
    badge = {"badge": "visitor", "name": POSTER, "description": POSTER}
    assert (await post(harness, marketer(), "/v1/loyalty/badges", badge)).status_code == 201
    prize = {"series_id": await new_series(harness), "badge": "visitor", "makeup_cards": 1}
    caller = member()
    await new_code(harness, await claimable(harness, prize=prize), "STAND-7")
    answer = (await claim(harness, caller, "STAND-7")).json()
    assert (answer["points"], answer["prize"]["badge"]) == (0, "visitor")
    assert answer["summary"] == "“Summer poster”: the code is claimed."
    [issued] = await harness.published(CouponIssued)
    [awarded] = await harness.published(BadgeAwarded)
    assert {str(issued.member_id), str(awarded.member_id)} == {caller.subject}
    [cards] = await execute(harness, "SELECT makeups FROM checkin_cards")
    assert cards.makeups == 1


async def test_missions_count_codes(harness: Harness) -> None:
    goal = {"trigger": "loyalty.code.claimed", "target": 2, "where": {"series": "caps"}}
    await new_mission(harness, goal, prize={"points": 5}, claimed_by_itself=True)
    caller, series_id = await with_points(harness, 0), await claimable(harness, "caps", prize=None)
    for code in ("CAP-1", "CAP-2"):
        await new_code(harness, series_id, code)
        await claim(harness, caller, code)
    assert (await balances(harness, caller))[0] == 5
    await proved(harness)


async def test_what_no_rule_speaks_of_yet_is_kept_for_back_tests(harness: Harness) -> None:
    await run_programme(harness, programme(rule()))
    await new_code(harness, await claimable(harness), "CAP-1")
    await claim(harness, member(), "CAP-1")
    [kept] = await execute(harness, "SELECT trigger, version, event FROM occasions")
    assert (kept.trigger, kept.version) == ("loyalty.code.claimed", None)
    assert {"series", "series_id", "name", "nth"} == kept.event.keys()


async def test_two_members_who_are_one_have_a_code_once(harness: Harness) -> None:
    """Whatever guests somebody makes to claim it: the first claim stays, the others are undone."""
    await new_code(harness, await claimable(harness, **MANY), "POSTER")
    guests, known = [member(), member()], member()
    for caller in (guests[0], guests[1], known):
        await harness.deliver(lives_in(caller, "UTC"))
        assert (await claim(harness, caller, "POSTER")).status_code == 201
    for guest in guests:
        for _ in range(2):
            await harness.deliver(merged(guest, known))
    assert (await balances(harness, known))[:3] == (50, 0, 0)
    listed = (await read(harness, known, CODES))["items"]
    assert [item["undone_at"] is None for item in listed] == [False, False, True]
    [row] = await execute(
        harness, "SELECT id FROM entries WHERE kind = 'reverse' ORDER BY id LIMIT 1"
    )
    found = await explained(harness, known, str(row.id))
    assert found["summary"] == "50 points were taken back. Such a code had been claimed already."
    assert await refused(harness, known, "POSTER") == (409, "claimed")
    await proved(harness)


async def test_what_one_may_claim_two_who_are_one_keep(harness: Harness) -> None:
    series_id = await claimable(harness, member_uses=2)
    guest, known = member(), member()
    for number, caller in enumerate((guest, known, known)):
        await harness.deliver(lives_in(caller, "UTC", at=f"2026-03-01T0{number}:00:00Z"))
        await new_code(harness, series_id, f"CAP-{number}")
        assert (await claim(harness, caller, f"CAP-{number}")).status_code == 201
    await execute(harness, "UPDATE coupon_series SET member_uses = 1")
    await harness.deliver(merged(guest, known))
    assert (await balances(harness, known))[0] == 100
    await proved(harness)


async def test_a_spent_code_claimed_twice_is_owed(harness: Harness) -> None:
    await execute(harness, "UPDATE point_types SET clawback = 'allow_debt'")
    await new_code(harness, await claimable(harness, **MANY), "POSTER")
    guest, known = member(), member()
    for caller in (guest, known):
        await claim(harness, caller, "POSTER")
        path = f"/v1/members/{caller.subject}/points/adjustments"
        await post(harness, admin(), path, {"points": -50, "reason": "spent"})
    await harness.deliver(merged(guest, known))
    held, _, debt, _ = await balances(harness, known)
    assert (held, debt) == (0, 50)
    await proved(harness)


async def test_an_erased_member_leaves_no_claims(harness: Harness) -> None:
    caller = member()
    await new_code(harness, await claimable(harness), "POSTER")
    await claim(harness, caller, "POSTER")
    await claim(harness, caller, "WRONG")
    told = {"member_id": caller.subject, "former_ids": [], "erasure_id": uuid7()}
    await harness.deliver(example("profile.member.erased.v1", **told))
    await harness.erase()
    assert await execute(harness, "SELECT 1 FROM code_claims") == []
    assert await tries(harness) == []
    assert await refused(harness, member(), "POSTER") == (409, "used_up")
    await proved(harness)

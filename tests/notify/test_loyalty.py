"""What loyalty says is told in each language, once, over the channels its weight deserves."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from kit import clock
from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, example, member
from services.notify.events import InboxAdded
from services.notify.handlers import OWN, TELLINGS, Telling
from tests.notify.events import created, earned, inbox_of, merged, titles_of

ROWS = [
    pytest.param(
        "points.expiring",
        {},
        ("50 points will expire soon", "50 积分即将到期", "Скоро сгорят: 50 баллов"),
        "They expire on 1 April 2026, 08:00. Spend them before then.",
        ("rewards", "/wallet"),
        id="points that expire",
    ),
    pytest.param(
        "points.expiring",
        {"point_type": "growth", "points": 1},
        ("1 growth point will expire soon", "1 成长值即将到期", "Скоро сгорят: 1 балл роста"),
        "They expire on 1 April 2026, 08:00.",
        ("rewards", "/wallet"),
        id="growth points that expire",
    ),
    pytest.param(
        "tier.at_risk",
        {},
        ("Keep your tier: Gold", "保住您的等级：金卡会员", "Сохраните уровень: Золотой"),
        "1,200 more growth points by 2 March 2027, 18:00, and you stay Gold. Otherwise you will be "
        "Silver.",
        ("rewards", "/wallet"),
        id="a tier at risk",
    ),
    pytest.param(
        "tier.at_risk",
        {"basis": "orders", "missing": 1},
        ("Keep your tier: Gold", "保住您的等级：金卡会员", "Сохраните уровень: Золотой"),
        "1 more order by 2 March 2027, 18:00, and you stay Gold. Otherwise you will be Silver.",
        ("rewards", "/wallet"),
        id="a tier at risk for want of orders",
    ),
    pytest.param(
        "coupon.issued",
        {},
        (
            "A coupon for you: 10 off from 100",
            "您收到一张优惠券：满100减10",
            "У вас новый купон: 10 от 100",
        ),
        "Use it by 5 April 2026, 16:00.",
        ("points", "/coupons/0198c0de-0000-7000-8000-000000000401"),
        id="a coupon",
    ),
    pytest.param(
        "coupon.issued",
        {"valid_until": None},
        (
            "A coupon for you: 10 off from 100",
            "您收到一张优惠券：满100减10",
            "У вас новый купон: 10 от 100",
        ),
        "It is in your wallet.",
        ("points", "/coupons/0198c0de-0000-7000-8000-000000000401"),
        id="a coupon without an end",
    ),
    pytest.param(
        "coupon.expiring",
        {},
        (
            "Your coupon expires soon: 10 off from 100",
            "优惠券即将到期：满100减10",
            "Скоро истекает купон: 10 от 100",
        ),
        "You can use it until 5 April 2026, 16:00.",
        ("rewards", "/coupons/0198c0de-0000-7000-8000-000000000401"),
        id="a coupon that ends",
    ),
    pytest.param(
        "mission.completed",
        {},
        ("Mission completed: Three reviews", "任务完成：三条评价", "Задание выполнено: Три отзыва"),
        "Your prize of 50 points is waiting: claim it.",
        ("points", "/missions/0198c0de-0000-7000-8000-000000000501"),
        id="a mission whose prize is to be claimed",
    ),
    pytest.param(
        "mission.completed",
        {"claimed": True},
        ("Mission completed: Three reviews", "任务完成：三条评价", "Задание выполнено: Три отзыва"),
        "50 points are yours.",
        ("points", "/missions/0198c0de-0000-7000-8000-000000000501"),
        id="a mission whose prize has come",
    ),
    pytest.param(
        "mission.completed",
        {"points": 0},
        ("Mission completed: Three reviews", "任务完成：三条评价", "Задание выполнено: Три отзыва"),
        "Your prize is waiting: claim it.",
        ("points", "/missions/0198c0de-0000-7000-8000-000000000501"),
        id="a mission for something other than points",
    ),
    pytest.param(
        "badge.awarded",
        {},
        ("A new badge: Reviewer", "获得新徽章：评价达人", "Новый значок: Рецензент"),
        "Congratulations, Mei! It is among your badges now.",
        ("points", "/badges"),
        id="a badge",
    ),
    pytest.param(
        "referral.rewarded",
        {},
        ("Thank you for bringing a friend", "感谢您邀请好友", "Спасибо, что привели друга"),
        "200 points for you: your friend has made a first purchase.",
        ("points", "/referral"),
        id="a referral, to who brought",
    ),
    pytest.param(
        "referral.rewarded",
        {"part": "friend", "points": 0},
        (
            "Your reward for accepting an invitation",
            "您获得了受邀奖励",
            "Ваша награда по приглашению",
        ),
        "Your reward is in your wallet: you have made your first purchase.",
        ("points", "/wallet"),
        id="a referral, to the friend, without points",
    ),
    pytest.param(
        "points.earned",
        {"points": 5, "balance": 1, "state": "pending", "source_type": "activity"},
        ("5 points on the way", "5 积分即将到账", "Скоро начислим: 5 баллов"),
        "They become available later. Available now: 1 point.",
        ("points", "/wallet"),
        id="points that await no delivery",
    ),
    pytest.param(
        "leaderboard.won",
        {"points": 1},
        ("Place 2: Steps of the week", "第 2 名：一周步数", "Место 2: Шаги за неделю"),
        "Congratulations, Mei! 1 point is in your wallet.",
        ("rewards", "/missions/0198c0de-0000-7000-8000-000000000501"),
        id="a place that brings one point",
    ),
    pytest.param(
        "draw.won",
        {},
        ("You have won: Grand prize", "您中奖了：大奖", "Вы выиграли: Главный приз"),
        "Congratulations, Mei! 1,000 points are in your wallet.",
        ("rewards", "/draws/0198c0de-0000-7000-8000-000000000701"),
        id="a prize of a draw",
    ),
    pytest.param(
        "leaderboard.won",
        {},
        ("Place 2: Steps of the week", "第 2 名：一周步数", "Место 2: Шаги за неделю"),
        "Congratulations, Mei! 500 points are in your wallet.",
        ("rewards", "/missions/0198c0de-0000-7000-8000-000000000501"),
        id="a place on a leaderboard",
    ),
    pytest.param(
        "reward.redeemed",
        {},
        ("You redeemed: A cup of tea", "您已兑换：一杯茶", "Вы получили награду: Чашка чая"),
        "5 March 2026, 16:00, for 80 points. If this was not you, tell us at once.",
        ("account", "/redemptions/0198c0de-0000-7000-8000-000000000302"),
        id="a redemption",
    ),
    pytest.param(
        "reward.fulfilled",
        {},
        ("Shipped: A cup of tea", "已发货：一杯茶", "Отправлено: Чашка чая"),
        "Your reward is on its way: SF 1234567890.",
        ("orders", "/redemptions/0198c0de-0000-7000-8000-000000000302"),
        id="a gift that is shipped",
    ),
    pytest.param(
        "reward.fulfilled",
        {"fulfilment": "delivered", "tracking": None},
        ("Delivered: A cup of tea", "已送达：一杯茶", "Доставлено: Чашка чая"),
        "Your reward has arrived. Enjoy it!",
        ("orders", "/redemptions/0198c0de-0000-7000-8000-000000000302"),
        id="a gift that is delivered",
    ),
    pytest.param(
        "reward.fulfilled",
        {"fulfilment": "cancelled", "tracking": None},
        ("Cancelled: A cup of tea", "已取消：一杯茶", "Отменено: Чашка чая"),
        "The redemption was cancelled. The points it cost have been returned.",
        ("orders", "/redemptions/0198c0de-0000-7000-8000-000000000302"),
        id="a redemption that is cancelled",
    ),
]


def said(name: str, member_id: UUID, **changes: object) -> Event:
    return example(f"loyalty.{name}.v1", member_id=member_id, **changes)


async def mail_to(harness: Harness, member_id: UUID) -> list[str]:
    """The templates of the member's e-mails, in no order."""
    statement = text("SELECT template FROM deliveries WHERE member_id = :id AND template <> :first")
    async with harness.transaction() as session:
        rows = await session.execute(statement, {"id": member_id, "first": "welcome"})
        return list(rows.scalars())


@pytest.mark.parametrize(("name", "changes", "titles", "body", "place"), ROWS)
async def test_it_is_told(harness: Harness, name, changes, titles, body, place) -> None:
    members = dict(zip(("en", "zh-CN", "ru"), (uuid7() for _ in titles), strict=True))
    for language, member_id in members.items():
        await harness.deliver(created(member_id, language=language, time_zone="Asia/Shanghai"))
        await harness.deliver(said(name, member_id, **changes))
    told = {language: (await inbox_of(harness, m))[1] for language, m in members.items()}
    assert tuple(item["title"] for item in told.values()) == titles
    assert told["en"]["body"] == body
    assert {(item["category"], item["action"]) for item in told.values()} == {place}


@pytest.mark.parametrize(
    ("name", "mailed"),
    [
        ("points.expiring", True),
        ("coupon.expiring", True),
        ("tier.at_risk", True),
        ("draw.won", True),
        ("leaderboard.won", True),
        ("reward.redeemed", True),
        ("reward.fulfilled", True),
        ("coupon.issued", False),
        ("mission.completed", False),
        ("badge.awarded", False),
        ("referral.rewarded", False),
    ],
)
async def test_what_weighs_more_is_mailed_too(harness: Harness, name, mailed) -> None:
    member_id = uuid7()
    await harness.deliver(created(member_id), said(name, member_id))
    assert await mail_to(harness, member_id) == ([name.replace(".", "_")] if mailed else [])
    assert len(await inbox_of(harness, member_id)) == 2


@pytest.mark.parametrize("fulfilment", ["none", "requested", "packed"])
async def test_a_gift_still_in_the_house_is_not_told_of(harness: Harness, fulfilment) -> None:
    member_id = uuid7()
    await harness.deliver(said("reward.fulfilled", member_id, fulfilment=fulfilment))
    assert await inbox_of(harness, member_id) == []
    assert await mail_to(harness, member_id) == []


NAMES = sorted({row.values[0] for row in ROWS})


@pytest.mark.parametrize("name", NAMES)
async def test_it_is_told_once_however_often_it_is_said(harness: Harness, name) -> None:
    """The same event again, and the same fact as other events, at once and later."""
    member_id = uuid7()
    first, *others = (said(name, member_id) for _ in range(4))
    await asyncio.gather(harness.deliver(first, others[0]), harness.deliver(first, others[1]))
    await harness.deliver(first, others[2])
    assert len(await inbox_of(harness, member_id)) == 1
    assert len(await harness.published(InboxAdded)) == 1
    assert len(await mail_to(harness, member_id)) <= 1


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        pytest.param("points.expiring", {"days_before": 7}, id="a nearer reminder"),
        pytest.param("points.expiring", {"expires_at": "2026-04-02T00:00:00Z"}, id="the next day"),
        pytest.param("coupon.issued", {"coupon_id": str(uuid7())}, id="another coupon"),
        pytest.param("coupon.expiring", {"coupon_id": str(uuid7())}, id="another coupon's end"),
        pytest.param("mission.completed", {"begins": "2026-03-09"}, id="the next week's mission"),
        pytest.param("badge.awarded", {"badge": "early_bird"}, id="another badge"),
        pytest.param("referral.rewarded", {"friend_id": str(uuid7())}, id="another friend"),
        pytest.param("draw.won", {"drawn_at": "2026-03-06T08:00:00Z"}, id="the same prize again"),
        pytest.param("leaderboard.won", {"begins": "2026-03-09"}, id="the next week's place"),
        pytest.param("reward.redeemed", {"redemption_id": str(uuid7())}, id="another redemption"),
        pytest.param("reward.fulfilled", {"fulfilment": "delivered"}, id="a further step"),
        pytest.param("tier.at_risk", {"until": "2028-03-02T10:00:00Z"}, id="the next period"),
    ],
)
async def test_another_fact_is_told_too(harness: Harness, name, changes) -> None:
    member_id = uuid7()
    await harness.deliver(said(name, member_id), said(name, member_id, **changes))
    assert len(await inbox_of(harness, member_id)) == 2


@pytest.mark.parametrize("prize", ["mission", "draw", "board", "referral", "referred"])
async def test_a_prize_in_points_is_told_once(harness: Harness, prize: str) -> None:
    """The notice of the prize names its points; another of the same points would be noise."""
    member_id = uuid7()
    await harness.deliver(earned(member_id, 50, source_type=prize))
    assert await titles_of(harness, member_id) == []
    await harness.deliver(earned(member_id, 50, source_type="order"))
    assert len(await titles_of(harness, member_id)) == 1


async def test_rewards_can_be_switched_off_and_redemptions_cannot(harness: Harness) -> None:
    caller = member()
    off = {"rewards": {"inbox": False, "email": False}, "points": {"inbox": False}}
    async with harness.client(caller) as client:
        answer = await client.put("/v1/preferences", json={"categories": off})
        assert answer.status_code == 200
        wrong = {"categories": {"account": {"inbox": False}}}
        assert (await client.put("/v1/preferences", json=wrong)).status_code == 422
    await harness.deliver(*(said(name, caller.member_id) for name in NAMES))
    told = await inbox_of(harness, caller.member_id)
    assert {item["category"] for item in told} == {"account", "orders"}
    mailed = await mail_to(harness, caller.member_id)
    assert sorted(mailed) == ["reward_fulfilled", "reward_redeemed"]


async def test_quiet_hours_hold_back_all_but_the_redemption(harness, server, lane) -> None:
    caller = member()
    now = clock.now()
    starts, ends = now - timedelta(hours=1), now + timedelta(hours=2)
    async with harness.client(caller) as client:
        quiet = {"starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
        body = {"categories": {}, "quiet_hours": quiet, "time_zone": "UTC"}
        assert (await client.put("/v1/preferences", json=body)).status_code == 200
    await harness.deliver(created(caller.member_id, language="en"))
    await harness.deliver(*(said(name, caller.member_id) for name in NAMES))
    await lane().send_portion(clock.now())
    subjects = {message["Subject"] for message in server.accepted}
    assert subjects == {"Welcome, Mei!", "You redeemed: A cup of tea"}
    await lane().send_portion(now + timedelta(hours=3))
    assert {message["Subject"] for message in server.accepted} - subjects == {
        "50 points will expire soon",
        "Keep your tier: Gold",
        "Your coupon expires soon: 10 off from 100",
        "You have won: Grand prize",
        "Place 2: Steps of the week",
        "Shipped: A cup of tea",
    }


async def test_an_e_mail_tells_times_on_the_members_clock(harness, server, lane) -> None:
    member_id = uuid7()
    await harness.deliver(created(member_id, language="ru", time_zone="Europe/Moscow"))
    await harness.deliver(said("points.expiring", member_id))
    await lane().send_portion(clock.now())
    (mail,) = (m for m in server.accepted if m["Subject"].startswith("Скоро сгорят"))
    written = mail.get_body(("plain",)).get_content()
    assert "50 баллов. Срок: 01.04.2026, 03:00." in written
    assert "https://app.example.com/wallet" in written


async def test_a_coupon_of_a_guest_who_signs_in_is_told_to_the_member(harness: Harness) -> None:
    guest, known = uuid7(), uuid7()
    await harness.deliver(said("coupon.issued", guest))
    await harness.deliver(merged(guest, known), said("coupon.issued", guest))
    assert await titles_of(harness, known) == ["A coupon for you: 10 off from 100"]


async def test_text_with_nul_characters_is_told(harness: Harness) -> None:
    member_id = uuid7()
    won = {"member_id": member_id, "name": {"en": "Te\x00a"}}
    await harness.deliver(example("loyalty.draw.won.v1", **won))
    assert await titles_of(harness, member_id) == ["You have won: Tea"]


def test_every_telling_has_a_handler_and_words_of_its_own() -> None:
    templates = [telling.template for telling in TELLINGS]
    assert len(set(templates)) == len(templates)
    assert all(OWN[telling.reading.type] is telling for telling in TELLINGS)


@pytest.mark.parametrize("telling", TELLINGS, ids=lambda telling: telling.template)
def test_the_documents_list_it(telling: Telling) -> None:
    listed = Path("docs/app.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| `(\w+)` \|", listed, re.MULTILINE)
    ((told_of, category),) = [row[1:] for row in rows if row[0] == telling.template]
    assert told_of.startswith(f"`{telling.reading.type.removesuffix('.v1')}`")
    assert category == telling.category

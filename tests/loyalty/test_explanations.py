"""Why something earned points, or did not: in words for the member, in full for staff."""

from string import Formatter
from typing import Any

import pytest

from kit.auth import Caller
from kit.languages import LANGUAGES
from kit.testing import ABSENT, Harness, admin, agent, backend, member
from services.loyalty.rules.programme import words
from services.loyalty.rules.programme.states import Period
from tests.loyalty.members import adjust, changed, execute, lives_in, placed, post, read, reviewed
from tests.loyalty.programmes import NAME, programme, rule, run_programme
from tests.loyalty.test_programme import in_segment, shared
from tests.loyalty.test_sharing import household

REVIEWS = {"en": "reviews", "zh-CN": "评价", "ru": "отзывы"}


async def last_entry(harness: Harness) -> str:
    [row] = await execute(harness, "SELECT id FROM entries ORDER BY id DESC LIMIT 1")
    return str(row.id)


async def explained(
    harness: Harness, caller: Caller, explained_id: str, language: str = "en"
) -> dict[str, Any]:
    path = f"/v1/points/history/{explained_id}/explanation"
    return await read(harness, caller, path, **{"Accept-Language": language})


async def did(harness: Harness, caller: Caller, language: str = "en") -> list[dict[str, Any]]:
    """What the member did, newest first."""
    headers = {"Accept-Language": language}
    return (await read(harness, caller, "/v1/points/occasions", **headers))["items"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("en", "3 of 3 daily “reviews” used; resets at 00:00 your time.", id="en"),
        pytest.param("zh-CN", "“评价”今日 3 次已用 3 次；您当地时间 00:00 重置。", id="zh-CN"),
        pytest.param(
            "ru",
            "«отзывы»: сегодня использовано 3 из 3; обновится в 00:00 по вашему времени.",
            id="ru",
        ),
    ],
)
async def test_a_cap_is_explained_in_the_members_language(
    harness: Harness, language: str, text: str
) -> None:
    capped = rule("review", name=REVIEWS, caps=[{"times": 3, "per": "day"}])
    await run_programme(harness, programme({**capped, "trigger": "activity.Product Reviewed"}))
    caller = member()
    await harness.deliver(reviewed(caller, "a", "b", "c", "d"))
    found = await explained(harness, caller, await last_entry(harness), language)
    assert (found["summary"], found["entry"]["points"]) == (text, 0)
    assert [item["points"] for item in await did(harness, caller)] == [0, 10, 10, 10]
    assert (await did(harness, caller, language))[0]["summary"] == text


async def test_in_a_household_everybody_is_told_of_their_own(harness: Harness) -> None:
    await run_programme(harness, programme(rule(name={"en": "Share"})))
    one, other = member(), member()
    await household(harness, one, other)
    await harness.deliver(shared(other))
    entry_id = await last_entry(harness)
    own = await explained(harness, other, entry_id)
    assert own["summary"] == "“Share”: 10 points."
    assert (await explained(harness, agent(), entry_id))["detail"]["outcomes"]
    async with harness.client(one) as client:
        answer = await client.get(f"/v1/points/history/{entry_id}/explanation")
    assert answer.status_code == 404


async def test_one_point_is_not_points_and_an_extension_names_none(harness: Harness) -> None:
    await run_programme(harness, programme(rule(name={"en": "Share"}, earn={"points": 1})))
    caller = member()
    await harness.deliver(shared(caller))
    assert (await explained(harness, caller, await last_entry(harness)))["summary"] == (
        "“Share”: 1 point."
    )
    path = f"/v1/members/{caller.subject}/points/extensions"
    await post(harness, agent(), path, {"until": "2030-01-01T00:00:00Z", "reason": "x"})
    found = await explained(harness, caller, await last_entry(harness))
    assert found["summary"] == "Your points are valid for longer."


async def test_rounding_the_tier_and_the_terms_are_told(harness: Harness) -> None:
    order = rule(
        "order",
        name={"en": "Purchase"},
        trigger="profile.order.placed",
        earn={"points": 1, "per": 100},
        tier_multiplier=True,
        awaits_delivery=True,
        valid_days=365,
    )
    levels = [{"key": "normal", "name": NAME, "threshold": 0, "benefits": {"multiplier": "1.5"}}]
    await run_programme(harness, programme(order, tiers={"levels": levels}))
    caller = member()
    await harness.deliver(placed(caller, amount_minor=12_350))
    found = await explained(harness, caller, await last_entry(harness))
    assert found["summary"] == (
        "“Purchase”: 185 points. Your tier multiplies it by 1.5. 185.25 was rounded down to 185. "
        "The points become available when the order is delivered. They are valid for 365 days."
    )


async def test_what_earned_nothing_is_explained_by_its_occasion(harness: Harness) -> None:
    gold = {"field": "member.tier", "op": "in", "value": ["gold"]}
    stars = {
        "field": "event.properties.stars",
        "op": "gte",
        "value": 4,
        "otherwise": {"en": "give at least 4 stars."},
    }
    body = programme(
        rule("gold", name={"en": "Golden hour"}, when=gold),
        rule("stars", name={"en": "Stars"}, when={"all": [stars]}),
        rule(
            "night", name={"en": "Night owl"}, when={"field": "time.hour", "op": "lt", "value": 5}
        ),
        rule("vip", name={"en": "VIP"}, when={"field": "member.tags", "op": "eq", "value": "x"}),
    )
    await run_programme(harness, body)
    caller = member()
    await harness.deliver(shared(caller, stars=3))
    [item] = await did(harness, caller)
    found = await explained(harness, caller, item["occasion_id"])
    assert [reason["text"] for reason in found["reasons"]] == [
        "“Golden hour”: only for the tiers A rule.",
        "“Stars”: give at least 4 stars.",
        "“Night owl”: not at that time.",
    ]
    assert found["entry"] is None
    assert found["detail"] is None
    assert item["summary"] == found["summary"] == found["reasons"][0]["text"]


async def test_staff_see_every_rule_and_what_it_found(harness: Harness) -> None:
    vip = {"field": "member.segments", "op": "eq", "value": "vip"}
    version = await run_programme(
        harness,
        programme(rule("vip", when={"all": [vip]}), rule("later", until="2020-01-01T00:00Z")),
    )
    caller = member()
    await harness.deliver(in_segment(caller, "lapsed", "2026-03-01T00:00:00Z"))
    await harness.deliver(shared(caller, colour="red"))
    [item] = await did(harness, caller)
    detail = (await explained(harness, agent(), item["occasion_id"]))["detail"]
    assert detail["version"] == version
    assert detail["event"]["properties"] == {"colour": "red"}
    assert detail["member"]["segments"] == ["lapsed"]
    assert detail["outcomes"] == [
        {
            "rule": "vip",
            "verdict": "failed",
            "place": "when.all[0]",
            "condition": vip,
            "found": ["lapsed"],
        },
        {"rule": "later", "verdict": "outside"},
    ]


async def test_other_entries_are_explained_by_what_they_are(harness: Harness) -> None:
    caller = member()
    await harness.deliver(lives_in(caller, "UTC"))
    await adjust(harness, caller, points=7)
    found = await explained(harness, caller, await last_entry(harness))
    assert found["summary"] == "Our staff changed your points by +7: goodwill"
    await harness.deliver(placed(caller), changed(caller, "cancelled"))
    [row] = await execute(
        harness, "SELECT id FROM entries WHERE kind = 'reverse' AND point_type = 'points'"
    )
    found = await explained(harness, caller, str(row.id))
    assert found["summary"] == "129 points were taken back. The order was cancelled or returned."
    assert found["occasion"]["trigger"] == "profile.order.placed"


async def test_another_members_history_is_nobodys_business(harness: Harness) -> None:
    caller = member()
    await harness.deliver(reviewed(caller, "a"))
    entry = await last_entry(harness)
    path = f"/v1/points/history/{entry}/explanation"
    absent = f"/v1/points/history/{ABSENT}/explanation"
    expected = {
        (None, path): 401,
        (member(), path): 404,
        (caller, absent): 404,
        (backend("orders:write"), path): 403,
        (backend("points:read"), path): 200,
        (admin(), path): 200,
    }
    for (who, where), status in expected.items():
        async with harness.client(who) as client:
            assert (await client.get(where)).status_code == status, (who, where)


async def test_what_a_member_did_comes_in_pages(harness: Harness) -> None:
    caller = member()
    await harness.deliver(reviewed(caller, *"abcde"))
    seen, path = [], "/v1/points/occasions?limit=2"
    while path:
        found = await read(harness, caller, path)
        seen += [item["occasion_id"] for item in found["items"]]
        cursor = found["next_cursor"]
        path = f"/v1/points/occasions?limit=2&cursor={cursor}" if cursor else ""
    assert len(seen) == len(set(seen)) == 5
    of_staff = await read(harness, agent(), f"/v1/members/{caller.subject}/points/occasions")
    assert [item["occasion_id"] for item in of_staff["items"]] == seen


def sentences(value: Any) -> list[words.Words]:
    """Every sentence of a module of words."""
    if isinstance(value, dict) and set(value) <= set(LANGUAGES):
        return [value]
    return [found for part in value.values() for found in sentences(part)]


ALL = [s for name, v in vars(words).items() if name.isupper() for s in sentences(v)]


@pytest.mark.parametrize("texts", ALL, ids=lambda texts: texts.get("en", "?")[:40])
def test_every_sentence_is_in_every_language(texts: words.Words) -> None:
    assert set(texts) == set(LANGUAGES)
    places = [sorted(name for _, name, *_ in Formatter().parse(t) if name) for t in texts.values()]
    assert places[0] == places[1] == places[2]


def test_there_are_words_for_every_period() -> None:
    assert all(set(by_period) == set(Period) for by_period in words.CAPPED.values())

"""The FAQ: written by staff, searched and read by members."""

import asyncio
from typing import Any

import httpx
import pytest

from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, admin, agent, analyst, backend, marketer, member
from tests.feedback.conversations import read, write_article

REFUND = {
    "zh-CN": ("怎样退款", "打开订单，点击“退款”。"),
    "en": ("Getting a refund", "Open the order and tap Refund."),
    "ru": ("Как вернуть деньги", "Откройте заказ и нажмите «Возврат»."),
}
TRACKING = {"en": ("Tracking a parcel", "Open Orders and tap Track.")}
BODY = {"texts": {"en": {"title": "Title", "body": "Body"}}}


async def found(harness: Harness, question: str, **headers: str) -> list[dict[str, Any]]:
    async with harness.client(member(), **headers) as client:
        answer = await client.get("/v1/faq", params={"q": question})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def draft(harness: Harness, caller: Caller, **body: Any) -> httpx.Response:
    async with harness.client(caller) as client:
        return await client.post("/v1/faq", json={**BODY, **body})


@pytest.mark.parametrize(
    ("question", "language"),
    [
        pytest.param("我想退款怎么办", "zh-CN", id="chinese"),
        pytest.param("refunds?", "en", id="english"),
        pytest.param("когда вернут деньги", "ru", id="russian"),
        pytest.param("想要 refund", "en", id="mixed"),
    ],
)
async def test_a_question_finds_its_answer(harness: Harness, question: str, language: str) -> None:
    refund = await write_article(harness, agent(), REFUND)
    await write_article(harness, agent(), TRACKING)
    best, *_ = await found(harness, question)
    assert (best["article_id"], best["language"]) == (refund, language)


async def test_equals_prefer_the_readers_language(harness: Harness) -> None:
    both = dict.fromkeys(("zh-CN", "en", "ru"), ("VIP", "VIP"))
    await write_article(harness, agent(), both)
    for tag in both:
        [shown] = await found(harness, "vip", **{"Accept-Language": tag})
        assert shown["language"] == tag


async def test_rare_words_weigh_more_than_common_ones(harness: Harness) -> None:
    for n in range(5):
        texts = {"en": (f"Order number {n}", "An order and what becomes of an order.")}
        await write_article(harness, agent(), texts)
    rare = await write_article(harness, agent(), {"en": ("Customs", "An order from abroad.")})
    shown = await found(harness, "customs order order")
    assert shown[0]["article_id"] == rare


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "怎么办",
        "!!!",
        "zzzz",
        "'; DROP TABLE articles; --",
        "a' & 'b | !c:*",
        "\x00",
        "\\",
    ],
)
async def test_a_question_may_find_nothing(harness: Harness, question: str) -> None:
    await write_article(harness, agent(), REFUND)
    assert await found(harness, question) == []


async def test_an_endless_question_is_refused(harness: Harness) -> None:
    async with harness.client(member()) as client:
        assert (await client.get("/v1/faq", params={"q": "好" * 501})).status_code == 422


async def test_a_draft_is_seen_by_staff_alone_until_it_is_published(harness: Harness) -> None:
    written = (await draft(harness, agent())).json()
    path = f"/v1/faq/{written['article_id']}"
    assert (written["stage"], written["version"]) == ("draft", 1)
    assert await found(harness, "title") == []
    async with harness.client(member()) as client:
        assert (await client.get(path)).json()["code"] == "feedback.article_not_found"
        assert (await client.get("/v1/faq", params={"stage": "draft"})).json()["items"] == []
    assert len((await read(harness, marketer(), "/v1/faq", stage="draft"))["items"]) == 1
    async with harness.client(agent()) as client:
        published = [await client.post(f"{path}/publish") for _ in range(2)]
    assert published[0].json() == published[1].json()
    assert [shown["article_id"] for shown in await found(harness, "title")] == [
        written["article_id"]
    ]


async def test_a_withdrawn_article_is_gone_for_members(harness: Harness) -> None:
    article_id = await write_article(harness, agent(), REFUND)
    async with harness.client(agent()) as client:
        for _ in range(2):
            withdrawn = await client.post(f"/v1/faq/{article_id}/withdraw")
    assert (withdrawn.json()["stage"], withdrawn.json()["published_at"]) == ("draft", None)
    assert await found(harness, "refund") == []


async def test_a_rewritten_article_is_found_by_its_new_words_only(harness: Harness) -> None:
    article_id = await write_article(harness, agent(), REFUND)
    texts = {"en": {"title": "Gift cards", "body": "Buy them in the shop."}}
    async with harness.client(agent()) as client:
        answer = await client.put(f"/v1/faq/{article_id}", json={"texts": texts})
    assert answer.status_code == 200
    assert answer.json()["version"] == 3
    assert await found(harness, "退款") == []
    assert [shown["article_id"] for shown in await found(harness, "gift")] == [article_id]


async def test_a_stale_edit_is_refused(harness: Harness) -> None:
    article_id = await write_article(harness, agent(), REFUND)
    path = f"/v1/faq/{article_id}"
    async with harness.client(agent()) as client:
        match = {"If-Match": (await client.get(path)).headers["etag"]}
        first = await client.put(path, json=BODY, headers=match)
        second = await client.put(path, json=BODY, headers=match)
    assert (first.status_code, second.status_code) == (200, 412)


async def test_of_edits_at_once_each_is_whole(harness: Harness) -> None:
    article_id = await write_article(harness, agent(), REFUND)

    async def edit(title: str) -> int:
        texts = {tag: {"title": title, "body": title} for tag in REFUND}
        async with harness.client(agent()) as client:
            answer = await client.put(f"/v1/faq/{article_id}", json={"texts": texts})
        return answer.status_code

    statuses = await asyncio.gather(*(edit(f"title{n}") for n in range(5)))
    assert set(statuses) <= {200, 412}
    article = await read(harness, agent(), f"/v1/faq/{article_id}")
    assert len({text["title"] for text in article["texts"].values()}) == 1


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("ru", "ru"), ("zh-Hans-CN", "zh-CN"), ("fr", "en"), ("", "en")],
)
async def test_an_article_is_read_in_the_nearest_language(
    harness: Harness, wanted: str, language: str
) -> None:
    article_id = await write_article(harness, agent(), REFUND)
    async with harness.client(member(), **{"Accept-Language": wanted}) as client:
        article = (await client.get(f"/v1/faq/{article_id}")).json()
    assert (article["language"], article["title"]) == (language, REFUND[language][0])
    assert article["texts"] is None


async def test_an_article_known_already_is_not_sent_again(harness: Harness) -> None:
    article_id = await write_article(harness, agent(), REFUND)
    async with harness.client(member()) as client:
        etag = (await client.get(f"/v1/faq/{article_id}")).headers["etag"]
        again = await client.get(f"/v1/faq/{article_id}", headers={"If-None-Match": etag})
        translated = await client.get(
            f"/v1/faq/{article_id}", headers={"If-None-Match": etag, "Accept-Language": "ru"}
        )
    assert (again.status_code, again.content) == (304, b"")
    assert translated.status_code == 200


async def test_articles_are_listed_newest_first_by_category(harness: Harness) -> None:
    ids = [await write_article(harness, agent(), TRACKING, category="orders") for _ in range(3)]
    await write_article(harness, agent(), REFUND, category="money")
    first = await read(harness, member(), "/v1/faq", category="orders", limit=2)
    cursor = first["next_cursor"]
    second = await read(harness, member(), "/v1/faq", category="orders", limit=2, cursor=cursor)
    assert [shown["article_id"] for shown in first["items"] + second["items"]] == ids[::-1]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"texts": {}}, "texts", id="no text"),
        pytest.param({"texts": {"fr": {"title": "t", "body": "b"}}}, "texts.fr", id="french"),
        pytest.param(
            {"texts": {"en": {"title": "", "body": "b"}}}, "texts.en.title", id="untitled"
        ),
        pytest.param(
            {"texts": {"en": {"title": "t" * 201, "body": "b"}}}, "texts.en.title", id="long title"
        ),
        pytest.param(
            {"texts": {"en": {"title": "t", "body": "b" * 20_001}}}, "texts.en.body", id="long body"
        ),
        pytest.param({**BODY, "category": "No Spaces"}, "category", id="no key"),
        pytest.param({**BODY, "stage": "published"}, "stage", id="an unknown field"),
    ],
)
async def test_bad_articles_are_refused(harness: Harness, body: dict[str, Any], field: str) -> None:
    async with harness.client(agent()) as client:
        refused = await client.post("/v1/faq", json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"].startswith(field)


@pytest.mark.parametrize(
    ("caller", "status"),
    [
        pytest.param(None, 401, id="nobody"),
        pytest.param(member(), 403, id="a member"),
        pytest.param(analyst(), 403, id="an analyst"),
        pytest.param(backend("orders:write"), 403, id="a key without the scope"),
        pytest.param(backend("faq:write"), 201, id="a key with the scope"),
        pytest.param(marketer(), 201, id="a marketer"),
        pytest.param(agent(), 201, id="an agent"),
        pytest.param(admin(), 201, id="an admin"),
    ],
)
async def test_who_may_write(harness: Harness, caller: Caller, status: int) -> None:
    assert (await draft(harness, caller)).status_code == status


async def test_anybody_reads_what_is_published(harness: Harness) -> None:
    article_id = await write_article(harness, agent(), REFUND)
    hidden = (await draft(harness, agent())).json()["article_id"]
    async with harness.client() as client:
        for query in ({}, {"q": "refund title"}, {"stage": "draft"}):
            listed = (await client.get("/v1/faq", params=query)).json()["items"]
            assert [shown["article_id"] for shown in listed] == [article_id]
        assert (await client.get(f"/v1/faq/{article_id}")).json()["texts"] is None
        assert (await client.get(f"/v1/faq/{hidden}")).status_code == 404


async def test_a_bad_token_reads_nothing(harness: Harness) -> None:
    async with harness.client(Authorization="Bearer forged") as client:
        assert (await client.get("/v1/faq")).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("PUT", ""), ("POST", "/publish"), ("POST", "/withdraw")]
)
async def test_an_absent_article_is_not_found(harness: Harness, method: str, path: str) -> None:
    async with harness.client(agent()) as client:
        json = BODY if method == "PUT" else None
        answer = await client.request(method, f"/v1/faq/{uuid7()}{path}", json=json)
    assert (answer.status_code, answer.json()["code"]) == (404, "feedback.article_not_found")

"""GET /v1/inbox and POST /v1/inbox/read."""

import asyncio

import pytest

from kit.ids import uuid7
from kit.testing import Harness, agent, member
from tests.notify.events import created, earned


async def filled(harness: Harness, items: int):
    """A member with that many items, as a caller."""
    caller = member()
    await harness.deliver(*(earned(caller.member_id, n + 1) for n in range(items)))
    return caller


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/inbox"), ("POST", "/v1/inbox/read")])
async def test_only_members_have_an_inbox(harness: Harness, method, path) -> None:
    async with harness.client() as anyone, harness.client(agent()) as staff:
        assert (await anyone.request(method, path)).status_code == 401
        assert (await staff.request(method, path, json={"up_to_seq": 1})).status_code == 403


async def test_an_inbox_nobody_wrote_to_is_empty(harness: Harness) -> None:
    async with harness.client(member()) as client:
        answer = await client.get("/v1/inbox")
    assert answer.json() == {"items": [], "next_cursor": None, "unread": 0}


async def test_pages_go_from_the_newest_to_the_first(harness: Harness) -> None:
    async with harness.client(await filled(harness, 7)) as client:
        seen, cursor = [], ""
        while cursor is not None:
            page = (await client.get(f"/v1/inbox?limit=3{cursor and '&cursor='}{cursor}")).json()
            seen.append([item["seq"] for item in page["items"]])
            cursor = page["next_cursor"]
            assert page["unread"] == 7
    assert seen == [[7, 6, 5], [4, 3, 2], [1]]


async def test_a_stream_resumes_after_the_last_item_it_saw(harness: Harness) -> None:
    async with harness.client(await filled(harness, 5)) as client:
        first = (await client.get("/v1/inbox?after=2&limit=2")).json()["items"]
        rest = (await client.get("/v1/inbox?after=4")).json()["items"]
        none = (await client.get("/v1/inbox?after=5")).json()["items"]
    assert [[item["seq"] for item in items] for items in (first, rest, none)] == [[3, 4], [5], []]
    assert {item["unread"] for item in first} == {5}


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        f"after={2**70}",
        "limit=0",
        "limit=201",
        "cursor=!",
        "cursor=WyJ4Il0",
        f"cursor={'A' * 600}",
    ],
)
async def test_a_bad_place_is_refused(harness: Harness, query) -> None:
    async with harness.client(member()) as client:
        answer = await client.get(f"/v1/inbox?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_two_places_are_refused(harness: Harness) -> None:
    async with harness.client(await filled(harness, 3)) as client:
        cursor = (await client.get("/v1/inbox?limit=1")).json()["next_cursor"]
        answer = await client.get(f"/v1/inbox?after=1&cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (422, "notify.two_places")


async def test_an_unchanged_inbox_is_not_sent_again(harness: Harness) -> None:
    caller = await filled(harness, 2)
    async with harness.client(caller) as client:
        tag = (await client.get("/v1/inbox")).headers["etag"]
        again = {"If-None-Match": tag}
        assert (await client.get("/v1/inbox", headers=again)).status_code == 304
        await client.post("/v1/inbox/read", json={"up_to_seq": 1})
        assert (await client.get("/v1/inbox", headers=again)).status_code == 200


async def test_reading_up_to_a_number(harness: Harness) -> None:
    async with harness.client(await filled(harness, 5)) as client:
        for up_to_seq, unread in ((2, 3), (2, 3), (1, 3), (0, 3), (99, 0)):
            answer = await client.post("/v1/inbox/read", json={"up_to_seq": up_to_seq})
            assert (answer.status_code, answer.json()) == (200, {"unread": unread})
        assert (await client.get("/v1/inbox")).json()["unread"] == 0


async def test_reading_single_items(harness: Harness) -> None:
    async with harness.client(await filled(harness, 3)) as client:
        items = (await client.get("/v1/inbox")).json()["items"]
        body = {"item_ids": [items[0]["item_id"], items[2]["item_id"], items[0]["item_id"]]}
        for _ in range(2):
            assert (await client.post("/v1/inbox/read", json=body)).json() == {"unread": 1}
        read = [bool(item["read_at"]) for item in (await client.get("/v1/inbox")).json()["items"]]
    assert read == [True, False, True]


async def test_another_members_items_are_not_there_to_be_read(harness: Harness) -> None:
    theirs, mine = await filled(harness, 1), await filled(harness, 1)
    async with harness.client(theirs) as client:
        their_id = (await client.get("/v1/inbox")).json()["items"][0]["item_id"]
    async with harness.client(mine) as client:
        my_id = (await client.get("/v1/inbox")).json()["items"][0]["item_id"]
        for item_ids in ([their_id], [my_id, their_id], [str(uuid7())]):
            answer = await client.post("/v1/inbox/read", json={"item_ids": item_ids})
            assert (answer.status_code, answer.json()["code"]) == (404, "notify.items_not_found")
        assert (await client.get("/v1/inbox")).json()["unread"] == 1
    async with harness.client(theirs) as client:
        assert (await client.get("/v1/inbox")).json()["unread"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"up_to_seq": 1, "item_ids": ["0190a8f0-2b5e-7c31-9d4a-6f1e2d3c4b5a"]},
        {"up_to_seq": None},
        {"up_to_seq": -1},
        {"up_to_seq": 2**63},
        {"up_to_seq": "x"},
        {"item_ids": []},
        {"item_ids": ["x"]},
        {"item_ids": ["0190a8f0-2b5e-7c31-9d4a-6f1e2d3c4b5a"] * 201},
        {"up_to_seq": 1, "more": 1},
        [],
    ],
)
async def test_a_bad_reading_is_refused(harness: Harness, body) -> None:
    async with harness.client(member()) as client:
        answer = await client.post("/v1/inbox/read", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_broken_json_is_refused(harness: Harness) -> None:
    async with harness.client(member(), **{"Content-Type": "application/json"}) as client:
        assert (await client.post("/v1/inbox/read", content=b"{")).status_code == 400


async def test_counts_stay_right_while_items_come_and_are_read_at_once(harness: Harness) -> None:
    caller = await filled(harness, 10)
    await harness.deliver(created(caller.member_id))
    async with harness.client(caller) as client:
        items = (await client.get("/v1/inbox")).json()["items"]
        await asyncio.gather(
            *(harness.deliver(earned(caller.member_id)) for _ in range(10)),
            *(client.post("/v1/inbox/read", json={"up_to_seq": n}) for n in range(1, 9)),
            *(
                client.post("/v1/inbox/read", json={"item_ids": [item["item_id"]]})
                for item in items[:5]
            ),
        )
        page = (await client.get("/v1/inbox")).json()
    assert [item["seq"] for item in page["items"]] == list(range(21, 0, -1))
    assert page["unread"] == sum(item["read_at"] is None for item in page["items"]) == 10


async def test_reading_with_a_key_is_answered_alike(harness: Harness) -> None:
    caller = await filled(harness, 2)
    key = {"Idempotency-Key": str(uuid7())}
    async with harness.client(caller) as client:
        first = await client.post("/v1/inbox/read", json={"up_to_seq": 1}, headers=key)
        await harness.deliver(earned(caller.member_id))
        second = await client.post("/v1/inbox/read", json={"up_to_seq": 1}, headers=key)
    assert (first.content, second.headers["idempotent-replayed"]) == (second.content, "true")


async def test_items_and_their_count_are_seen_at_one_moment(harness: Harness) -> None:
    """Whatever comes or is read meanwhile, a page that holds all items counts those unread."""
    caller = await filled(harness, 5)

    async def come_and_read() -> None:
        for number in range(20):
            await harness.deliver(earned(caller.member_id, number + 100))
            async with harness.client(caller) as client:
                await client.post("/v1/inbox/read", json={"up_to_seq": number})

    async def look() -> None:
        async with harness.client(caller) as client:
            for _ in range(40):
                page = (await client.get("/v1/inbox?limit=200")).json()
                assert page["unread"] == sum(item["read_at"] is None for item in page["items"])

    await asyncio.gather(come_and_read(), look())

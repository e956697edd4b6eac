"""A queue of writes is answered as if each had been sent alone, whatever became of the others."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from gateway.limits import Limits, Quota
from gateway.routes import Worth
from gateway.sync import Sync, SyncBody
from kit.auth import Caller
from kit.testing import backend, member
from tests.gateway.edge import PACES, PLENTY, Edge, Reply, Service, answering
from tests.phone.whole import Whole


def write(path: str, body: Any = None, key: UUID | None = None, **more: Any) -> dict[str, Any]:
    return {"key": str(key or uuid4()), "path": path, "body": body, **more}


def ticket(subject: str = "Where is it?", **more: Any) -> dict[str, Any]:
    return write("/v1/tickets", {"subject": subject, "text": "Please — où est-il? 在哪"}, **more)


async def synced(edge: Edge, caller: Caller, *writes: dict[str, Any], **more: Any) -> list[Any]:
    reply = await send(edge, caller, writes=list(writes), **more)
    assert reply.status == 200, reply.body
    return reply.json["items"]


async def send(edge: Edge, caller: Caller | None, **body: Any) -> Reply:
    content = orjson.dumps(body)
    headers = {"Content-Type": "application/json", "Content-Length": str(len(content))}
    return await edge.ask("POST", "/v1/sync", caller, headers=headers, pieces=[content])


async def tickets_of(whole: Whole, caller: Caller) -> list[str]:
    reply = await whole.edge.ask("GET", "/v1/tickets", caller)
    return [one["subject"] for one in reply.json["items"]]


async def test_writes_are_done_in_their_order_and_each_is_answered(whole: Whole) -> None:
    caller = member(await whole.registered())
    opened, changed, checked_in = await synced(
        whole.edge,
        caller,
        ticket(),
        write("/v1/me", {"display_name": "Meimei"}, method="PATCH"),
        write("/v1/checkins"),
    )
    assert (opened["status"], opened["body"]["subject"]) == (201, "Where is it?")
    assert (changed["status"], changed["body"]["display_name"]) == (200, "Meimei")
    assert checked_in["status"] in (200, 201)
    assert {one["state"] for one in (opened, changed, checked_in)} == {"answered"}


async def test_the_whole_queue_sent_again_gets_the_same_answers(whole: Whole) -> None:
    caller = member(await whole.registered())
    writes = [ticket(f"No. {n}") for n in range(5)] + [write("/v1/checkins")]
    first = await synced(whole.edge, caller, *writes)
    again = await synced(whole.edge, caller, *writes)
    assert [one["replayed"] for one in first] == [False] * 6
    assert [one["replayed"] for one in again] == [True] * 6
    for one in (*first, *again):
        one.pop("replayed")
    assert again == first
    assert sorted(await tickets_of(whole, caller)) == [f"No. {n}" for n in range(5)]


async def test_what_was_sent_alone_before_is_not_done_again(whole: Whole) -> None:
    """The phone spelt its JSON its own way, and never got the answer."""
    caller, key = member(await whole.registered()), uuid4()
    alone = b'{ "text" : "Please \xe2\x80\x94 o\\u00f9 est-il? \\u5728\\u54ea", "subject":"Hi" }'
    headers = {
        "Content-Type": "application/json",
        "Content-Length": str(len(alone)),
        "Idempotency-Key": str(key),
    }
    first = await whole.edge.ask("POST", "/v1/tickets", caller, headers=headers, pieces=[alone])
    (queued,) = await synced(whole.edge, caller, ticket("Hi", key=key))
    assert (first.status, queued["replayed"], queued["body"]) == (201, True, first.json)
    assert await tickets_of(whole, caller) == ["Hi"]


async def test_the_same_queue_from_two_places_at_once_has_one_effect(whole: Whole) -> None:
    caller = member(await whole.registered())
    writes = [ticket(f"No. {n}") for n in range(4)]
    one, other = await asyncio.gather(
        synced(whole.edge, caller, *writes), synced(whole.edge, caller, *writes)
    )
    assert [item["body"] for item in one] == [item["body"] for item in other]
    assert len(await tickets_of(whole, caller)) == 4


async def test_a_refused_write_stops_no_other(whole: Whole) -> None:
    caller = member(await whole.registered())
    items = await synced(
        whole.edge,
        caller,
        ticket("One"),
        ticket("x" * 10_000),
        write("/v1/orders", {}),
        write("/v1/nothing", {}),
        write(f"/v1/tickets/{uuid4()}/messages", {"client_msg_id": str(uuid4()), "text": "a"}),
        ticket("Two"),
    )
    assert [one["status"] for one in items] == [201, 422, 403, 404, 404, 201]
    assert items[1]["body"]["code"] == "invalid"
    assert items[3]["body"]["code"] == "gateway.no_such_path"
    assert sorted(await tickets_of(whole, caller)) == ["One", "Two"]


async def test_a_refused_write_stops_what_follows_if_asked(whole: Whole) -> None:
    caller = member(await whole.registered())
    writes = [ticket("One"), ticket("x" * 10_000), ticket("Two")]
    items = await synced(whole.edge, caller, *writes, stop_on_error=True)
    assert [(one["state"], one["status"], one["because"]) for one in items] == [
        ("answered", 201, None),
        ("answered", 422, None),
        ("left", None, "error"),
    ]
    assert await tickets_of(whole, caller) == ["One"]
    (later,) = await synced(whole.edge, caller, writes[2])
    assert (later["status"], later["replayed"]) == (201, False)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/sync",
        "/v1/auth/login",
        "/v1/api-keys",
        "/v1/tickets/01a1ffec-1522-7519-a168-3f4fd41709bf/attachments",
    ],
)
async def test_some_things_cannot_be_queued(whole: Whole, path: str) -> None:
    (item,) = await synced(whole.edge, member(), write(path, {}))
    assert (item["status"], item["body"]["code"]) == (422, "gateway.not_in_sync")


@pytest.mark.parametrize(
    "path", ["/v1/tickets/../sync", "/v1//tickets", "/v1/%2e%2e/v1/sync", "/internal/receipts/x"]
)
async def test_tricks_in_a_path_lead_nowhere(whole: Whole, path: str) -> None:
    (item,) = await synced(whole.edge, member(), write(path, {}))
    assert (item["status"], item["body"]["code"]) == (404, "gateway.no_such_path")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"writes": []}, id="nothing"),
        pytest.param({"writes": [write("/v1/checkins")] * 101}, id="more than a hundred"),
        pytest.param({"writes": [{"path": "/v1/checkins"}]}, id="no key"),
        pytest.param({"writes": [write("/v1/checkins", key="x")]}, id="a key that is no UUID"),
        pytest.param({"writes": [write("/v1/me", method="GET")]}, id="a read"),
        pytest.param({"writes": [write("https://x.example/")]}, id="another place"),
        pytest.param({"writes": [write("/v1/me\r\nX-Role: admin")]}, id="a header in a path"),
        pytest.param({"writes": [write("/v1/me#x")]}, id="a fragment"),
        pytest.param({"writes": [write("/v1/me", if_match='"a"\r\nX: 1')]}, id="a header in a tag"),
        pytest.param({"writes": [write("/v1/me", headers={"X-Role": "admin"})]}, id="headers"),
    ],
)
async def test_a_queue_that_is_wrong_is_refused_whole(whole: Whole, body: dict[str, Any]) -> None:
    reply = await send(whole.edge, member(), **body)
    assert (reply.status, reply.json["code"]) == (422, "invalid")


async def test_who_is_not_signed_in_has_no_queue(whole: Whole) -> None:
    assert (await send(whole.edge, None, writes=[write("/v1/checkins")])).status == 401


async def test_numbers_beyond_sixty_four_bits_are_passed_on(whole: Whole) -> None:
    content = b'{"writes":[{"key":"%s","path":"/v1/checkins","body":{"a":%s}}]}' % (
        str(uuid4()).encode(),
        b"9" * 40,
    )
    headers = {"Content-Type": "application/json", "Content-Length": str(len(content))}
    reply = await whole.edge.ask("POST", "/v1/sync", member(), headers=headers, pieces=[content])
    assert reply.status == 200
    assert reply.json["items"][0]["status"] < 500


async def test_if_match_is_that_of_each_write(whole: Whole) -> None:
    caller = member(await whole.registered())
    patch = {"method": "PATCH", "if_match": '"never"'}
    (item,) = await synced(whole.edge, caller, write("/v1/me", {"display_name": "M"}, **patch))
    assert item["status"] == 412


async def test_a_backend_may_queue_orders(whole: Whole) -> None:
    member_id = await whole.registered()
    body = {
        "order_id": "o-1",
        "member_id": str(member_id),
        "items": [],
        "amount_minor": 100,
        "currency": "CNY",
        "placed_at": "2026-11-20T08:00:00Z",
    }
    shop = backend("orders:write")
    orders = [write("/v1/orders", {**body, "order_id": f"o-{n}"}) for n in range(3)]
    paid = write("/v1/orders/o-1/status", {"status": "paid"}, method="PUT")
    items = await synced(whole.edge, shop, *orders, paid)
    assert [one["status"] // 100 for one in items] == [2, 2, 2, 2]


# the way through the proxy


async def test_every_write_counts_against_the_limit_as_if_alone(
    whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    quotas = dict.fromkeys(PACES, PLENTY) | {"write": Quota(2, 60)}
    monkeypatch.setattr(whole.edge.conditions, "limits", Limits(quotas))
    caller = member(await whole.registered())
    items = await synced(whole.edge, caller, *(ticket(f"No. {n}") for n in range(3)))
    assert [one["status"] for one in items] == [201, 201, 429]
    assert int(items[2]["headers"]["retry-after"]) >= 1
    assert len(await tickets_of(whole, caller)) == 2


async def test_a_write_arrives_as_its_caller_s_with_nothing_else_of_the_queue() -> None:
    service = Service(answering({"ok": True}, 201, (b"etag", b'"1"')))
    edge = Edge({"feedback": service})
    sent = SyncBody(writes=[ticket()])
    caller = member()
    bearer = edge.bearer(caller)["Authorization"].encode()
    headers = [
        (b"authorization", bearer),
        (b"content-length", b"999"),
        (b"content-encoding", b"gzip"),
        (b"idempotency-key", b"of the queue"),
        (b"if-none-match", b'"x"'),
        (b"accept-language", b"ru"),
        (b"x-user-id", b"someone"),
    ]
    (item,) = await Sync(edge.conditions, edge.proxy).play(sent, outer(headers), 5)
    assert (item.status, item.headers) == (201, {"etag": '"1"'})
    assert edge.caller_in(service.headers, "feedback")["sub"] == caller.subject
    assert service.headers["idempotency-key"] == str(sent.writes[0].key)
    assert service.headers["accept-language"] == "ru"
    assert int(service.headers["x-deadline-ms"]) <= 5_000
    assert service.asked[0]["worth"] is Worth.SYNC
    assert not service.headers.keys() & {"content-encoding", "if-none-match", "x-user-id"}
    assert orjson.loads(service.bodies[0])["subject"] == "Where is it?"


def outer(headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/v1/sync",
        "raw_path": b"/v1/sync",
        "query_string": b"a=b",
        "headers": [(b"host", b"app.example"), *headers],
        "client": ("203.0.113.9", 40_000),
        "state": {},
    }


async def test_what_there_is_no_time_for_is_left_and_said() -> None:
    begun = []

    async def slow(scope, receive, send) -> None:
        begun.append(dict(scope["headers"])[b"x-deadline-ms"])
        await asyncio.sleep(int(begun[-1]) / 1000)
        await answering({}, 504)(scope, receive, send)

    body = SyncBody(writes=[ticket(), ticket(), ticket()])
    items = await Sync(Edge({}).conditions, slow).play(body, outer([]), 1.0)
    assert [(one.state, one.because) for one in items] == [
        ("answered", None),
        ("left", "time"),
        ("left", "time"),
    ]
    assert len(begun) == 1


async def test_an_answer_that_breaks_off_costs_itself_only() -> None:
    async def breaks(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 201, "headers": []})
        raise ConnectionError("away")

    broken = Edge({"feedback": breaks, "loyalty": Service(answering({"day": "x"}))})
    bearer = broken.bearer(member())["Authorization"].encode()
    body = SyncBody(writes=[ticket(), write("/v1/checkins")])
    scope = outer([(b"authorization", bearer)])
    items = await Sync(broken.conditions, broken.proxy).play(body, scope, 5)
    assert [one.status for one in items] == [502, 200]
    assert items[0].body["code"] == "gateway.broke_off"

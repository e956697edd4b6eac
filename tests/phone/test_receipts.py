"""A receipt proves what became of a write: to who sent it, truthfully at every moment."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from gateway import receipts
from gateway.receipts import Receipts
from kit import clock, dead_letters
from kit.auth import Caller
from kit.receipts import Heard, Parked, PartReceipt, Said, Write
from kit.testing import backend, member
from tests.gateway.edge import Edge, Reply, Service, answering, never
from tests.phone.whole import SHOP, Whole


async def receipt(
    whole: Whole, key: UUID | str, caller: Caller = SHOP, **headers: str
) -> tuple[int, Any]:
    reply: Reply = await whole.edge.ask("GET", f"/v1/receipts/{key}", caller, headers=headers)
    return reply.status, reply.json if reply.body else None


async def test_an_order_is_followed_from_acceptance_to_the_message(whole: Whole) -> None:
    member_id, key = await whole.registered(), uuid4()
    assert (await whole.order(key, member_id)).status == 201

    _, accepted = await receipt(whole, key)
    assert accepted["state"] == "working"
    assert [(one["service"], one["route"], one["status"]) for one in accepted["writes"]] == [
        ("profile", "POST /v1/orders", 201)
    ]
    (placed,) = accepted["events"]
    assert (placed["type"], placed["shows"]) == (
        "profile.order.placed.v1",
        {"order_id": f"o-{key.hex[:8]}"},
    )
    assert (placed["handled_by"], placed["waits_for"]) == ([], ["loyalty"])
    assert (accepted["points"], accepted["messages"]) == ([], [])

    await whole.carry("loyalty")
    _, granted = await receipt(whole, key)
    assert granted["state"] == "working"
    assert [(one["kind"], one["points"], one["state"]) for one in granted["points"]] == [
        ("earned", 129, "pending")
    ]
    assert [one["service"] for one in granted["events"][0]["handled_by"]] == ["loyalty"]
    assert granted["events"][1]["caused_by"] == granted["events"][0]["event_id"]
    assert granted["events"][1]["waits_for"] == ["notify"]

    await whole.carry()
    status, done = await receipt(whole, key)
    assert (status, done["state"], done["unavailable"], done["more"]) == (200, "done", [], False)
    assert [(one["channel"], one["state"]) for one in done["messages"]] == [("inbox", "delivered")]
    assert not any(one["waits_for"] or one["stuck_in"] for one in done["events"])


async def test_a_phone_that_retries_and_a_stream_that_repeats_change_nothing(whole: Whole) -> None:
    member_id, key = await whole.registered(), uuid4()
    placed_at = clock.now().isoformat()
    replies = [await whole.order(key, member_id, placed_at=placed_at) for _ in range(3)]
    assert {reply.body for reply in replies} == {replies[0].body}
    await whole.carry(times=2)
    _, once = await receipt(whole, key)
    await whole.carry(times=3)
    again = await whole.order(key, member_id, placed_at=placed_at)
    assert again.headers["idempotent-replayed"] == "true"
    assert await receipt(whole, key) == (200, once)
    assert (len(once["writes"]), len(once["points"]), len(once["messages"])) == (1, 1, 1)
    assert once["state"] == "done"


async def test_a_receipt_is_its_caller_s_alone(whole: Whole) -> None:
    member_id, key = await whole.registered(), uuid4()
    await whole.order(key, member_id)
    await whole.carry()
    for stranger in (member(), member(member_id), backend("orders:write")):
        status, refusal = await receipt(whole, key, stranger)
        assert (status, refusal["code"]) == (404, "gateway.receipt_unknown")


async def test_the_same_key_of_another_caller_shows_their_own_write(whole: Whole) -> None:
    member_id, key = await whole.registered(), uuid4()
    await whole.order(key, member_id)
    await whole.carry()
    await whole.edge.post("/v1/checkins", None, member(member_id), key)
    await whole.carry()
    _, theirs = await receipt(whole, key, member(member_id))
    assert [one["route"] for one in theirs["writes"]] == ["POST /v1/checkins"]
    assert {one["type"].split(".")[1] for one in theirs["events"]} == {
        "checkin",
        "points",
        "inbox",
    }
    _, ours = await receipt(whole, key)
    assert [one["route"] for one in ours["writes"]] == ["POST /v1/orders"]
    assert len(ours["points"]) == 1


async def test_each_of_many_orders_handled_together_has_its_own_receipt(whole: Whole) -> None:
    member_id, keys = await whole.registered(), [uuid4() for _ in range(5)]
    for number, key in enumerate(keys, 1):
        await whole.order(key, member_id, amount_minor=number * 1_000)
    placed = await whole.harnesses["profile"].events("profile.order.placed.v1")
    await whole.harnesses["loyalty"].deliver(*placed)  # as one batch
    await whole.carry()
    for number, key in enumerate(keys, 1):
        _, found = await receipt(whole, key)
        assert [one["points"] for one in found["points"]] == [number * 10]
        assert (found["state"], len(found["messages"])) == ("done", 1)


async def test_a_refused_write_says_so(whole: Whole) -> None:
    key = uuid4()
    member_id = await whole.registered()
    await whole.order(key, member_id, order_id="o-1")
    other = uuid4()
    refused = await whole.order(other, member_id, order_id="o-1", amount_minor=5)
    assert refused.status == 409
    _, found = await receipt(whole, other)
    assert (found["state"], found["writes"][0]["status"], found["events"]) == ("refused", 409, [])


async def test_an_event_that_got_stuck_is_shown_until_it_is_replayed(whole: Whole) -> None:
    member_id, key = await whole.registered(), uuid4()
    await whole.order(key, member_id)
    (placed,) = await whole.harnesses["profile"].events("profile.order.placed.v1")
    loyalty = whole.harnesses["loyalty"]
    async with loyalty.transaction() as session:
        await dead_letters.park(session, placed.id, placed.type, placed.encode(), "a bug", 8)
    _, found = await receipt(whole, key)
    assert (found["state"], found["events"][0]["stuck_in"]) == ("stuck", ["loyalty"])
    assert found["events"][0]["waits_for"] == []
    async with loyalty.transaction() as session:
        handlers = loyalty.service.handlers
        assert await dead_letters.replay(session, "loyalty", handlers, placed.id, clock.now())
    await whole.carry()
    _, found = await receipt(whole, key)
    assert (found["state"], len(found["points"])) == ("done", 1)


async def test_what_has_not_changed_is_not_sent_again(whole: Whole) -> None:
    member_id, key = await whole.registered(), uuid4()
    await whole.order(key, member_id)
    first = await whole.edge.ask("GET", f"/v1/receipts/{key}", SHOP)
    tag = first.headers["etag"]
    assert await receipt(whole, key, **{"If-None-Match": tag}) == (304, None)
    await whole.carry()
    status, _ = await receipt(whole, key, **{"If-None-Match": tag})
    assert status == 200


async def test_no_key_no_receipt(whole: Whole) -> None:
    assert (await receipt(whole, uuid4()))[0] == 404
    assert (await receipt(whole, "o-1"))[0] == 422
    assert (await whole.edge.ask("GET", f"/v1/receipts/{uuid4()}")).status == 401


async def test_the_parts_own_paths_are_not_public(whole: Whole) -> None:
    reply = await whole.edge.ask("GET", f"/internal/receipts/{uuid4()}", SHOP)
    assert (reply.status, reply.json["code"]) == (404, "gateway.no_such_path")


# put together from what the parts tell

NOW = clock.now()


def write(status: int = 201) -> Write:
    return Write(route="POST /v1/orders", status=status, at=NOW)


def said(event_type: str = "profile.order.placed.v1", **shows: Any) -> Said:
    return Said(
        event_id=uuid4(), type=event_type, caused_by=None, published=True, at=NOW, shows=shows
    )


def part(hears: str = "", **told: Any) -> PartReceipt:
    given = {"writes": [], "said": [], "heard": [], "parked": [], **told}
    return PartReceipt(hears=[hears] if hears else [], **given)


EVENT = said()
HEARER = EVENT.type
HANDLED = Heard(event_id=EVENT.event_id, at=NOW)
PARKED = Parked(event_id=EVENT.event_id, at=NOW)


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        pytest.param({"profile": part(writes=[write(409)])}, "refused", id="only a refusal"),
        pytest.param({"profile": part(writes=[write()])}, "done", id="it said nothing"),
        pytest.param(
            {"profile": part(writes=[write(409), write()])}, "done", id="one of two was good"
        ),
        pytest.param(
            {"profile": part(writes=[write()], said=[EVENT]), "loyalty": part(HEARER)},
            "working",
            id="a hearer has not handled it",
        ),
        pytest.param(
            {
                "profile": part(writes=[write()], said=[EVENT]),
                "loyalty": part(HEARER, heard=[HANDLED]),
            },
            "done",
            id="the hearer has handled it",
        ),
        pytest.param(
            {
                "profile": part(writes=[write()], said=[EVENT]),
                "loyalty": part(HEARER, heard=[HANDLED]),
                "notify": part(HEARER),
            },
            "working",
            id="one of two hearers has not",
        ),
        pytest.param(
            {
                "profile": part(writes=[write()], said=[EVENT]),
                "loyalty": part(HEARER, parked=[PARKED]),
            },
            "stuck",
            id="the hearer parked it",
        ),
        pytest.param(
            {
                "profile": part(writes=[write()], said=[EVENT]),
                "loyalty": part(HEARER, parked=[PARKED], heard=[HANDLED]),
            },
            "done",
            id="it was parked and handled since",
        ),
        pytest.param(
            {"profile": part(writes=[write()], said=[EVENT]), "loyalty": None},
            "working",
            id="a part is away",
        ),
    ],
)
def test_the_state_is_what_the_parts_tell(parts: dict[str, PartReceipt | None], state: str) -> None:
    found = receipts.receipt_of(uuid4(), parts)
    assert found is not None
    assert found.state == state


def test_failed_and_sent_messages_are_told_apart() -> None:
    message_id = str(uuid4())
    failed = said(
        "notify.message.failed.v1", message_id=message_id, channel="email", reason="no such box"
    )
    sent = said("notify.message.sent.v1", message_id=message_id, channel="email")
    found = receipts.receipt_of(uuid4(), {"notify": part(writes=[write()], said=[failed, sent])})
    assert found is not None
    assert {(one.channel, one.state, one.reason) for one in found.messages} == {
        ("email", "failed", "no such box"),
        ("email", "sent", None),
    }


def test_a_part_that_tells_no_more_makes_it_more_than_is_shown() -> None:
    many = [said() for _ in range(200)]
    found = receipts.receipt_of(uuid4(), {"profile": part(writes=[write()], said=many)})
    assert found is not None
    assert found.more


async def broken(_scope, _receive, _send) -> None:
    raise ConnectionError("away")


@pytest.mark.parametrize(
    "failing",
    [
        pytest.param(Service(answering({}, 500)), id="it answers 500"),
        pytest.param(Service(broken), id="it cannot be reached"),
        pytest.param(Service(never), id="it is late"),
        pytest.param(Service(answering({"writes": 1})), id="it says something strange"),
    ],
)
async def test_a_part_that_is_away_makes_a_receipt_incomplete_and_never_a_denial(
    failing: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "PARTS_S", 1.0)
    knows = part(writes=[write()]).model_dump(mode="json")
    nothing = part().model_dump(mode="json")
    tokens = Edge({}).internal
    with_it = Receipts({"profile": Service(answering(knows)), "loyalty": failing}, tokens)
    found = await with_it.find(member(), uuid4())
    assert (found.state, found.unavailable) == ("working", ["loyalty"])
    without = Receipts({"profile": Service(answering(nothing)), "loyalty": failing}, tokens)
    with pytest.raises(receipts.Unavailable):
        await without.find(member(), uuid4())


async def test_parts_are_asked_at_once_and_as_the_caller() -> None:
    edge, caller, key = Edge({}), member(), uuid4()
    waiting = asyncio.Barrier(2)

    async def together(scope, receive, send) -> None:
        await waiting.wait()  # answers only when the other was asked too
        await answering(part(writes=[write()]).model_dump(mode="json"))(scope, receive, send)

    services = {"profile": Service(together), "loyalty": Service(together)}
    await Receipts(services, edge.internal).find(caller, key)
    for name, service in services.items():
        assert edge.caller_in(service.headers, name)["sub"] == caller.subject
        assert service.asked[0]["path"] == f"/internal/receipts/{key}"

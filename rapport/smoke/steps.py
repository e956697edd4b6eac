"""What the clients do, and what must come of it. Each step returns a remark worth reading."""

from base64 import b64decode
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from rapport.smoke.clients import Cast, UnexpectedError, eventually

Step = Callable[[Cast], Awaitable[str]]

ORDER_MINOR = 600_000  # 6,000 growth points: gold.
PHOTOGRAPH = b64decode(  # one grey pixel, PNG
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


def promise(kept: object, said: str) -> None:
    """UnexpectedError, with `said`, unless the promise is kept."""
    if not kept:
        raise UnexpectedError(said)


def now() -> str:
    """The present time as the API takes it."""
    return datetime.now(UTC).isoformat()


async def wallet_where(cast: Cast, fits: Callable[[dict[str, Any]], bool], what: str) -> Any:
    """The member's wallet, once it fits."""

    async def find() -> Any:
        wallet = await cast.app.get("/v1/wallet")
        return wallet if fits(wallet) else None

    return await eventually(find, what)


async def register(cast: Cast) -> str:
    """The app registers a member."""
    await cast.app.register()
    return cast.app.email


async def profile_exists(cast: Cast) -> str:
    """Profile knows the member."""

    async def find() -> Any:
        profile = await cast.app.get("/v1/me")
        return profile if profile["email"] == cast.app.email else None

    profile = await eventually(find, "the profile")
    promise(profile["member_id"] == cast.app.member_id, "the profile is another member's")
    return f"language {profile['language']}"


async def welcome_points(cast: Cast) -> str:
    """Loyalty pays welcome points."""
    wallet = await wallet_where(cast, lambda w: w["points"] > 0, "welcome points")
    return f"{wallet['points']} points"


async def inbox_and_stream(cast: Cast) -> str:
    """The inbox and the live stream show them."""
    welcome = await cast.app.hears("account")
    await cast.app.hears("points")
    inbox = await cast.app.get("/v1/inbox")
    promise(inbox["unread"] >= 2, f"the inbox counts {inbox['unread']} unread")  # noqa: PLR2004
    return f"“{welcome['title']}”"


async def activities(cast: Cast) -> str:
    """The app reports activities; one sent twice counts once."""
    batch = [
        {"type": "track", "messageId": str(uuid4()), "event": event, "timestamp": now()}
        for event in ("Product Viewed", "Product Added")
    ]
    for _ in range(2):
        await cast.app.post("/v1/batch", {"batch": batch, "sentAt": now()})
    path = f"/v1/members/{cast.app.member_id}/activities"
    names = [item["name"] for item in (await cast.agent.get(path))["items"]]
    promise(sorted(names) == ["Product Added", "Product Viewed"], f"staff see {names}")
    return f"{len(batch)} of {2 * len(batch)} kept"


async def review(cast: Cast) -> str:
    """A review is paid."""
    before = (await cast.app.get("/v1/wallet"))["points"]
    body = {"type": "track", "messageId": str(uuid4()), "event": "Product Reviewed"}
    await cast.app.post("/v1/batch", {"batch": [{**body, "timestamp": now()}], "sentAt": now()})
    wallet = await wallet_where(cast, lambda w: w["points"] > before, "points for the review")
    return f"+{wallet['points'] - before} points"


async def check_in(cast: Cast) -> str:
    """The app checks in for the day."""
    before = (await cast.app.get("/v1/wallet"))["points"]
    await cast.app.post("/v1/checkins")
    wallet = await wallet_where(cast, lambda w: w["points"] > before, "points for the check-in")
    return f"+{wallet['points'] - before} points"


async def order(cast: Cast) -> str:
    """The backend reports an order; its points wait for delivery."""
    cast.facts["order_id"] = f"smoke-{uuid4().hex[:12]}"
    item = {"sku": "SMOKE-1", "name": "Espresso machine", "quantity": 1}
    body = {
        "order_id": cast.facts["order_id"],
        "member_id": cast.app.member_id,
        "items": [{**item, "amount_minor": ORDER_MINOR}],
        "amount_minor": ORDER_MINOR,
        "currency": "CNY",
        "placed_at": now(),
    }
    await cast.backend.post("/v1/orders", body)
    wallet = await wallet_where(cast, lambda w: w["pending"] > 0, "pending points")
    return f"{wallet['pending']} points pending"


async def tier(cast: Cast) -> str:
    """Growth points raise the tier, and the app hears of it."""
    wallet = await wallet_where(cast, lambda w: w["tier"]["key"] == "gold", "the tier gold")
    item = await cast.app.hears("points", saying="gold")
    return f"{wallet['growth_points']} growth points; “{item['title']}”"


async def delivery(cast: Cast) -> str:
    """The order is delivered; its points can be spent."""
    before = (await cast.app.get("/v1/wallet"))["points"]
    path = f"/v1/orders/{cast.facts['order_id']}/status"
    for status in ("paid", "shipped", "delivered"):
        await cast.backend.ask("PUT", path, {"status": status})
    wallet = await wallet_where(
        cast, lambda w: w["pending"] == 0 and w["points"] > before, "the order's points"
    )
    return f"{wallet['points']} points"


async def faq(cast: Cast) -> str:
    """A question the FAQ knows is answered at once."""
    text = {"title": "How long does delivery take?", "body": "Three working days."}
    article = await cast.agent.post("/v1/faq", {"category": "orders", "texts": {"en": text}})
    await cast.agent.post(f"/v1/faq/{article['article_id']}/publish")
    found = await cast.app.get("/v1/faq?q=when+will+my+delivery+arrive")
    promise(found["items"], "the FAQ has no answer")
    return f"“{found['items'][0]['title']}”"


async def ticket(cast: Cast) -> str:
    """Another opens a ticket, as urgent as the tier says."""
    body = {"subject": "Broken handle", "text": "The handle of my machine broke off."}
    ticket_id = (await cast.app.post("/v1/tickets", body))["ticket_id"]

    async def find() -> Any:  # feedback may hear of the tier only now
        shown = await cast.app.get(f"/v1/tickets/{ticket_id}")
        return shown if shown["priority"] == "high" else None

    cast.facts["ticket"] = await eventually(find, "the priority of a gold member's ticket")
    opened = (await cast.app.get("/v1/tickets"))["items"]
    promise(len(opened) == 1, f"one question opened {len(opened)} tickets")
    path = f"/v1/tickets/{ticket_id}/attachments"
    photo = await cast.app.send_file(path, "handle.png", PHOTOGRAPH)
    cast.facts["photograph"] = f"{path}/{photo['attachment_id']}"
    first = {
        "client_msg_id": str(uuid4()),
        "text": "Here is a photograph.",
        "attachment_ids": [photo["attachment_id"]],
    }
    sent = [await cast.app.post(f"/v1/tickets/{ticket_id}/messages", first) for _ in range(2)]
    promise(sent[0]["number"] == sent[1]["number"], "a repeated message was posted twice")
    return f"priority {cast.facts['ticket']['priority']}"


async def reply(cast: Cast) -> str:
    """An agent replies; the app hears it live."""
    seen = await cast.agent.get_file(cast.facts["photograph"])
    promise(seen == PHOTOGRAPH, "the agent sees another photograph")
    path = f"/v1/tickets/{cast.facts['ticket']['ticket_id']}/messages"
    body = {"client_msg_id": str(uuid4()), "text": "A new handle is on its way."}
    await cast.agent.post(path, body)
    item = await cast.app.hears("support")
    return f"“{item['title']}”"


async def survey(cast: Cast) -> str:
    """The ticket is resolved; the member is asked how it went."""
    await cast.agent.post(f"/v1/tickets/{cast.facts['ticket']['ticket_id']}/resolve")

    async def find() -> Any:
        items = (await cast.app.get("/v1/surveys"))["items"]
        return items[0] if items else None

    cast.facts["survey"] = await eventually(find, "a survey")
    item = await cast.app.hears("surveys")
    return f"“{item['title']}”"


async def answer(cast: Cast) -> str:
    """The answer is paid, and moves the satisfaction report."""
    before = await cast.admin.get("/v1/reports/satisfaction")
    points = (await cast.app.get("/v1/wallet"))["points"]
    path = f"/v1/surveys/{cast.facts['survey']['survey_id']}/answers"
    await cast.app.post(path, {"score": 5, "comment": "Quick and kind."})
    wallet = await wallet_where(cast, lambda w: w["points"] > points, "points for the answer")
    after = await cast.admin.get("/v1/reports/satisfaction")
    promise(after["answers"] == before["answers"] + 1, "the report did not move")
    return f"+{wallet['points'] - points} points, mean score {after['mean_score']:.2f}"


STEPS: tuple[Step, ...] = (
    register,
    profile_exists,
    welcome_points,
    inbox_and_stream,
    activities,
    review,
    check_in,
    order,
    tier,
    delivery,
    faq,
    ticket,
    reply,
    survey,
    answer,
)

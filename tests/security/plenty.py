"""At least two of everything there is a list of: a member who has used all the app offers.

`lists_of` says at which paths a list can be read, and by whom.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from kit import clock
from kit.testing import until
from tests.security.belongings import ARTICLE, session_of
from tests.security.surface import PARAMETER, Operation
from tests.security.verdicts import VERDICTS
from tests.security.world import NOBODY, Person, World

TEXTS = {"name": {"en": "Tea"}, "description": {"en": "Green."}}
TWICE = range(2)
POINTS = 1_000


@dataclass(slots=True)
class Plenty:
    """The member, and the ids of what was made, under the names that paths have for them."""

    member: Person
    ids: dict[str, str] = field(default_factory=dict)
    queries: dict[str, str] = field(default_factory=dict)


async def make_plenty(world: World) -> Plenty:
    """All of it, through the front door."""
    plenty = Plenty(await world.member("plenty"))
    for fill in (_points, _programme, _offers, _draws, _coupons, _rewards, _support, _messages):
        await fill(world, plenty)
    await _staff(world)
    for person in (plenty.member, world.people["admin"]):
        await session_of(world, person)
    await until(lambda: _has_settled(world, plenty))
    return plenty


async def _has_settled(world: World, plenty: Plenty) -> bool:
    """What was done has been heard of where it is listed."""
    paths = (f"/v1/members/{plenty.member.id}/activities", "/v1/inbox", "/v1/points/occasions")
    callers = (world.people["admin"], plenty.member, plenty.member)
    answers = [await world.call("GET", *each) for each in zip(paths, callers, strict=True)]
    return all(len(answer.json()["items"]) >= len(TWICE) for answer in answers)


async def _points(world: World, plenty: Plenty) -> None:
    """Points, some held, some that another administrator is to approve of, for what was done."""
    admin = world.people["admin"]
    plenty.ids["member_id"] = plenty.member.id
    path = f"/v1/members/{plenty.member.id}/points/adjustments"
    policy = "/v1/loyalty/point-types/points"
    await world.made(path, {"points": POINTS, "reason": "Plenty"}, admin)
    await world.call("PATCH", policy, admin, json={"approval_above": POINTS})
    for _ in TWICE:
        await world.made(path, {"points": POINTS + 1, "reason": "More"}, admin)
        await world.made("/v1/holds", {"member_id": plenty.member.id, "points": 1}, admin)
    await world.call("PATCH", policy, admin, json={"approval_above": None})
    await _payments(world, plenty)
    tracked = {"type": "track", "event": "Tea Poured"}
    batch = {"batch": [{**tracked, "messageId": uuid4().hex} for _ in TWICE]}
    await world.made("/v1/batch", batch, plenty.member)
    await world.made("/v1/checkins", None, plenty.member)


async def _payments(world: World, plenty: Plenty) -> None:
    """Two orders paid with points."""
    terms = {"currencies": [{"currency": "CNY", "points": 1, "minor": 1}]}
    await world.call("PUT", "/v1/loyalty/payment-terms", world.people["admin"], json=terms)
    await world.call("PUT", "/v1/loyalty/velocity-limits", world.people["admin"], json={})
    for _ in TWICE:
        order = {"order_id": uuid4().hex, "amount_minor": 100, "currency": "CNY", "points": 1}
        body = {**order, "member_id": plenty.member.id}
        await world.made("/v1/points/payments", body, world.people["backend"])
    plenty.queries["GET /v1/points/payments/lookup"] = f"order_id={order['order_id']}"


async def _programme(world: World, plenty: Plenty) -> None:
    """Two drafts that differ from the first version in two places."""
    admin, marketer = world.people["admin"], world.people["marketer"]
    first = (await world.call("GET", "/v1/programme/versions/1", admin)).json()["document"]
    rules = [{**rule, "name": {"en": "Renamed"}} for rule in first["rules"]]
    for _ in TWICE:
        body = {"document": {**first, "rules": rules}}
        made = await world.made("/v1/programme/versions", body, marketer)
        plenty.ids["version"] = str(made["version"])
    plenty.queries["GET /v1/programme/versions/{version}/differences"] = "since=1"
    today = clock.now().date()
    span = f"from={today - timedelta(days=7)}&until={today - timedelta(days=1)}"
    plenty.queries["GET /v1/loyalty/finance/entries"] = span


async def _offers(world: World, plenty: Plenty) -> None:
    """Missions, badges, and offers: two taken, which gave the badges, and two that are left."""
    marketer, member = world.people["marketer"], plenty.member
    goals = [{"trigger": "activity.Tea Poured", "target": 100}]
    for number in TWICE:
        badge = f"plenty-{number}"
        await world.made("/v1/loyalty/badges", {"badge": badge, **TEXTS}, marketer)
        await world.made(
            "/v1/missions", {**TEXTS, "goals": goals, "prize": {"points": 1}}, marketer
        )
        offer = {**TEXTS, "occasion": "general", "prize": {"badge": badge}}
        taken = await world.made("/v1/offers", offer, marketer)
        await world.made(f"/v1/offers/{taken['offer_id']}/claims", None, member)
        await world.made("/v1/offers", offer, marketer)


async def _draws(world: World, plenty: Plenty) -> None:
    """Two draws, one entered twice."""
    body = {
        **TEXTS,
        "prizes": [{"key": "tea", "name": {"en": "Tea"}, "odds": 1, "prize": {"points": 1}}],
        "closes_at": _later(days=30),
        "daily_entries": None,
    }
    for _ in TWICE:
        made = await world.made("/v1/draws", body, world.people["marketer"])
        plenty.ids["draw_id"] = made["draw_id"]
    for _ in TWICE:
        await world.made(f"/v1/draws/{made['draw_id']}/entries", None, plenty.member)


async def _coupons(world: World, plenty: Plenty) -> None:
    """Two series, and two coupons of the second, which the member has claimed."""
    again = {"coupon_uses": 2, "member_uses": 9}
    for _ in TWICE:
        series = {**TEXTS, **again, "kind": "claim", "key": f"plenty-{uuid4()}"}
        made = await world.made("/v1/coupons/series", series, world.people["marketer"])
        plenty.ids["series_id"] = made["series_id"]
    path = f"/v1/coupons/series/{made['series_id']}/coupons"
    for _ in TWICE:
        mine = {"member_id": plenty.member.id}
        coupon = await world.made(path, mine, world.people["marketer"])
        await world.made("/v1/points/codes", {"code": coupon["code"]}, plenty.member)
    plenty.queries["GET /v1/coupons/lookup"] = f"code={coupon['code']}"


async def _rewards(world: World, plenty: Plenty) -> None:
    """Two, redeemed, however few redemptions some test before has allowed."""
    admin = world.people["admin"]
    await world.call("PUT", "/v1/loyalty/velocity-limits", admin, json={})
    for _ in TWICE:
        reward = await world.made("/v1/rewards", {**TEXTS, "points": 1}, world.people["marketer"])
        await world.made(f"/v1/rewards/{reward['reward_id']}/redemptions", None, plenty.member)


async def _support(world: World, plenty: Plenty) -> None:
    """Articles, surveys, and tickets, the second with messages and notes."""
    agent, marketer, member = world.people["agent"], world.people["marketer"], plenty.member
    for kind in ("csat", "nps"):
        article = await world.made("/v1/faq", ARTICLE, agent)
        await world.made(f"/v1/faq/{article['article_id']}/publish", None, agent)
        survey = {"kind": kind, "question": {"en": "Well?"}, "member_ids": [member.id]}
        await world.made("/v1/surveys", survey, marketer)
        ticket = await world.made("/v1/tickets", {"subject": "Tea", "text": "Where?"}, member)
        plenty.ids["ticket_id"] = ticket["ticket_id"]
    said: list[tuple[str, Person]] = [("messages", member), ("notes", agent), ("notes", agent)]
    for what, writer in said:
        body = {"client_msg_id": str(uuid4()), "text": "It is late."}
        await world.made(f"/v1/tickets/{ticket['ticket_id']}/{what}", body, writer)


async def _messages(world: World, plenty: Plenty) -> None:
    """Announcements and campaigns."""
    content = {"en": {"title": "Tea", "body": "It is here."}}
    announcement = {"content": content, "starts_at": _later(days=-1), "ends_at": _later(days=1)}
    campaign = {"name": "Tea", "segment": "all", "channels": ["inbox"], "content": content}
    for _ in TWICE:
        await world.made("/v1/announcements", announcement, world.people["marketer"])
        await world.made("/v1/campaigns", campaign, world.people["marketer"])


async def _staff(world: World) -> None:
    """Invitations that nobody has accepted, and versions of the policy of traffic."""
    admin = world.people["admin"]
    for number in TWICE:
        email = f"invited.{uuid4().hex}.{number}@brand.example"
        invitation = {"email": email, "display_name": "Invited", "role": "agent"}
        await world.made("/v1/staff/invitations", invitation, admin)
        await world.call("PUT", "/v1/traffic/policy", admin, json={"shed_level": 0})


def _later(**by: float) -> str:
    return (clock.now() + timedelta(**by)).isoformat()


def lists_of(world: World, plenty: Plenty, operation: Operation) -> list[tuple[Person, str]]:
    """Who reads the list, and where: a member and staff, if to both, may see different ones."""
    verdict = VERDICTS[str(operation)]
    path = PARAMETER.sub(lambda place: plenty.ids[place[1]], operation.path)
    if query := plenty.queries.get(str(operation)):
        path += f"?{query}"
    if verdict.open:
        return [(NOBODY, path)]
    member = [plenty.member] if verdict.lets("member") else []
    others = [world.people[name] for name in ("admin", "agent", "marketer", "backend")]
    return [(each, path) for each in member + [p for p in others if verdict.lets(p.role)][:1]]

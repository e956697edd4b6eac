"""Events as other services publish them, and short ways to look at what notify did."""

from datetime import UTC, datetime
from uuid import UUID

from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, event, example, member

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def registered(member_id: UUID, **changes: object) -> Event:
    data = {
        "member_id": member_id,
        "email": "mei@example.com",
        "display_name": "Mei",
        "language": "zh-CN",
        "registered_at": "2026-03-01T08:00:00Z",
    }
    return event("gateway.account.registered.v1", {**data, **changes})


def created(member_id: UUID, **changes: object) -> Event:
    return example("profile.member.created.v1", member_id=member_id, **changes)


def updated(member_id: UUID, **changes: object) -> Event:
    return example("profile.member.updated.v1", member_id=member_id, **changes)


def merged(giver: UUID, receiver: UUID) -> Event:
    changes = {"member_id": receiver, "merged_member_id": giver}
    return example("profile.member.merged.v1", **changes)


def earned(member_id: UUID, points: int = 50, **changes: object) -> Event:
    data = {
        "member_id": member_id,
        "entry_id": uuid7(),
        "points": points,
        "state": "available",
        "balance": points,
    }
    return event("loyalty.points.earned.v1", {**data, **changes})


def tier_changed(member_id: UUID, tier: str, **changes: object) -> Event:
    name = {"en": tier.title(), "zh-CN": f"{tier}会员"}
    data = {"member_id": member_id, "tier": tier, "name": name, "reason": "reached"}
    return event("loyalty.tier.changed.v1", {**data, "changed_at": NOW, **changes})


def replied(member_id: UUID, text: str = "It ships today.", author: str = "agent") -> Event:
    changes = {"member_id": member_id, "message_id": uuid7(), "author": author, "text": text}
    return example("feedback.message.sent.v1", **changes)


def survey(member_id: UUID) -> Event:
    return example("feedback.survey.offered.v1", member_id=member_id, survey_id=uuid7())


def stage_changed(member_id: UUID, stage: str) -> Event:
    return example("profile.lifecycle.changed.v1", member_id=member_id, stage=stage)


def listed(campaign_id: object, members: list[UUID], page: int = 0, *, last: bool = True) -> Event:
    data = {"audience_id": campaign_id, "page": page, "member_ids": members, "last": last}
    return event("profile.audience.listed.v1", data, subject=campaign_id)


async def inbox_of(harness: Harness, member_id: UUID) -> list[dict]:
    """The member's inbox through the API, oldest first."""
    async with harness.client(member(member_id)) as client:
        answer = await client.get("/v1/inbox?after=0&limit=200")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def titles_of(harness: Harness, member_id: UUID) -> list[str]:
    return [item["title"] for item in await inbox_of(harness, member_id)]

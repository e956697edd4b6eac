"""Campaigns: one message to each member of a segment, over each channel at most once.

Starting asks profile who is in the segment; the answer is for `audiences`. A campaign is finished
when the pages of its audience are all in and nothing is queued or in flight: then, on each channel,
the audience is what was sent, failed, skipped, unknown and cancelled.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.ids import uuid7
from kit.problems import Conflict, Invalid, NotFound, Unprocessable
from services.notify import store
from services.notify.events import AudienceRequested, CampaignStarted
from services.notify.rendering import Texts, faults_in
from services.notify.rules import (
    POLICIES,
    CampaignState,
    Category,
    Channel,
    DeliveryState,
    may_become,
)
from services.notify.tables import Campaign

VARIABLES = ("name",)
"""What a campaign's texts may name: the member's display name, empty where there is none."""


class CampaignNotFound(NotFound):
    code = "notify.campaign_not_found"
    title = "No such campaign"


class WrongState(Conflict):
    code = "notify.wrong_campaign_state"
    title = "The campaign is not in a state for that"


class BadTemplate(Invalid):
    code = "notify.bad_template"
    title = "The texts have errors"


class MandatoryCategory(Unprocessable):
    code = "notify.not_for_campaigns"
    title = "Not a category for campaigns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a campaign is to say, to whom and how. `content` is by language."""

    name: str
    segment: str
    category: Category
    channels: Sequence[Channel]
    content: Mapping[str, Texts]
    action: str | None = None


async def create(session: AsyncSession, plan: Plan, created_by: str, now: datetime) -> Campaign:
    """A new campaign, not started yet. Raises MandatoryCategory or BadTemplate."""
    if POLICIES[plan.category].mandatory:
        raise MandatoryCategory(
            f"Members cannot refuse {plan.category}, so no campaign may use it; use marketing.",
            errors=[
                {"field": "category", "code": MandatoryCategory.code, "detail": "is mandatory"}
            ],
        )
    if faults := list(_faults(plan.content)):
        raise BadTemplate(faults)
    campaign = Campaign(
        campaign_id=uuid7(),
        name=plan.name,
        segment=plan.segment,
        category=plan.category,
        channels=list(plan.channels),
        content={language: asdict(texts) for language, texts in plan.content.items()},
        action=plan.action,
        created_by=created_by,
        created_at=now,
    )
    store.campaigns.add(session, campaign)
    await session.flush()
    return campaign


def _faults(content: Mapping[str, Texts]) -> Iterator[dict[str, Any]]:
    """What is wrong with the texts, each with its field, line and column."""
    for language, texts in content.items():
        for part in ("title", "body", "letter", "button"):
            for fault in faults_in(getattr(texts, part) or "", VARIABLES):
                yield {"field": f"content.{language}.{part}", **asdict(fault)}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a campaign's messages over one channel are in each state, and why."""

    channel: str
    states: Mapping[DeliveryState, int]
    reasons: Mapping[str, int]


async def tallies_of(session: AsyncSession, campaign: Campaign) -> list[Tally]:
    """A tally for each of the campaign's channels. Each adds up to the audience listed so far."""
    counts = await store.deliveries.counts_of(session, campaign.campaign_id)
    tallies = []
    for channel in campaign.channels:
        states, reasons = Counter[DeliveryState](), Counter[str]()
        for _, state, reason, number in filter(lambda count: count[0] == channel, counts):
            states[state] += number
            if reason:
                reasons[reason] += number
        tallies.append(Tally(channel, states, reasons))
    return tallies


async def campaign_of(session: AsyncSession, campaign_id: UUID) -> Campaign:
    """The campaign. Raises CampaignNotFound."""
    campaign = await store.campaigns.campaign_of(session, campaign_id)
    if campaign is None:
        raise CampaignNotFound("GET /v1/campaigns lists those there are.")
    return campaign


async def move(
    session: AsyncSession, campaign_id: UUID, wanted: CampaignState, now: datetime
) -> Campaign:
    """Start, pause, go on with or cancel a campaign.

    Asking again for what it is already changes nothing. Raises CampaignNotFound or WrongState.
    """
    campaign = await store.campaigns.lock(session, campaign_id)
    if campaign is None:
        raise CampaignNotFound("GET /v1/campaigns lists those there are.")
    if campaign.state == wanted:
        return campaign
    if not may_become(CampaignState(campaign.state), wanted):
        raise WrongState(
            f"A {campaign.state} campaign cannot become {wanted}.", state=campaign.state
        )
    first_start = wanted is CampaignState.RUNNING and campaign.started_at is None
    campaign.state = wanted
    if first_start:
        campaign.started_at = now
        await _announce_start(session, campaign, now)
    if wanted is CampaignState.CANCELLED:
        campaign.ended_at = now
    await session.flush()
    return campaign


async def _announce_start(session: AsyncSession, campaign: Campaign, now: datetime) -> None:
    started = CampaignStarted(
        campaign_id=campaign.campaign_id,
        name=campaign.name,
        segment=campaign.segment,
        category=campaign.category,
        channels=campaign.channels,
        started_at=now,
    )
    request = AudienceRequested(
        audience_id=campaign.campaign_id, segment=campaign.segment, requested_at=now
    )
    await outbox.publish(session, started, request)

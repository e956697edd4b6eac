"""A campaign's audience: pages become deliveries, these are sent, and the campaign is finished.

Each page becomes deliveries in one transaction, unique by campaign, member and channel; from then
on nothing but those rows says what was sent.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.erasure import erased_among
from kit.ids import uuid7
from services.notify import store
from services.notify.actions.campaigns import Tally, tallies_of
from services.notify.actions.deliveries import readdress, settle
from services.notify.actions.inbox import Draft, add_items
from services.notify.actions.wording import Wording, wordings_of
from services.notify.events import AudienceListed, CampaignFinished, ChannelCounts
from services.notify.rules import (
    LIFETIME,
    OPEN_STATES,
    CampaignState,
    Category,
    Channel,
    DeliveryState,
    Outcome,
    sending_outcome,
)
from services.notify.store.deliveries import LockedDelivery, NewDelivery, Settled
from services.notify.tables import Campaign

TEMPLATE = "campaign"
PORTION = 500


async def take_page(session: AsyncSession, page: AudienceListed, now: datetime) -> None:
    """Queue the campaign's message to each member of the page, or note why a member is skipped.

    A page that is already in, and any page of a campaign that is over, changes nothing.
    """
    campaign = await store.campaigns.lock(session, page.audience_id)
    if campaign is None or campaign.state not in (CampaignState.RUNNING, CampaignState.PAUSED):
        return
    if not await store.campaigns.add_page(session, campaign.campaign_id, page.page):
        return
    erased = await erased_among(session, page.member_ids)
    listed = [member_id for member_id in page.member_ids if member_id not in erased]
    new = await _queue(session, campaign, listed, now)
    campaign.audience += new
    if page.last:
        campaign.last_page = page.page
    await session.flush()


async def _queue(
    session: AsyncSession, campaign: Campaign, member_ids: Sequence[UUID], now: datetime
) -> int:
    """Store the deliveries of members who have none yet; how many members those are.

    Of members merged meanwhile, it is who goes on that is told.
    """
    heirs = await store.members.survivors(session, member_ids)
    addressed = {heirs.get(member_id, member_id) for member_id in member_ids}
    known = await store.members.recipients(session, addressed)
    category = Category(campaign.category)
    deliveries = []
    for recipient in known.values():
        for channel in map(Channel, campaign.channels):
            outcome = sending_outcome(recipient, category, channel)
            deliveries.append(_delivery(campaign, recipient.member_id, channel, outcome, now))
    return len(await store.deliveries.insert_new(session, deliveries))


def _delivery(
    campaign: Campaign, member_id: UUID, channel: Channel, outcome: Outcome, now: datetime
) -> NewDelivery:
    return NewDelivery(
        delivery_id=uuid7(),
        member_id=member_id,
        channel=channel,
        cause=f"campaign:{campaign.campaign_id}",
        template=TEMPLATE,
        category=Category(campaign.category),
        campaign_id=campaign.campaign_id,
        action=campaign.action,
        state=outcome.state,
        reason=outcome.reason,
        created_at=now,
        due_at=now,
        expires_at=now + LIFETIME,
        ended_at=None if outcome.state is DeliveryState.QUEUED else now,
    )


async def deliver_to_inboxes(session: AsyncSession, now: datetime) -> bool:
    """Put a portion of running campaigns' messages in inboxes; True when there may be more.

    The items and the deliveries' new state commit together, so nobody is told twice or forgotten.
    With the mailboxes locked, a merge is either known here or moves what is added here.
    """
    due = await store.deliveries.lock_due(
        session, Channel.INBOX, campaigns=True, now=now, limit=PORTION
    )
    await store.inbox.lock_mailboxes(session, {delivery.member_id for delivery in due})
    rightful = await readdress(session, due, now)
    known = await store.members.recipients(session, {delivery.member_id for delivery in rightful})
    wanted, settled = [], []
    for delivery in rightful:
        category = Category(delivery.category)
        outcome = sending_outcome(known[delivery.member_id], category, Channel.INBOX)
        if outcome.state is DeliveryState.QUEUED:
            wanted.append(delivery)
            outcome = Outcome(DeliveryState.SENT)
        settled.append(Settled(delivery, outcome))
    wordings = await wordings_of(session, wanted, known)
    drafts = [_draft(delivery, wordings[delivery.delivery_id]) for delivery in wanted]
    await add_items(session, drafts, now)
    await settle(session, settled, now)
    return len(due) == PORTION


def _draft(delivery: LockedDelivery, wording: Wording) -> Draft:
    item = wording.item()
    return Draft(
        member_id=delivery.member_id,
        cause=delivery.cause,
        category=Category(delivery.category),
        title=item.title,
        body=item.body,
        action=delivery.action,
    )


async def finish_campaigns(session: AsyncSession, now: datetime) -> bool:
    """Finish the campaigns that have nothing left to do; True when there may be more."""
    finished = await store.campaigns.lock_finished(session, PORTION)
    for campaign in finished:
        campaign.state = CampaignState.FINISHED
        campaign.ended_at = now
        payload = CampaignFinished(
            campaign_id=campaign.campaign_id,
            segment=campaign.segment,
            audience=campaign.audience,
            channels=[_counts(tally) for tally in await tallies_of(session, campaign)],
            finished_at=now,
        )
        await outbox.publish(session, payload)
    await session.flush()
    return len(finished) == PORTION


def _counts(tally: Tally) -> ChannelCounts:
    return ChannelCounts(
        channel=tally.channel,
        **{state: tally.states[state] for state in DeliveryState if state not in OPEN_STATES},
    )


async def cancel_queued(session: AsyncSession, now: datetime) -> bool:
    """Cancel a portion of what cancelled campaigns have queued; True when there may be more."""
    since = now - LIFETIME
    return await store.deliveries.cancel_queued(session, now, since, PORTION) == PORTION

"""Campaigns: marketers write them, start them, stop them and see what became of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from annotated_types import MinLen
from fastapi import status
from pydantic import AfterValidator, StringConstraints

from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller, Role, requires
from kit.bodies import Answer, Body, Key, LanguageTag, Name, Text
from kit.db import Tx
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.notify import store
from services.notify.actions import campaigns as actions
from services.notify.actions.campaigns import Plan, Tally
from services.notify.rendering import BODY_LENGTH, LETTER_LENGTH, TITLE_LENGTH, Texts
from services.notify.rules import CampaignState, Category, Channel, DeliveryState
from services.notify.tables import Campaign

router = Router(prefix="/v1/campaigns", tags=["Campaigns"])
writers = requires(Role.MARKETER)
readers = requires(Role.MARKETER, Role.ANALYST)


def _without_repetition(channels: Sequence[Channel]) -> Sequence[Channel]:
    if len(set(channels)) < len(channels):
        message = "name each channel once"
        raise ValueError(message)
    return channels


class TextsBody(Body):
    """The texts in one language, which may use `{{ name }}`. `letter` replaces `body` in e-mail."""

    title: Annotated[Text, StringConstraints(min_length=1, max_length=TITLE_LENGTH)]
    body: Annotated[Text, StringConstraints(min_length=1, max_length=BODY_LENGTH)]
    letter: Annotated[Text, StringConstraints(min_length=1, max_length=LETTER_LENGTH)] | None = None
    button: Annotated[Text, StringConstraints(min_length=1, max_length=60)] | None = None


class CampaignBody(Body):
    """A message to a segment. `action` is the place in the app it leads to, such as `/rewards`."""

    name: Name
    segment: Key
    category: Category = Category.MARKETING
    channels: Annotated[
        list[Literal[Channel.INBOX, Channel.EMAIL]], MinLen(1), AfterValidator(_without_repetition)
    ]
    content: Annotated[dict[LanguageTag, TextsBody], MinLen(1)]
    action: Annotated[str, StringConstraints(pattern=r"^/([!-.0-~][!-~]{0,298})?$")] | None = None

    def plan(self) -> Plan:
        return Plan(
            name=self.name,
            segment=self.segment,
            category=self.category,
            channels=self.channels,
            content={language: Texts(**t.model_dump()) for language, t in self.content.items()},
            action=self.action,
        )


class TallyAnswer(Answer):
    """What became of the messages over one channel. All but `reasons` add up to the audience."""

    channel: str
    queued: int
    in_flight: int
    sent: int
    failed: int
    skipped: int
    unknown: int
    cancelled: int
    reasons: dict[str, int]

    @classmethod
    def of(cls, tally: Tally) -> Self:
        states = {state.value: tally.states[state] for state in DeliveryState}
        return cls(channel=tally.channel, **states, reasons=dict(tally.reasons))


class SummaryAnswer(Answer):
    """A campaign as lists show it. `audience` is how many members were listed so far."""

    campaign_id: UUID
    name: str
    segment: str
    category: str
    channels: list[str]
    state: CampaignState
    audience: int
    created_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class CampaignAnswer(SummaryAnswer):
    """A campaign with its texts and numbers. `audience_complete` once all members are listed."""

    content: dict[str, TextsBody]
    action: str | None
    audience_complete: bool
    tallies: list[TallyAnswer]


async def _answer(tx: Tx, campaign: Campaign) -> CampaignAnswer:
    tallies = await actions.tallies_of(tx, campaign)
    return CampaignAnswer(
        **SummaryAnswer.model_validate(campaign).model_dump(),
        content={
            language: TextsBody(**{name: texts[name] for name in TextsBody.model_fields})
            for language, texts in campaign.content.items()
        },
        action=campaign.action,
        audience_complete=campaign.last_page is not None,
        tallies=[TallyAnswer.of(tally) for tally in tallies],
    )


@router.post("", status_code=status.HTTP_201_CREATED, dependencies=[writers])
async def create_campaign(caller: CurrentCaller, body: CampaignBody, tx: Tx) -> CampaignAnswer:
    """Write a campaign. Nothing is sent before it is started."""
    campaign = await actions.create(tx, body.plan(), caller.subject, clock.now())
    return await _answer(tx, campaign)


@router.get("", dependencies=[readers])
async def list_campaigns(
    tx: Tx, cursor: CursorParameter = None, limit: Limit = 50
) -> Page[SummaryAnswer]:
    """Campaigns, newest first."""
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    rows = await store.campaigns.newest(tx, before, limit + 1)
    return page(rows, limit, SummaryAnswer.model_validate, lambda row: (row.campaign_id,))


@router.get("/{campaign_id}", dependencies=[readers])
async def show_campaign(campaign_id: UUID, tx: Tx) -> CampaignAnswer:
    """One campaign, with what became of its messages so far."""
    return await _answer(tx, await actions.campaign_of(tx, campaign_id))


@router.post("/{campaign_id}/start", dependencies=[writers])
async def start_campaign(campaign_id: UUID, tx: Tx) -> CampaignAnswer:
    """Start a campaign, or go on with one that is paused."""
    campaign = await actions.move(tx, campaign_id, CampaignState.RUNNING, clock.now())
    return await _answer(tx, campaign)


@router.post("/{campaign_id}/pause", dependencies=[writers])
async def pause_campaign(campaign_id: UUID, tx: Tx) -> CampaignAnswer:
    """Stop sending for now; messages on their way at this moment still arrive."""
    campaign = await actions.move(tx, campaign_id, CampaignState.PAUSED, clock.now())
    return await _answer(tx, campaign)


@router.post("/{campaign_id}/cancel", dependencies=[writers])
async def cancel_campaign(campaign_id: UUID, tx: Tx) -> CampaignAnswer:
    """Stop for good: what is queued is cancelled, what was sent stays sent."""
    campaign = await actions.move(tx, campaign_id, CampaignState.CANCELLED, clock.now())
    return await _answer(tx, campaign)

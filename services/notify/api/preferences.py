"""Preferences: what a member wants to be told, over which channel, and when not."""

import re
from datetime import time
from typing import Annotated, Self
from uuid import UUID

from fastapi import Request, Response
from pydantic import BeforeValidator, PlainSerializer, model_validator

from kit import clock
from kit.app import Router
from kit.auth import MemberId
from kit.bodies import Answer, Body, Name
from kit.db import Tx
from kit.etags import respond
from services.notify import store
from services.notify.actions import members as actions
from services.notify.rules import (
    DEFAULT_TIME_ZONE,
    POLICIES,
    Category,
    Channel,
    QuietHours,
    Recipient,
)

router = Router(prefix="/v1/preferences", tags=["Preferences"])


_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _clock(value: object) -> time:
    """A time on the member's clock, to the minute."""
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        message = "must be a time such as 22:30"
        raise ValueError(message)
    return time.fromisoformat(value)


Clock = Annotated[
    time,
    BeforeValidator(_clock, json_schema_input_type=str),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
]


class QuietHoursBody(Body):
    """From `starts` until `ends` on the member's clock, over midnight where `ends` is earlier."""

    starts: Clock
    ends: Clock

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.starts == self.ends:
            message = "starts and ends must differ; send null for no quiet hours"
            raise ValueError(message)
        return self


class PreferencesBody(Body):
    """All that a member chooses. Categories and channels left out are as they are by default."""

    categories: dict[Category, dict[Channel, bool]]
    quiet_hours: QuietHoursBody | None = None
    time_zone: Name | None = None


class PreferencesAnswer(Answer):
    """What holds now, for every category and channel, and what of it cannot be switched off."""

    categories: dict[Category, dict[Channel, bool]]
    mandatory: dict[Category, list[Channel]]
    quiet_hours: QuietHoursBody | None
    time_zone: str

    @classmethod
    def of(cls, recipient: Recipient) -> Self:
        quiet = recipient.quiet_hours
        return cls(
            categories={
                category: {channel: recipient.allows(category, channel) for channel in Channel}
                for category in Category
            },
            mandatory={category: sorted(policy.mandatory) for category, policy in POLICIES.items()},
            quiet_hours=QuietHoursBody(starts=quiet.starts, ends=quiet.ends) if quiet else None,
            time_zone=recipient.time_zone or DEFAULT_TIME_ZONE,
        )


@router.get("", response_model=PreferencesAnswer)
async def show_preferences(request: Request, member_id: MemberId, tx: Tx) -> Response:
    """The caller's preferences."""
    return respond(request, await _preferences(tx, member_id))


@router.put("", response_model=PreferencesAnswer)
async def replace_preferences(
    request: Request, member_id: MemberId, body: PreferencesBody, tx: Tx
) -> Response:
    """Replace the caller's preferences. What is mandatory cannot be switched off."""
    quiet = body.quiet_hours
    await actions.choose(
        tx,
        member_id,
        choices=body.categories,
        quiet_hours=QuietHours(quiet.starts, quiet.ends) if quiet else None,
        time_zone=body.time_zone,
        now=clock.now(),
    )
    return respond(request, await _preferences(tx, member_id))


async def _preferences(tx: Tx, member_id: UUID) -> PreferencesAnswer:
    known = await store.members.recipients(tx, [member_id])
    return PreferencesAnswer.of(known[member_id])

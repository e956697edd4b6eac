"""What those who arrive say of themselves, whatever proves them, and how they are let in."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import Response
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions import sessions
from gateway.actions.accounts import Registration
from gateway.actions.arrivals import Arrived
from gateway.api.bodies import ShortText, Tokens
from gateway.identity import Identity
from gateway.rules import Device, Identifier
from kit import languages
from kit.auth import Caller
from kit.bodies import Body, Name


class DeviceBody(Body):
    """Where somebody signs in, shown to them in the list of their sessions."""

    device_id: ShortText | None = None
    platform: ShortText | None = None
    app: ShortText | None = None

    @property
    def device(self) -> Device:
        return Device(self.device_id, self.platform, self.app)


class NewcomerBody(DeviceBody):
    """The fields after `app` are for who is new, and otherwise mean nothing."""

    display_name: Name | None = None
    channel: Name | None = None
    referral_code: ShortText | None = None
    language: ShortText | None = None
    anonymous_id: ShortText | None = None

    def registration(
        self,
        language: str,
        identifiers: Sequence[Identifier] = (),
        password_hash: str | None = None,
    ) -> Registration:
        """What who is new is registered with; `language` is spoken where they name none of ours."""
        return Registration(
            identifiers=list(identifiers),
            password_hash=password_hash,
            language=languages.supported(self.language) or language,
            display_name=self.display_name,
            channel=self.channel,
            referral_code=self.referral_code,
            anonymous_id=self.anonymous_id,
        )


async def let_in(
    tx: AsyncSession,
    identity: Identity,
    arrived: Arrived,
    *,
    caller: Caller | None,
    device: Device,
    response: Response,
    now: datetime,
) -> Tokens:
    """Tokens of who arrived, 201 if they are new; a guest who became a member keeps the session."""
    if arrived.in_place and caller is not None:
        signed_in = await sessions.issue_again(tx, caller, now)
    else:
        signed_in = await sessions.start_for_member(
            tx, arrived.member_id, device, identity.session_rules, now
        )
    identity.refuse(arrived.ended)
    response.status_code = 201 if arrived.is_new else 200
    return Tokens.of(identity, signed_in, now)

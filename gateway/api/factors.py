"""A staff member's own account: second factor, recovery codes, password."""

from typing import Annotated
from uuid import UUID

import pyotp
import segno
from fastapi import Depends, Request, Response
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import rules
from gateway.actions import factors, staff
from gateway.api.bodies import (
    NeverStored,
    NewPassword,
    Password,
    ShortText,
    TheIdentity,
    identity_of,
)
from gateway.api.proofs import NewHash, Work, body_of, hashing, in_turn, prove
from gateway.api.staff import FactorBody, StaffAnswer
from gateway.store import accounts as stored_accounts
from gateway.store import staff as stored
from gateway.store.accounts import Credentials
from kit import clock
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, optional_caller, requires
from kit.bodies import Answer, Body
from kit.db import Tx, transaction
from kit.idempotency import beforehand

router = Router(
    prefix="/v1/staff/me", tags=["Staff"], dependencies=[NeverStored, requires(*sorted(STAFF))]
)


class StaffPasswordBody(Body):
    """The present password, for what a thief of a session should not do."""

    password: Password


class StaffFactorBody(StaffPasswordBody, FactorBody):
    """The present password and the second factor."""


class StaffNewPasswordBody(StaffPasswordBody):
    new_password: NewPassword


class TotpBody(Body):
    totp: ShortText


class SecretAnswer(Answer):
    """For an authenticator app: `uri` as a QR code, or `secret` to be typed. Shown this once.

    `qr_svg` is that QR code, drawn.
    """

    secret: str
    uri: str
    qr_svg: str


class RecoveryCodesAnswer(Answer):
    """Each stands in for the second factor once. Shown this once."""

    recovery_codes: list[str]


def in_person(kind: type[StaffPasswordBody]) -> Work:
    """Work beforehand: to compare the calling staff member's password."""

    async def work(request: Request) -> None:
        body, caller = await body_of(request, kind), await optional_caller(request)
        if body is None or caller is None or not caller.is_staff:
            return
        staff_id = UUID(caller.subject)

        async def find(session: AsyncSession) -> Credentials | None:
            return await stored.credentials_by_id(session, staff_id)

        password: SecretStr = body.password
        name = f"staff:{staff_id}"
        await prove(request, name, find, password.get_secret_value())
        identity = await identity_of(request)
        async with transaction(identity.sessions) as session:
            await stored_accounts.forget_failures(session, rules.fingerprint(name))

    return work


async def _staff_id(caller: CurrentCaller) -> UUID:
    return UUID(caller.subject)


StaffId = Annotated[UUID, Depends(_staff_id)]


@router.get("")
async def show_me(staff_id: StaffId, tx: Tx) -> StaffAnswer:
    """The calling staff member."""
    return StaffAnswer.model_validate(await stored.staff_member(tx, staff_id))


@router.put("/password", status_code=204, response_class=Response)
@beforehand(in_turn(in_person(StaffNewPasswordBody), hashing(StaffNewPasswordBody, "new_password")))
async def change_password(
    _: StaffNewPasswordBody,
    new_hash: NewHash,
    caller: CurrentCaller,
    identity: TheIdentity,
    tx: Tx,
) -> None:
    """Set a new password. All other sessions end."""
    staff_id, kept = UUID(caller.subject), UUID(caller.session_id)
    identity.refuse(await staff.set_password(tx, staff_id, new_hash, kept, clock.now()))


@router.post("/second-factor", status_code=201)
@beforehand(in_person(StaffPasswordBody))
async def begin_second_factor(
    _: StaffPasswordBody, staff_id: StaffId, identity: TheIdentity, tx: Tx
) -> SecretAnswer:
    """Get a secret for an authenticator app (RFC 6238). It counts once it is confirmed."""
    secret = await factors.begin(tx, identity.seals, staff_id)
    member = await stored.staff_member(tx, staff_id)
    name = member.email if member else ""
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=identity.issuer)
    qr_svg = segno.make(uri, error="m").svg_inline(scale=6, border=4, light="#fff")
    return SecretAnswer(secret=secret, uri=uri, qr_svg=qr_svg)


@router.post("/second-factor/confirm")
async def confirm_second_factor(
    body: TotpBody, staff_id: StaffId, identity: TheIdentity, tx: Tx
) -> RecoveryCodesAnswer:
    """Confirm with the code the app shows; from now on one is asked for. Keep the answer.

    Who had to set one up first refreshes the tokens, and may all the role may.
    """
    codes = await factors.confirm(tx, identity.seals, staff_id, body.totp, clock.now())
    return RecoveryCodesAnswer(recovery_codes=codes)


@router.post("/second-factor/removal", status_code=204, response_class=Response)
@beforehand(in_person(StaffFactorBody))
async def remove_second_factor(
    body: StaffFactorBody, staff_id: StaffId, identity: TheIdentity, tx: Tx
) -> None:
    """Have no second factor any more."""
    await factors.remove(tx, identity.seals, staff_id, body.factor, clock.now())


@router.post("/recovery-codes", status_code=201)
@beforehand(in_person(StaffFactorBody))
async def renew_recovery_codes(
    body: StaffFactorBody, staff_id: StaffId, identity: TheIdentity, tx: Tx
) -> RecoveryCodesAnswer:
    """New recovery codes; the old ones are no good any more."""
    codes = await factors.renew_recovery_codes(
        tx, identity.seals, staff_id, body.factor, clock.now()
    )
    return RecoveryCodesAnswer(recovery_codes=codes)

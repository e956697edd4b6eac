"""Second factors of staff: time-based codes (RFC 6238), and recovery codes for a lost phone."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

import pyotp
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import rules
from gateway.actions.codes import Seals
from gateway.actions.trail import record
from gateway.store import factors, staff
from gateway.tables import StaffMember
from kit.problems import Conflict, Unauthenticated

Used = Literal["none", "totp", "recovery_code"]


class SecondFactorRequired(Unauthenticated):
    code = "gateway.second_factor_required"
    title = "Second factor required"


class SecondFactorWrong(Unauthenticated):
    code = "gateway.second_factor_wrong"
    title = "Wrong second factor"


class FactorExists(Conflict):
    code = "gateway.second_factor_exists"
    title = "There is a second factor already"


class FactorAbsent(Conflict):
    code = "gateway.second_factor_absent"
    title = "There is no second factor to confirm or remove"


@dataclass(frozen=True, slots=True)
class GivenFactor:
    """What came along as a second factor; at most one of the two."""

    totp: str = field(default="", repr=False)
    recovery_code: str = field(default="", repr=False)


async def check(
    session: AsyncSession, seals: Seals, member: StaffMember, given: GivenFactor, now: datetime
) -> Used:
    """Check, and use up, the second factor of a locked staff member, if there is one.

    Raises SecondFactorRequired or SecondFactorWrong.
    """
    if not member.second_factor:
        return "none"
    if given.totp:
        await _use_totp(session, seals, member, given.totp, now)
        return "totp"
    if given.recovery_code:
        await _use_recovery_code(session, seals, member.staff_id, given.recovery_code, now)
        return "recovery_code"
    raise SecondFactorRequired("Send `totp`, or `recovery_code` if the phone is lost.")


async def _use_totp(
    session: AsyncSession, seals: Seals, member: StaffMember, code: str, now: datetime
) -> None:
    secret = _secret_of(seals, member)
    step = rules.matching_step(secret, code, now.timestamp(), member.totp_last_step)
    if step is None:
        raise SecondFactorWrong("It is wrong, too old, or was used; wait for the next one.")
    await staff.update_staff(session, member.staff_id, {"totp_last_step": step})


async def _use_recovery_code(
    session: AsyncSession, seals: Seals, staff_id: UUID, code: str, now: datetime
) -> None:
    code_hash = _recovery_hash(seals, staff_id, rules.normal_recovery_code(code))
    if not await factors.use_recovery_code(session, staff_id, code_hash, now):
        raise SecondFactorWrong("It is no recovery code of yours, or was used.")
    await record(session, staff_id, "staff.recovery_code_used", staff_id, now)


async def begin(session: AsyncSession, seals: Seals, staff_id: UUID) -> str:
    """A secret for an authenticator app; it counts once it is confirmed. Raises FactorExists."""
    member = await staff.lock_staff(session, staff_id)
    if member is None or member.second_factor:
        raise FactorExists("Remove it first.")
    secret = pyotp.random_base32()
    sealed = seals.own.seal(sealed_as(staff_id), secret.encode())
    await staff.update_staff(session, staff_id, {"sealed_totp": sealed, "totp_last_step": None})
    return secret


async def confirm(
    session: AsyncSession, seals: Seals, staff_id: UUID, code: str, now: datetime
) -> list[str]:
    """Have the second factor asked for from now on; the recovery codes, shown this once.

    Raises FactorAbsent, FactorExists, or SecondFactorWrong where the app shows another code.
    """
    member = await staff.lock_staff(session, staff_id)
    if member is None or member.sealed_totp is None:
        raise FactorAbsent("Ask for a secret first.")
    if member.second_factor:
        raise FactorExists("It was confirmed before.")
    await _use_totp(session, seals, member, code, now)
    await staff.update_staff(session, staff_id, {"totp_confirmed_at": now})
    await record(session, staff_id, "staff.second_factor_added", staff_id, now)
    return await _new_recovery_codes(session, seals, staff_id)


async def renew_recovery_codes(
    session: AsyncSession, seals: Seals, staff_id: UUID, given: GivenFactor, now: datetime
) -> list[str]:
    """New recovery codes in place of the old. Raises FactorAbsent, or like `check`."""
    await _checked(session, seals, staff_id, given, now)
    await record(session, staff_id, "staff.recovery_codes_renewed", staff_id, now)
    return await _new_recovery_codes(session, seals, staff_id)


async def remove(
    session: AsyncSession, seals: Seals, staff_id: UUID, given: GivenFactor, now: datetime
) -> None:
    """Ask for a second factor no longer. Raises FactorAbsent, or like `check`."""
    await _checked(session, seals, staff_id, given, now)
    await _drop(session, staff_id)
    await record(session, staff_id, "staff.second_factor_removed", staff_id, now)


async def reset(session: AsyncSession, actor: UUID, staff_id: UUID, now: datetime) -> None:
    """Remove the second factor of somebody who lost phone and recovery codes. FactorAbsent."""
    member = await staff.lock_staff(session, staff_id)
    if member is None or not member.second_factor:
        raise FactorAbsent("The list of staff shows who has one.")
    await _drop(session, staff_id)
    await record(session, actor, "staff.second_factor_reset", staff_id, now)


async def _checked(
    session: AsyncSession, seals: Seals, staff_id: UUID, given: GivenFactor, now: datetime
) -> None:
    member = await staff.lock_staff(session, staff_id)
    if member is None or not member.second_factor:
        raise FactorAbsent("Set one up first.")
    await check(session, seals, member, given, now)


async def _drop(session: AsyncSession, staff_id: UUID) -> None:
    nothing = {"sealed_totp": None, "totp_confirmed_at": None, "totp_last_step": None}
    await staff.update_staff(session, staff_id, nothing)
    await factors.replace_recovery_codes(session, staff_id, [])


async def _new_recovery_codes(session: AsyncSession, seals: Seals, staff_id: UUID) -> list[str]:
    codes = [
        rules.as_recovery_code([secrets.randbelow(2**16) for _ in range(10)])
        for _ in range(rules.RECOVERY_CODES)
    ]
    hashes = [_recovery_hash(seals, staff_id, code) for code in codes]
    await factors.replace_recovery_codes(session, staff_id, hashes)
    return codes


def _recovery_hash(seals: Seals, staff_id: UUID, code: str) -> bytes:
    return rules.keyed_hash(seals.key, "recovery", str(staff_id), code)


def _secret_of(seals: Seals, member: StaffMember) -> str:
    assert member.sealed_totp is not None  # noqa: S101
    return seals.own.open(sealed_as(member.staff_id), member.sealed_totp).decode()


def sealed_as(staff_id: UUID) -> str:
    return f"the second factor of {staff_id}"

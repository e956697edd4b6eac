"""Invitations to join the staff: one open for an address, accepted once, in good time."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway import rules
from gateway.actions.codes import Seals
from gateway.actions.messages import Message, issue
from gateway.actions.staff import NewStaff, StaffExists, add_staff
from gateway.actions.trail import record
from gateway.store import invitations, staff
from gateway.tables import Invitation, StaffMember
from kit.auth import Role
from kit.ids import uuid7
from kit.problems import NotFound, Unauthenticated


class InvitationUnknown(NotFound):
    code = "gateway.invitation_unknown"
    title = "No such open invitation"


class InvitationRefused(Unauthenticated):
    code = "gateway.invitation_refused"
    title = "This invitation is not good"


@dataclass(frozen=True, slots=True)
class NewInvitation:
    email: str
    display_name: str
    role: Role
    scopes: tuple[str, ...]
    language: str


async def invite(
    session: AsyncSession,
    seals: Seals,
    actor: UUID,
    new: NewInvitation,
    life: timedelta,
    *,
    now: datetime,
) -> Invitation:
    """Invite somebody by e-mail; an earlier open invitation of the address is withdrawn.

    Raises StaffExists.
    """
    if await staff.credentials_of(session, new.email) is not None:
        raise StaffExists("Change the staff member who has it instead.")
    token = rules.as_invitation(secrets.token_bytes(32))
    values = asdict(new) | {"scopes": sorted(new.scopes)}
    del values["language"]
    await invitations.withdraw_open(session, new.email, now)
    row = await invitations.insert(
        session,
        values
        | {
            "invitation_id": uuid7(),
            "token_hash": token_hash(seals, token),
            "invited_by": actor,
            "created_at": now,
            "expires_at": now + life,
        },
    )
    inviter = await staff.lock_staff(session, actor)
    message = Message(
        channel="email",
        to=new.email,
        template="staff_invitation",
        language=new.language,
        expires_at=row.expires_at,
        facts={
            "inviter": inviter.display_name if inviter else "",
            "until": f"{row.expires_at:%Y-%m-%d %H:%M} UTC",
        },
        action=f"/invitation#{token}",
        for_staff=True,
    )
    await issue(session, seals.messages, message, now)
    details = {"email": new.email, "role": new.role, "scopes": row.scopes}
    await record(session, actor, "staff.invited", row.invitation_id, now, **details)
    return row


def token_hash(seals: Seals, token: str) -> bytes:
    return rules.keyed_hash(seals.key, "invitation", token)


async def accept(
    session: AsyncSession, seals: Seals, token: str, password_hash: str, now: datetime
) -> StaffMember:
    """Make the invited a staff member, who then signs in. Raises InvitationRefused, StaffExists."""
    row = await invitations.accept(session, token_hash(seals, token), now)
    if row is None:
        raise InvitationRefused("It was used or withdrawn, or is too old; ask for a new one.")
    new = NewStaff(row.email, row.display_name, Role(row.role), password_hash, row.scopes)
    added = await add_staff(session, row.invited_by, new, now)
    await record(session, added.staff_id, "staff.invitation_accepted", row.invitation_id, now)
    return added


async def withdraw(session: AsyncSession, actor: UUID, invitation_id: UUID, now: datetime) -> None:
    """Raises InvitationUnknown when there is no such open invitation."""
    if not await invitations.withdraw(session, invitation_id, now):
        raise InvitationUnknown("The list shows those that are open.")
    await record(session, actor, "staff.invitation_withdrawn", invitation_id, now)

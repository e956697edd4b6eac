"""A member's own profile."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import model_validator

from kit import clock
from kit.app import Router
from kit.auth import MemberId
from kit.bodies import Answer, Body, Name
from kit.db import Tx
from kit.etags import check_match, respond
from kit.time_zones import TimeZone
from services.profile.actions.members import edit_profile, own_profile
from services.profile.rules.members import Member

router = Router(tags=["Profile"])


class ProfileChanges(Body):
    """What a member may change. What is left out stays; a null name removes it."""

    display_name: Name | None = None
    language: Literal["en", "zh-CN", "ru"] | None = None
    time_zone: TimeZone | None = None

    @model_validator(mode="after")
    def _nulls(self) -> "ProfileChanges":
        for name in self.model_fields_set - {"display_name"}:
            if getattr(self, name) is None:
                raise ValueError(f"{name} cannot be null")
        return self


class Profile(Answer):
    """A member's own profile."""

    member_id: UUID
    anonymous: bool
    email: str | None
    phone: str | None
    display_name: str | None
    language: str
    time_zone: str
    created_at: datetime

    @classmethod
    def of(cls, member: Member) -> "Profile":
        return cls(
            member_id=member.id,
            anonymous=member.is_anonymous,
            email=member.email,
            phone=member.phone,
            display_name=member.display_name,
            language=member.language,
            time_zone=member.time_zone,
            created_at=member.created_at,
        )


@router.get("/v1/me", response_model=Profile)
async def read_me(request: Request, member_id: MemberId, tx: Tx) -> Response:
    """The caller's profile, with an ETag."""
    member = await own_profile(tx, member_id, clock.now())
    return respond(request, Profile.of(member), _tag(member))


@router.patch("/v1/me", response_model=Profile)
async def change_me(
    request: Request, body: ProfileChanges, member_id: MemberId, tx: Tx
) -> Response:
    """Change the caller's profile; with `If-Match`, only if it is the version that was read."""
    member = await edit_profile(
        tx,
        member_id,
        body.model_dump(exclude_unset=True),
        clock.now(),
        check=lambda known: check_match(request, _tag(known)),
    )
    return respond(request, Profile.of(member), _tag(member))


def _tag(member: Member) -> str:
    return str(member.version)

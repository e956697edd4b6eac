"""A member as a value, and how it changes: each function gives the member that follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from services.profile.rules.identities import Standing
from services.profile.rules.lifecycle import NEW_FOR, Stage, stage_at

DEFAULT_LANGUAGE = "en"
DEFAULT_TIME_ZONE = "UTC"
MOST_TRAITS = 200
MOST_TAGS = 50
LONGEST_CONTACT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What is known of one member. `version` counts the changes others can see."""

    id: UUID
    standing: Standing = Standing.ANONYMOUS
    email: str | None = None
    phone: str | None = None
    display_name: str | None = None
    language: str = DEFAULT_LANGUAGE
    time_zone: str = DEFAULT_TIME_ZONE
    channel: str | None = None
    traits: Mapping[str, Any] = field(default_factory=dict)
    traits_at: datetime | None = None
    tags: tuple[str, ...] = ()
    stage: Stage = Stage.NEW
    next_stage_at: datetime | None = None
    last_active_at: datetime | None = None
    merged_into: UUID | None = None
    erased_at: datetime | None = None
    version: int = 1
    created_at: datetime
    updated_at: datetime

    @property
    def is_anonymous(self) -> bool:
        return self.standing is Standing.ANONYMOUS

    @property
    def is_gone(self) -> bool:
        """Whether nothing is written of them any more: merged into another, or erased."""
        return self.merged_into is not None or self.erased_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the gateway tells of an account when it is made."""

    email: str | None = None
    phone: str | None = None
    display_name: str | None = None
    language: str | None = None
    channel: str | None = None
    registered_at: datetime


def newcomer(member_id: UUID, standing: Standing, now: datetime) -> Member:
    """A member seen for the first time."""
    return Member(
        id=member_id,
        standing=standing,
        next_stage_at=now + NEW_FOR,
        created_at=now,
        updated_at=now,
    )


def registered(member: Member, account: Account) -> Member:
    """The member with an account. What the account leaves open stays; so does the first channel."""
    return replace(
        member,
        standing=Standing.REGISTERED,
        email=account.email or member.email,
        phone=account.phone or member.phone,
        display_name=account.display_name or member.display_name,
        language=account.language or member.language,
        channel=member.channel or account.channel,
        created_at=min(member.created_at, account.registered_at),
    )


def with_traits(member: Member, traits: Mapping[str, Any], at: datetime) -> Member:
    """The member with `traits` as they were said at `at`.

    The newest word on a trait wins: what was said before the newest traits known only fills gaps. A
    null removes the trait. Traits beyond `MOST_TRAITS` are left out.
    """
    if not traits:
        return member
    newest = member.traits_at is None or at >= member.traits_at
    merged = {**member.traits, **traits} if newest else {**traits, **member.traits}
    kept = [(name, value) for name, value in merged.items() if value is not None][:MOST_TRAITS]
    return replace(member, traits=dict(kept), traits_at=at if newest else member.traits_at)


def with_contact(member: Member, traits: Mapping[str, Any]) -> Member:
    """The member with name, e-mail and phone from the company's traits, if it has no account."""
    if member.standing is Standing.REGISTERED:
        return member
    return replace(
        member,
        email=_text(traits, "email") or member.email,
        phone=_text(traits, "phone") or member.phone,
        display_name=_text(traits, "name") or member.display_name,
    )


def _text(traits: Mapping[str, Any], name: str) -> str | None:
    value = traits.get(name)
    if not isinstance(value, str) or len(value) > LONGEST_CONTACT:
        return None
    return value.strip() or None


def seen_active(member: Member, moment: datetime) -> Member:
    """The member with an activity at `moment`, which may be older than the last one known."""
    if member.last_active_at is not None and moment <= member.last_active_at:
        return member
    return replace(member, last_active_at=moment)


def restaged(member: Member, now: datetime) -> Member:
    """The member in the stage of `now`.

    While the stage lasts `next_stage_at` is left alone until it has passed: it is a moment to look
    again, not later than the change, and activity need not rewrite an indexed column each time.
    """
    if member.is_gone:
        return member
    stage, until = stage_at(now, created_at=member.created_at, last_active_at=member.last_active_at)
    look = member.next_stage_at
    in_time = look is not None and now < look and (until is None or look <= until)
    if stage is member.stage and (in_time or look == until):
        return member
    return replace(member, stage=stage, next_stage_at=until)


def absorbing(survivor: Member, absorbed: Member) -> Member:
    """The survivor with the history of `absorbed`: its own words win, gaps are filled."""
    return replace(
        survivor,
        email=survivor.email or absorbed.email,
        phone=survivor.phone or absorbed.phone,
        display_name=survivor.display_name or absorbed.display_name,
        channel=survivor.channel or absorbed.channel,
        time_zone=survivor.time_zone
        if survivor.time_zone != DEFAULT_TIME_ZONE
        else absorbed.time_zone,
        traits=dict([*{**absorbed.traits, **survivor.traits}.items()][:MOST_TRAITS]),
        traits_at=_latest(survivor.traits_at, absorbed.traits_at),
        tags=tuple(sorted({*survivor.tags, *absorbed.tags}))[:MOST_TAGS],
        last_active_at=_latest(survivor.last_active_at, absorbed.last_active_at),
        created_at=min(survivor.created_at, absorbed.created_at),
    )


def absorbed_by(survivor: UUID, member: Member) -> Member:
    """The member as what is left of it: a pointer to the survivor."""
    return replace(member, merged_into=survivor, next_stage_at=None)


def erased(member: Member, now: datetime) -> Member:
    """What is left of a member: an id, and for one merged away whose it was."""
    return Member(
        id=member.id,
        merged_into=member.merged_into,
        erased_at=now,
        version=member.version + 1,
        created_at=now,
        updated_at=now,
    )


def _latest(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)


_but_activity = attrgetter(*(f.name for f in fields(Member) if f.name != "last_active_at"))


def merely_active(before: Member, after: Member) -> bool:
    """Whether nothing but the last activity differs: the case worth a cheaper write."""
    return _but_activity(before) == _but_activity(after)

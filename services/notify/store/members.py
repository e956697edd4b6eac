"""What notify knows of members: the copy of their profile, and what they chose."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import Batch, inserting
from services.notify.rules import POLICIES, Category, Channel, Choices, QuietHours, Recipient
from services.notify.tables import Contact, Preference

_COPY = inserting(
    Contact,
    "member_id email display_name language unsubscribe_token time_zone copied_at",
    """
    ON CONFLICT (member_id) DO UPDATE SET
        email = excluded.email, display_name = excluded.display_name, language = excluded.language,
        time_zone = excluded.time_zone, copied_at = excluded.copied_at,
        merged_into = CASE WHEN contacts.merged_at > excluded.copied_at
            THEN contacts.merged_into END,
        merged_at = CASE WHEN contacts.merged_at > excluded.copied_at THEN contacts.merged_at END
    WHERE contacts.copied_at IS NULL OR contacts.copied_at <= excluded.copied_at
    """,
)
_FILL = inserting(
    Contact,
    "member_id email display_name language unsubscribe_token",
    """
    ON CONFLICT (member_id) DO UPDATE SET
        email = COALESCE(contacts.email, excluded.email),
        display_name = COALESCE(contacts.display_name, excluded.display_name),
        language = COALESCE(contacts.language, excluded.language)
    """,
)


async def copy_contacts(session: AsyncSession, contacts: Iterable[Contact]) -> None:
    """Keep these snapshots where they are not older than what is kept. One per member.

    Profile says nothing more of a merged member, but of one who got an account after all.
    """
    await _COPY.execute(session, _ordered(contacts, _COPY))


async def fill_contacts(session: AsyncSession, contacts: Iterable[Contact]) -> None:
    """Add what is not known yet, and overwrite nothing. One per member."""
    await _FILL.execute(session, _ordered(contacts, _FILL))


def _ordered(contacts: Iterable[Contact], batch: Batch) -> list[tuple[Any, ...]]:
    """The contacts as rows in the order of members, in which everybody locks them."""
    ordered = sorted(contacts, key=lambda contact: contact.member_id)
    return [tuple(getattr(contact, name) for name in batch.columns) for contact in ordered]


_RECIPIENTS = text("""
    SELECT member_id, contacts.copied_at IS NOT NULL AS known, contacts.email,
        contacts.display_name, contacts.language, contacts.unsubscribe_token,
        contacts.merged_into, COALESCE(preferences.time_zone, contacts.time_zone) AS time_zone,
        preferences.choices, preferences.quiet_from, preferences.quiet_until
    FROM unnest(CAST(:member_ids AS uuid[])) AS wanted (member_id)
        LEFT JOIN contacts USING (member_id) LEFT JOIN preferences USING (member_id)
""")


async def recipients(session: AsyncSession, member_ids: Collection[UUID]) -> dict[UUID, Recipient]:
    """Each of the members as decisions see them, those never heard of included."""
    known, _ = await recipients_and_heirs(session, member_ids)
    return known


async def recipients_and_heirs(
    session: AsyncSession, member_ids: Collection[UUID]
) -> tuple[dict[UUID, Recipient], dict[UUID, UUID]]:
    """The recipients, and of those who have been merged into another: into whom."""
    rows = (await session.execute(_RECIPIENTS, {"member_ids": list(member_ids)})).all()
    heirs = {row.member_id: row.merged_into for row in rows if row.merged_into}
    return {row.member_id: _recipient(row) for row in rows}, heirs


def _recipient(row: Any) -> Recipient:
    quiet = row.quiet_from is not None
    return Recipient(
        member_id=row.member_id,
        known=row.known,
        email=row.email,
        display_name=row.display_name,
        language=row.language,
        time_zone=row.time_zone,
        choices=choices_of(row.choices or {}),
        quiet_hours=QuietHours(row.quiet_from, row.quiet_until) if quiet else None,
        unsubscribe_token=row.unsubscribe_token,
    )


def choices_of(stored: Mapping[str, Mapping[str, bool]]) -> Choices:
    """Choices as they are stored, typed. Categories that are no more are left out."""
    return {
        Category(category): {Channel(channel): on for channel, on in channels.items()}
        for category, channels in stored.items()
        if category in POLICIES
    }


_SAVE_PREFERENCE = text("""
    INSERT INTO preferences (member_id, choices, quiet_from, quiet_until, time_zone, changed_at)
    VALUES (:member_id, CAST(:choices AS jsonb), :quiet_from, :quiet_until, :time_zone,
        :changed_at)
    ON CONFLICT (member_id) DO UPDATE SET choices = excluded.choices,
        quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
        time_zone = excluded.time_zone, changed_at = excluded.changed_at
""")
_SWITCH_OFF = text("""
    INSERT INTO preferences (member_id, choices, changed_at)
    VALUES (:member_id, jsonb_build_object(CAST(:category AS text), CAST(:off AS jsonb)), :now)
    ON CONFLICT (member_id) DO UPDATE SET changed_at = excluded.changed_at, choices =
        preferences.choices || jsonb_build_object(
            CAST(:category AS text),
            COALESCE(preferences.choices -> CAST(:category AS text), '{}') || CAST(:off AS jsonb))
""")


async def save_preference(session: AsyncSession, preference: Preference) -> None:
    """Replace what the member chose."""
    await session.execute(
        _SAVE_PREFERENCE,
        {**preference.model_dump(), "choices": orjson.dumps(preference.choices).decode()},
    )


_SURVIVORS = text("""
    SELECT member_id, merged_into FROM contacts
    WHERE member_id = ANY(:member_ids) AND merged_into IS NOT NULL
""")
_MERGE = text("""
    INSERT INTO contacts (member_id, merged_into, merged_at, unsubscribe_token)
    VALUES (:giver, :receiver, :merged_at, gen_random_uuid())
    ON CONFLICT (member_id) DO UPDATE SET
        merged_into = excluded.merged_into, merged_at = excluded.merged_at
""")
_MERGE_HEIRS = text("""
    UPDATE contacts SET merged_into = NULLIF(CAST(:receiver AS uuid), member_id),
        merged_at = CASE WHEN member_id <> :receiver THEN CAST(:merged_at AS timestamptz) END
    WHERE merged_into = :giver
""")


_LOCK_GIVERS = text("""
    INSERT INTO contacts (member_id, unsubscribe_token)
    SELECT member_id, gen_random_uuid() FROM (
        SELECT unnest(CAST(:givers AS uuid[])) AS member_id
        UNION SELECT member_id FROM contacts WHERE merged_into = ANY(CAST(:givers AS uuid[]))
    ) AS changing
    ORDER BY member_id ON CONFLICT (member_id) DO UPDATE SET merged_at = contacts.merged_at
""")


async def lock_givers(session: AsyncSession, givers: Collection[UUID]) -> None:
    """Lock the contacts that merges change, made where they are not there, in their order."""
    await session.execute(_LOCK_GIVERS, {"givers": list(givers)})


async def survivors(session: AsyncSession, member_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Of those members who have been merged into another: into whom."""
    rows = await session.execute(_SURVIVORS, {"member_ids": list(member_ids)})
    return {row.member_id: row.merged_into for row in rows}


async def merge(session: AsyncSession, giver: UUID, receiver: UUID, merged_at: datetime) -> None:
    """Remember that `giver`, and whoever was merged into them, is `receiver` now.

    A receiver who was merged into the giver goes on by themselves.
    """
    members = {"giver": giver, "receiver": receiver, "merged_at": merged_at}
    await session.execute(_MERGE, members)
    await session.execute(_MERGE_HEIRS, members)


async def give_preference(session: AsyncSession, giver: UUID, receiver: UUID) -> None:
    """Let what `giver` chose hold for `receiver`, unless `receiver` has chosen already."""
    statement = text("""
        INSERT INTO preferences
            (member_id, choices, quiet_from, quiet_until, time_zone, changed_at)
        SELECT :receiver, choices, quiet_from, quiet_until, time_zone, changed_at
        FROM preferences WHERE member_id = :giver
        ON CONFLICT (member_id) DO NOTHING
    """)
    await session.execute(statement, {"giver": giver, "receiver": receiver})


async def switch_off(
    session: AsyncSession, member_id: UUID, category: Category, channel: Channel, now: datetime
) -> None:
    """Choose `channel` off for `category` and leave everything else as it was chosen."""
    off = orjson.dumps({str(channel): False}).decode()
    known = {"member_id": member_id, "category": category, "off": off, "now": now}
    await session.execute(_SWITCH_OFF, known)


async def member_of_token(session: AsyncSession, token: UUID) -> UUID | None:
    """Whose e-mails carry this unsubscribe token."""
    statement = select(col(Contact.member_id)).where(col(Contact.unsubscribe_token) == token)
    return (await session.execute(statement)).scalar_one_or_none()

"""Who is held out of a campaign: members it never pays, so that what it brings can be told.

A member's lot is a hash of the member and the campaign: the same on every occasion, in every
process, and in the database, where `crc32` (PostgreSQL 18) is the same function.
"""

import zlib
from uuid import UUID

LOTS = 100
MOST_HELD_OUT = 50
"""Percent: a campaign is for the others."""


def lot_of(member_id: UUID, salt: bytes) -> int:
    """0 to 99."""
    return zlib.crc32(member_id.bytes + salt) % LOTS


def salt_of_campaign(key: str) -> bytes:
    return b"campaign:" + key.encode()


def salt_of_trial(version: int) -> bytes:
    return version.to_bytes(4, "big")


def held_out(member_id: UUID, campaign: str, percent: int) -> bool:
    """Whether a campaign never pays the member."""
    return lot_of(member_id, salt_of_campaign(campaign)) < percent

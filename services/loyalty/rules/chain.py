"""The chain of blocks: each seals a run of entries, and with them all blocks before it.

Whoever changes, adds or removes a sealed entry must seal every block anew that follows, and then
differs from each hash that was told to anybody before.
"""

import hashlib
from typing import NamedTuple

BEGINNING = bytes(32)
"""What stands for the hash before the first block."""


class Content(NamedTuple):
    """The entries after one number up to another: how many, and the hash of what they say."""

    last_seq: int
    entries: int
    digest: bytes


class Block(NamedTuple):
    number: int
    first_seq: int
    last_seq: int
    entries: int
    previous_hash: bytes
    hash: bytes


def sealed(number: int, after: int, content: Content, previous_hash: bytes) -> Block:
    """The block of `content`, which begins after the entry numbered `after`."""
    head = f"{number}:{after + 1}:{content.last_seq}:{content.entries}:".encode()
    digest = hashlib.sha256(head + previous_hash + content.digest).digest()
    return Block(number, after + 1, content.last_seq, content.entries, previous_hash, digest)

"""Files in a folder that all processes of feedback share. What is told of them is in the database.

A file is written under `incoming` and moved to its place when it is whole and on the disk. A
process that dies in between leaves what `stray` finds.
"""

import asyncio
import codecs
import hashlib
import os
import time
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from kit.problems import TooLarge, Unprocessable, Unsupported
from services.feedback.rules.attachments import (
    EXTENSIONS,
    HEAD_BYTES,
    LARGEST_BYTES,
    PLAIN_TEXT,
    is_text,
    kind_of,
)

PORTION_BYTES = 1024 * 1024
INCOMING = "incoming"

assert PORTION_BYTES >= HEAD_BYTES  # noqa: S101  (a kind is told from the first portion)


class AttachmentTooLarge(TooLarge):
    code = "feedback.attachment_too_large"
    title = "The file is too large"

    def __init__(self) -> None:
        super().__init__(f"A file may have {LARGEST_BYTES // 1024**2} MiB.", limit=LARGEST_BYTES)


class AttachmentEmpty(Unprocessable):
    code = "feedback.attachment_empty"
    title = "The file is empty"


class KindNotTaken(Unsupported):
    code = "feedback.attachment_kind"
    title = "Files of this kind are not taken"

    def __init__(self) -> None:
        kinds = ", ".join(EXTENSIONS)
        super().__init__(f"Send one of these, by its content, not its name: {kinds}.")


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored file, and what was found of it while it was written."""

    attachment_id: UUID
    size_bytes: int
    sha256: bytes
    media_type: str


class Inspection:
    """Looks at a file as it passes, portion by portion, and refuses what is not taken."""

    def __init__(self) -> None:
        self._size = 0
        self._digest = hashlib.sha256()
        self._kind = ""
        self._text = codecs.getincrementaldecoder("utf-8-sig")()

    def look(self, portion: bytes) -> None:
        """Take in the next portion. Raises AttachmentTooLarge or KindNotTaken."""
        self._size += len(portion)
        if self._size > LARGEST_BYTES:
            raise AttachmentTooLarge
        self._kind = self._kind or kind_of(portion[:HEAD_BYTES]) or PLAIN_TEXT
        if self._kind not in EXTENSIONS:
            raise KindNotTaken
        if self._kind == PLAIN_TEXT:
            self._read(portion)
        self._digest.update(portion)

    def _read(self, portion: bytes, *, last: bool = False) -> None:
        try:
            readable = is_text(self._text.decode(portion, last))
        except UnicodeDecodeError:
            readable = False
        if not readable:
            raise KindNotTaken

    def result(self, attachment_id: UUID) -> Kept:
        """What the whole file is. Raises AttachmentEmpty or KindNotTaken."""
        if not self._size:
            raise AttachmentEmpty("There is nothing in the body; send the file itself.")
        if self._kind == PLAIN_TEXT:
            self._read(b"", last=True)
        return Kept(attachment_id, self._size, self._digest.digest(), self._kind)


class Files:
    """The files below `folder`, each under the id of its attachment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, attachment_id: UUID) -> Path:
        """Where the file is; the last two digits spread files over folders."""
        return self._folder / attachment_id.hex[-2:] / str(attachment_id)

    async def keep(self, attachment_id: UUID, pieces: AsyncIterator[bytes]) -> Kept:
        """Store what comes, whole or not at all. Raises what `Inspection` refuses."""
        draft = self._folder / INCOMING / str(attachment_id)
        try:
            inspection = await _receive(draft, pieces)
            kept = inspection.result(attachment_id)
            await asyncio.to_thread(_move, draft, self.path_of(attachment_id))
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return kept

    async def delete(self, attachment_ids: Collection[UUID]) -> None:
        """Delete files; those that are not there are deleted already."""
        for attachment_id in attachment_ids:
            await asyncio.to_thread(self.path_of(attachment_id).unlink, missing_ok=True)

    def stray(self, older_than_s: float) -> Iterator[list[UUID]]:
        """The ids of the files older than that, folder by folder; old drafts are deleted."""
        before = time.time() - older_than_s
        for folder in sorted(self._folder.iterdir()) if self._folder.exists() else ():
            old = [file for file in folder.iterdir() if _changed_at(file) < before]
            if folder.name == INCOMING:
                for draft in old:
                    draft.unlink(missing_ok=True)
            elif old:
                yield [UUID(file.name) for file in old]


async def _receive(draft: Path, pieces: AsyncIterator[bytes]) -> Inspection:
    inspection = Inspection()
    file = await asyncio.to_thread(_create, draft)
    try:
        async for portion in _portions(pieces):
            await asyncio.to_thread(_take, portion, inspection, file)
        await asyncio.to_thread(_sync, file)
    finally:
        file.close()
    return inspection


async def _portions(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces gathered, so that each is worth a trip to the disk."""
    gathered = bytearray()
    async for piece in pieces:
        gathered += piece
        if len(gathered) >= PORTION_BYTES:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


def _create(draft: Path) -> BinaryIO:
    draft.parent.mkdir(parents=True, exist_ok=True)
    return os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _take(portion: bytes, inspection: Inspection, file: BinaryIO) -> None:
    inspection.look(portion)
    file.write(portion)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _move(draft: Path, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _changed_at(file: Path) -> float:
    """When the file was written; never where it has just gone."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return float("inf")

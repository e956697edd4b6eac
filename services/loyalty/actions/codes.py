"""Filling pools: codes from a file of any size, or made up, a portion at a time.

A file is first kept as it came, in chunks of whole lines; a job then reads a chunk in each
transaction and deletes it with its effect. Whoever dies on the way loses nothing and repeats
nothing.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import uuid7
from kit.problems import NotFound, Unprocessable
from services.loyalty.rules.codes import BadLine, generated, read_lines
from services.loyalty.store import codes
from services.loyalty.tables import CodeLoad

CHUNK = 262_144
"""Bytes kept together: some twenty thousand codes."""
PORTION = 20_000
"""Codes made up in one transaction."""


class NotText(Unprocessable):
    code = "loyalty.not_text"
    title = "The file cannot be read"


class LoadNotFound(NotFound):
    code = "loyalty.code_load_not_found"
    title = "No such load of codes"


async def accept_file(
    session: AsyncSession, load: CodeLoad, parts: AsyncIterator[bytes]
) -> CodeLoad:
    """Keep a CSV file, one code in the first column of each line. Raises NotText."""
    await codes.begin(session, load)
    number, line, rest = 0, 1, b""
    async for part in parts:
        rest += part
        while len(rest) >= CHUNK:
            end = rest.rfind(b"\n", 0, CHUNK)
            if end < 0:
                raise NotText(f"A line has over {CHUNK} characters; put one code on each.")
            lines, rest = _text(rest[:end]), rest[end + 1 :]
            await codes.keep_chunk(session, load.load_id, number, line, lines)
            number, line = number + 1, line + lines.count("\n") + 1
    if rest:
        await codes.keep_chunk(session, load.load_id, number, line, _text(rest))
    return load


async def generate_codes(session: AsyncSession, load: CodeLoad) -> CodeLoad:
    """Have `load.wanted` codes made up."""
    await codes.begin(session, load)
    return load


def new_load(
    *,
    actor: str,
    now: datetime,
    reward_id: UUID | None = None,
    series_id: UUID | None = None,
    wanted: int = 0,
    prefix: str = "",
    length: int = 10,
) -> CodeLoad:
    """A load into a reward's pool, or into a series of coupons."""
    return CodeLoad(
        load_id=uuid7(),
        reward_id=reward_id,
        series_id=series_id,
        wanted=wanted,
        prefix=prefix,
        length=length,
        added=0,
        duplicates=0,
        invalid=0,
        errors=[],
        actor=actor,
        created_at=now,
        finished_at=None,
    )


async def show_load(session: AsyncSession, load_id: UUID) -> CodeLoad:
    """How far a load has come. Raises LoadNotFound."""
    load = await codes.load(session, load_id)
    if load is None:
        raise LoadNotFound(f"There is no load {load_id}.")
    return load


async def load_codes(session: AsyncSession, now: datetime) -> bool:
    """Do one portion of a load; if there was one."""
    load = await codes.next_load(session)
    if load is None:
        return False
    if load.wanted:
        await _make_up(session, load, now)
    elif chunk := await codes.next_chunk(session, load.load_id):
        await _read(session, load, chunk, now)
    else:
        await codes.finish(session, load.load_id, now)
    return True


async def _make_up(session: AsyncSession, load: CodeLoad, now: datetime) -> None:
    """Make up a portion. What exists already is made up again, in a later portion."""
    wanted = min(load.wanted, PORTION)
    made = generated(wanted, load.prefix, load.length)
    added = await codes.put(session, load, made, now)
    await codes.count(session, load, added=added, duplicates=0, made=added)


async def _read(
    session: AsyncSession, load: CodeLoad, chunk: tuple[int, str], now: datetime
) -> None:
    first_line, lines = chunk
    read = list(read_lines(lines.split("\n"), first_line, ours=load.series_id is not None))
    found = [item[1] for item in read if not isinstance(item, BadLine)]
    errors = [item for item in read if isinstance(item, BadLine)]
    added = await codes.put(session, load, found, now) if found else 0
    await codes.count(
        session, load, added=added, duplicates=len(found) - added, made=0, errors=errors
    )


def _text(lines: bytes) -> str:
    try:
        decoded = lines.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotText("Send the file as UTF-8 text, one code on each line.") from None
    if "\x00" in decoded:
        raise NotText("The file holds the character NUL; send text, one code on each line.")
    return decoded

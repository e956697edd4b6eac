"""Bodies that are files."""

from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated

from fastapi import Depends, Request

IN_MEMORY = 1 << 20  # bytes
PART = 1 << 16


async def _received(request: Request) -> AsyncIterator[AsyncIterator[bytes]]:
    with SpooledTemporaryFile(IN_MEMORY) as file:
        async for part in request.stream():
            file.write(part)
        file.seek(0)
        yield _parts(file)


async def _parts(file: IO[bytes]) -> AsyncIterator[bytes]:
    while part := file.read(PART):
        yield part


Received = Annotated[AsyncIterator[bytes], Depends(_received, scope="function")]
"""The body in parts, all of it received. Ask for it before `Tx`: who sends slowly holds nothing."""

"""Plays the steps in order, each timed."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from rapport.credentials import Credentials
from rapport.errors import OperatorError
from rapport.smoke.clients import UnexpectedError, cast_at
from rapport.smoke.steps import STEPS


@dataclass(frozen=True, slots=True)
class Played:
    """A step that went well."""

    title: str
    remark: str
    seconds: float


async def play(url: str, credentials: Credentials, say: Callable[[Played], None]) -> None:
    """Play the main job at `url`, saying each step; OperatorError at the first that fails."""
    title = "Staff sign in"
    try:
        async with cast_at(url, credentials) as cast:
            for step in STEPS:
                title = (step.__doc__ or step.__name__).rstrip(".")
                began = time.monotonic()
                remark = await step(cast)
                say(Played(title, remark, time.monotonic() - began))
    except UnexpectedError as error:
        raise OperatorError(f"{title}: {error}") from error
    except httpx.HTTPError as error:
        raise OperatorError(f"{title}: {type(error).__name__} {error}") from error

"""What the routes of identity share: field types, the answer to a sign-in, and its making."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import AfterValidator, SecretStr, StringConstraints

from gateway import rules
from gateway.actions.sessions import SignedIn
from gateway.identity import Identity
from gateway.limits import SignInLimit
from kit.auth import Role
from kit.bodies import Answer, Text

Email = Annotated[str, StringConstraints(max_length=320), AfterValidator(rules.normal_email)]
Phone = Annotated[str, StringConstraints(max_length=40), AfterValidator(rules.normal_phone)]
ShortText = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
Token = Annotated[SecretStr, StringConstraints(max_length=200)]


def _normal(password: SecretStr) -> SecretStr:
    return SecretStr(rules.normal_password(password.get_secret_value()))


def _checked(password: SecretStr) -> SecretStr:
    rules.check_password(password.get_secret_value())
    return password


Password = Annotated[SecretStr, StringConstraints(max_length=1_000), AfterValidator(_normal)]
"""A password to be compared."""

NewPassword = Annotated[Password, AfterValidator(_checked)]
"""A password to be set: as long, and as hard to guess, as the rules ask."""


async def identity_of(request: Request) -> Identity:
    identity: Identity = request.app.state.identity
    await identity.ready()
    return identity


TheIdentity = Annotated[Identity, Depends(identity_of)]


async def _device(request: Request) -> str:
    return request.headers.get("user-agent", "")[:200]


UserAgent = Annotated[str, Depends(_device)]
"""Stands for the device where an app names none."""


Admit = Callable[[str], Awaitable[None]]
AdmitCode = Callable[[str], Awaitable[None]]


async def admission_of(request: Request) -> Admit:
    limit: SignInLimit = request.app.state.sign_in_limit
    return partial(limit.admit, address=request.headers.get("x-forwarded-for", ""))


Admission = Annotated[Admit, Depends(admission_of)]
"""Counts an attempt to sign in under a name from the caller's address; raises TooMany."""


async def _code_admission(request: Request) -> AdmitCode:
    limit: SignInLimit = request.app.state.sign_in_limit
    return partial(limit.admit_code, address=request.headers.get("x-forwarded-for", ""))


CodeAdmission = Annotated[AdmitCode, Depends(_code_admission)]
"""Counts a code to an address of a kind, sent for the caller's; raises TooMany."""


async def note_answer(request: Request, kind: str) -> None:
    """Note that the caller entered a code that was sent to an address of a kind."""
    limit: SignInLimit = request.app.state.sign_in_limit
    await limit.note_answer(kind, request.headers.get("x-forwarded-for", ""))


async def _never_stored(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"


NeverStored = Depends(_never_stored)
"""For routes that answer tokens (RFC 6749, 5.1)."""


class Tokens(Answer):
    """A sign-in. `member_id` is null for staff, `staff_id` for members."""

    member_id: UUID | None
    staff_id: UUID | None
    role: Role
    session_id: UUID
    access_token: str
    token_type: str = "Bearer"  # noqa: S105  (the scheme, RFC 6750)
    expires_in_s: int
    refresh_token: str

    @classmethod
    def of(cls, identity: Identity, signed_in: SignedIn, now: datetime) -> "Tokens":
        caller = signed_in.caller
        is_member = caller.role is Role.MEMBER
        return cls(
            member_id=UUID(caller.subject) if is_member else None,
            staff_id=None if is_member else UUID(caller.subject),
            role=caller.role,
            session_id=UUID(caller.session_id),
            access_token=identity.access.mint(caller, now),
            expires_in_s=identity.access.life_s,
            refresh_token=signed_in.refresh_token,
        )

"""What the routes of identity share: field types, the answer to a sign-in, and its making."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import AfterValidator, BaseModel, SecretStr, StringConstraints, ValidationError

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


async def _identity(request: Request) -> Identity:
    identity: Identity = request.app.state.identity
    await identity.ready()
    return identity


TheIdentity = Annotated[Identity, Depends(_identity)]


B = TypeVar("B", bound=BaseModel)


async def body_of(request: Request, kind: type[B]) -> B | None:
    """The body of a request, for work beforehand; None where the route is going to refuse it."""
    try:
        return kind.model_validate_json(await request.body())
    except ValidationError:
        return None


def hashing(kind: type[BaseModel], field: str = "password") -> Any:
    """Work beforehand: to hash the new password in `field`, for `NewHash`."""

    async def work(request: Request) -> None:
        body = await body_of(request, kind)
        if body is not None:
            identity = await _identity(request)
            password: SecretStr = getattr(body, field)
            request.state.hash = await identity.passwords.hash(password.get_secret_value())

    return work


async def _hash(request: Request) -> str:
    return getattr(request.state, "hash", "")  # without one the body is refused


NewHash = Annotated[str, Depends(_hash)]
"""The hash of the new password, made by `hashing` before any transaction was open."""


async def _device(request: Request) -> str:
    return request.headers.get("user-agent", "")[:200]


UserAgent = Annotated[str, Depends(_device)]
"""Stands for the device where an app names none."""


Admit = Callable[[str], Awaitable[None]]


async def _admission(request: Request) -> Admit:
    limit: SignInLimit = request.app.state.sign_in_limit
    return partial(limit.admit, address=request.headers.get("x-forwarded-for", ""))


Admission = Annotated[Admit, Depends(_admission)]
"""Counts an attempt to sign in under a name from the caller's address; raises TooMany."""


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

"""Proving who one is, before the request's transaction: a password, a code, one's presence.

Passwords are computed, and tries are counted for good, while no transaction waits for it. What was
found is left in the request's state; the route uses it up within its transaction.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from pydantic import (
    BaseModel,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import rules
from gateway.actions.codes import Presented, Proof
from gateway.api.bodies import Password, Token, admission_of, identity_of, note_answer
from gateway.rules import CodePurpose
from gateway.store import accounts, sessions
from gateway.store.accounts import Credentials
from kit import clock
from kit.auth import Caller, optional_caller
from kit.bodies import Body
from kit.db import transaction
from kit.problems import Forbidden

B = TypeVar("B", bound=BaseModel)
Work = Callable[[Request], Awaitable[None]]
Find = Callable[[AsyncSession], Awaitable[Credentials | None]]
Code = Annotated[SecretStr, StringConstraints(max_length=20)]


class PasswordRequired(Forbidden):
    code = "gateway.password_required"
    title = "Password required"


class SignInAgain(Forbidden):
    code = "gateway.sign_in_again"
    title = "Sign in again"


async def body_of(request: Request, kind: type[B]) -> B | None:
    """The body of a request, for work beforehand; None where the route is going to refuse it."""
    try:
        return kind.model_validate_json(await request.body() or b"{}")
    except ValidationError:
        return None


def in_turn(*works: Work) -> Work:
    """Several works, one after another."""

    async def all_of(request: Request) -> None:
        for work in works:
            await work(request)

    return all_of


def hashing(kind: type[BaseModel], field: str = "password") -> Work:
    """Work beforehand: to hash the new password in `field`, for `NewHash`."""

    async def work(request: Request) -> None:
        body = await body_of(request, kind)
        proves_nothing = getattr(request.state, "proof", True) is None
        if body is None or proves_nothing:
            return
        identity = await identity_of(request)
        password: SecretStr = getattr(body, field)
        request.state.hash = await identity.passwords.hash(password.get_secret_value())

    return work


async def _hash(request: Request) -> str:
    return getattr(request.state, "hash", "")  # without one the request is refused


NewHash = Annotated[str, Depends(_hash)]
"""The hash of the new password, made by `hashing` before any transaction was open."""


class CodeBody(Body):
    """A code with the id of its request, or the secret of the link that was sent with it."""

    code_id: UUID | None = None
    code: Code | None = Field(None, examples=["428571"])
    link: Token | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        by_code = self.code_id is not None and self.code is not None
        if by_code == (self.link is not None):
            raise ValueError("send either code_id and code, or link")
        return self

    def presented(self, purpose: CodePurpose) -> Presented:
        return Presented(
            purpose,
            self.code_id,
            self.code.get_secret_value() if self.code else "",
            self.link.get_secret_value() if self.link else "",
        )


def weighing(kind: type[CodeBody], purpose: CodePurpose) -> Work:
    """Work beforehand: to see what the code in the body proves, for `TheProof`."""

    async def work(request: Request) -> None:
        body = await body_of(request, kind)
        if body is None:
            return
        identity = await identity_of(request)
        presented = body.presented(purpose)
        admit = await admission_of(request)
        await admit(f"code:{presented.code_id or presented.link}")
        request.state.proof = proof = await identity.weigh(presented)
        if proof is not None:
            await note_answer(request, proof.identifier.kind)

    return work


async def _proof(request: Request) -> Proof | None:
    return getattr(request.state, "proof", None)


TheProof = Annotated[Proof | None, Depends(_proof)]
"""What the presented code proves; to be used up (actions.codes.use)."""


@dataclass(frozen=True, slots=True)
class Proven:
    """Somebody whose password proved right; `new_hash` replaces a hash of other parameters.

    `proven_hash` is what it was compared with: if it is another by now, nothing is proven.
    """

    name: str
    owner_id: UUID
    proven_hash: str = field(repr=False)
    new_hash: str | None = field(repr=False)


async def prove(request: Request, name: str, find: Find, password: str) -> None:
    """Compare a password with the credentials `find` finds, for `TheProven`.

    Raises WrongCredentials, SignInBlocked or TooMany.
    """
    identity = await identity_of(request)
    admit = await admission_of(request)
    await admit(name)
    credentials = await identity.prove(name, find, password)
    new_hash = await identity.rehashed(credentials, password)
    proven_hash = credentials.password_hash or ""
    request.state.proven = Proven(name, credentials.owner_id, proven_hash, new_hash)


async def _proven(request: Request) -> Any:
    return getattr(request.state, "proven", None)  # without it the request is refused


TheProven = Annotated[Proven, Depends(_proven)]


class PresenceBody(Body):
    """For what a thief of a session should not do: the password, where the account has one.

    Without one the session must have been started within the last ten minutes.
    """

    password: Password | None = None


def presence(kind: type[PresenceBody]) -> Work:
    """Work beforehand: to make sure that the calling member is there in person."""

    async def work(request: Request) -> None:
        body, caller = await body_of(request, kind), await optional_caller(request)
        if body is not None and caller is not None:
            await _check_presence(request, caller, body.password)

    return work


async def _check_presence(request: Request, caller: Caller, password: SecretStr | None) -> None:
    identity = await identity_of(request)
    member_id = caller.member_id

    async def find(session: AsyncSession) -> Credentials | None:
        return await accounts.credentials_by_id(session, member_id)

    async with transaction(identity.sessions) as session:
        credentials = await find(session)
        is_fresh = await _is_fresh(session, caller)
    if credentials is None or credentials.password_hash is None:
        if not is_fresh:
            raise SignInAgain("Sign in once more, by code for one, and repeat this within 10 min.")
    elif password is None:
        raise PasswordRequired("Send the account's password as `password`.")
    else:
        await prove(request, f"member:{member_id}", find, password.get_secret_value())
        async with transaction(identity.sessions) as session:
            await accounts.forget_failures(session, rules.fingerprint(f"member:{member_id}"))


async def _is_fresh(session: AsyncSession, caller: Caller) -> bool:
    """Whether the caller signed in just now; a guest never does, and has nothing to steal."""
    if await accounts.is_guest(session, caller.member_id):
        return True
    started_at = await sessions.started_at(session, UUID(caller.session_id))
    return started_at is not None and clock.now() - started_at < rules.FRESH_SESSION


FRESH_FOR_S = rules.FRESH_SESSION // timedelta(seconds=1)

"""Sessions go on and end; and the public keys their tokens are verified with.

The refusal that ends a stolen session is returned, not raised: what is raised rolls back, and the
thief's session would live on.
"""

from datetime import datetime
from uuid import UUID

from fastapi import Response

from gateway.actions import sessions
from gateway.actions.sessions import Presented, SignedIn
from gateway.api.bodies import NeverStored, ShortText, TheIdentity, Token, Tokens, UserAgent
from gateway.events import SessionRevoked
from gateway.rules import SessionEnd
from gateway.store import sessions as stored
from gateway.store.sessions import Owner
from gateway.tables import AuthSession
from kit import clock, pages
from kit.app import Router
from kit.auth import STAFF, Caller, CurrentCaller, Role, requires
from kit.bodies import Answer, Body
from kit.db import Tx
from kit.pages import CursorParameter, Limit, Page
from kit.problems import Unauthenticated

router = Router(tags=["Sessions"])
people = requires(Role.MEMBER, *STAFF)  # an API key has no sessions


class SessionEnded(Unauthenticated):
    code = "gateway.session_ended"
    title = "This session has ended"


class RefreshBody(Body):
    refresh_token: Token
    device_id: ShortText | None = None


class SignOutBody(Body):
    refresh_token: Token


class SessionAnswer(Answer):
    """A place somebody is signed in at; `current` is the one that asks."""

    session_id: UUID
    device_id: str | None
    platform: str | None
    app: str | None
    started_at: datetime
    refreshed_at: datetime
    current: bool

    @classmethod
    def of(cls, row: AuthSession, caller: Caller) -> "SessionAnswer":
        columns = row.model_dump(include=set(cls.model_fields))
        return cls(**columns, current=str(row.session_id) == caller.session_id)


@router.post("/v1/auth/refresh", dependencies=[NeverStored], response_model=Tokens)
async def refresh(
    body: RefreshBody, identity: TheIdentity, tx: Tx, user_agent: UserAgent
) -> Tokens | Response:
    """Exchange a refresh token for new tokens.

    If the answer was lost, the same device may ask again for 30 s and gets the same tokens. A later
    second use ends the session, because one of the two users is a thief.
    """
    now = clock.now()
    presented = Presented(body.refresh_token.get_secret_value(), body.device_id or user_agent)
    outcome = await sessions.refresh(tx, presented, identity.session_rules, now)
    if isinstance(outcome, SessionRevoked):
        identity.authenticator.revoke_session(outcome.session_id)
    if not isinstance(outcome, SignedIn):
        return SessionEnded("Sign in again.").response()
    return Tokens.of(identity, outcome, now)


@router.post("/v1/auth/logout", status_code=204, response_class=Response)
async def sign_out(body: SignOutBody, identity: TheIdentity, tx: Tx) -> None:
    """End the session of a refresh token. Signing out twice is harmless."""
    ended = await sessions.sign_out(tx, body.refresh_token.get_secret_value(), clock.now())
    if ended is not None:
        identity.authenticator.revoke_session(ended)


@router.get("/v1/auth/sessions", dependencies=[people])
async def list_sessions(
    caller: CurrentCaller, tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[SessionAnswer]:
    """Where the caller is signed in, the last sign-in first."""
    before = pages.decode_cursor(cursor, UUID)[0] if cursor else None
    rows = await stored.living(tx, _owner(caller), before, now=clock.now(), limit=limit + 1)
    return pages.page(
        rows, limit, lambda row: SessionAnswer.of(row, caller), lambda row: (row.session_id,)
    )


@router.delete("/v1/auth/sessions", status_code=204, response_class=Response, dependencies=[people])
async def revoke_other_sessions(caller: CurrentCaller, identity: TheIdentity, tx: Tx) -> None:
    """Sign the caller out everywhere but here."""
    owner, kept = _owner(caller), UUID(caller.session_id)
    ended = await sessions.revoke_others(tx, owner, kept, SessionEnd.REVOKED, clock.now())
    identity.refuse(ended)


@router.delete(
    "/v1/auth/sessions/{session_id}",
    status_code=204,
    response_class=Response,
    dependencies=[people],
)
async def revoke_session(
    session_id: UUID, caller: CurrentCaller, identity: TheIdentity, tx: Tx
) -> None:
    """Sign the caller out somewhere else, or here."""
    await sessions.revoke_session(tx, _owner(caller), session_id, clock.now())
    identity.authenticator.revoke_session(session_id)


def _owner(caller: Caller) -> Owner:
    if caller.role is Role.MEMBER:
        return Owner(member_id=caller.member_id)
    return Owner(staff_id=UUID(caller.subject))


@router.get("/.well-known/jwks.json")
async def key_set(identity: TheIdentity, response: Response) -> dict[str, list[dict[str, str]]]:
    """The public keys of access tokens (RFC 7517)."""
    response.headers["Cache-Control"] = "public, max-age=60"
    return identity.jwks

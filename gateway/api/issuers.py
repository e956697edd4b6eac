"""Sign-in by the word of other issuers, and linking them to an account."""

from typing import Annotated

from fastapi import Request, Response
from pydantic import Field, SecretStr, StringConstraints

from gateway.actions import federation, membership
from gateway.api.arrivals import NewcomerBody, let_in
from gateway.api.bodies import (
    NeverStored,
    ShortText,
    TheIdentity,
    Tokens,
    admission_of,
    identity_of,
)
from gateway.api.proofs import PresenceBody, Work, body_of, in_turn, presence
from gateway.issuers import LONGEST, IdTokenRefused, Vouched
from kit import clock
from kit.app import Router
from kit.auth import MemberId, OptionalCaller
from kit.bodies import Answer, Body
from kit.db import Tx
from kit.idempotency import beforehand
from kit.languages import Language
from kit.pages import CursorParameter, Limit, Page, page_of

router = Router(prefix="/v1/auth", dependencies=[NeverStored])

IdToken = Annotated[SecretStr, StringConstraints(max_length=LONGEST)]


class VouchedBody(Body):
    """An ID token, right after the sign-in it tells of, with the nonce the app gave that one."""

    issuer: ShortText = Field(examples=["keycloak"])
    id_token: IdToken
    nonce: ShortText | None = None


class IssuerSignInBody(VouchedBody, NewcomerBody):
    """The ID token, the device and, for who is new, how they came."""


class LinkBody(VouchedBody, PresenceBody):
    """An identity to be linked to the caller's account."""


class AcceptedIssuer(Answer):
    """Where the app can send a member to sign in; `audiences` are its client ids there."""

    name: str
    issuer: str
    audiences: list[str]


def reading(kind: type[VouchedBody]) -> Work:
    """Work beforehand: to read the ID token, for which the issuer's keys may have to be fetched."""

    async def work(request: Request) -> None:
        body = await body_of(request, kind)
        if body is None:
            return
        identity, admit = await identity_of(request), await admission_of(request)
        await admit(f"issuer:{body.issuer}")
        issuer = identity.issuers.named(body.issuer)
        request.state.vouched = await issuer.read(body.id_token.get_secret_value(), body.nonce)

    return work


def _vouched(request: Request) -> Vouched:
    vouched: Vouched | None = getattr(request.state, "vouched", None)
    if vouched is None:
        raise IdTokenRefused("It was not read.")
    return vouched


@router.get("/issuers", tags=["Sign-in"])
async def list_issuers(
    identity: TheIdentity, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[AcceptedIssuer]:
    """The issuers whose ID tokens sign members in here."""
    known = (each.settings for each in identity.issuers.by_name.values())
    return page_of(
        known, limit, cursor, AcceptedIssuer.model_validate, lambda each: (each.name,), str
    )


@router.post("/login/issuer", tags=["Sign-in"])
@beforehand(reading(IssuerSignInBody))
async def sign_in_vouched(
    request: Request,
    body: IssuerSignInBody,
    caller: OptionalCaller,
    identity: TheIdentity,
    tx: Tx,
    language: Language,
    response: Response,
) -> Tokens:
    """Sign in with the ID token of another issuer; who is new is registered (201).

    A token signs in once. Sent with a guest's access token, what the guest did follows.
    """
    now = clock.now()
    vouched = _vouched(request)
    arrived = await federation.arrive_vouched(
        tx, identity.seals, vouched, body.registration(language), caller, now=now
    )
    return await let_in(
        tx, identity, arrived, caller=caller, device=body.device, response=response, now=now
    )


@router.post("/account/issuers", status_code=204, response_class=Response, tags=["Account"])
@beforehand(in_turn(presence(LinkBody), reading(LinkBody)))
async def link_issuer(request: Request, _: LinkBody, member_id: MemberId, tx: Tx) -> None:
    """Let the identity of an ID token sign in to the caller's account from now on."""
    await membership.check_registered(tx, member_id)
    await federation.link_vouched(tx, member_id, _vouched(request), clock.now())


@router.delete(
    "/account/issuers/{name}", status_code=204, response_class=Response, tags=["Account"]
)
async def unlink_issuer(name: str, member_id: MemberId, identity: TheIdentity, tx: Tx) -> None:
    """Let an issuer's word sign the caller in no longer."""
    issuer = identity.issuers.named(name)
    await federation.unlink(tx, member_id, issuer.settings.issuer)

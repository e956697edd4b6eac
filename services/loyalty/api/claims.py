"""Codes that earn: members claim them, and staff see who did."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import STAFF, MemberId, requires
from kit.bodies import Answer, Body
from kit.db import Tx
from kit.idempotency import RequiredKey
from kit.languages import Language, pick
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from kit.problems import Problem
from services.loyalty.actions.claiming import Asked, Claimed, claim_code
from services.loyalty.actions.issuing import known_series
from services.loyalty.api.coupons import Code
from services.loyalty.api.explanations import ReasonAnswer
from services.loyalty.api.prizes import PrizeAnswer
from services.loyalty.api.series import SeriesPath
from services.loyalty.rules.codes import normal
from services.loyalty.store import claims
from services.loyalty.store.claims import Made

router = Router(tags=["Coupons"])


class ClaimBody(Body):
    code: Code = Field(description="As it was typed or scanned.", examples=["SUMMER-2026"])


class OwnClaim(Answer):
    """A code the caller has claimed."""

    claim_id: UUID
    series: str = Field(description="The key of its series.", examples=["summer-poster"])
    name: str = Field(examples=["Summer poster"])
    description: str = Field(examples=["At the fair."])
    points: int
    pending_points: int = Field(description="Of the points: available only later.")
    growth_points: int
    prize: PrizeAnswer = Field(description="What of it came without a rule of the programme.")
    claimed_at: datetime
    undone_at: datetime | None = Field(
        description="When the points were taken back, as another member who was found to be the"
        " same had claimed such a code, too."
    )


class ClaimAnswer(OwnClaim):
    """A code just claimed. Missions it completes pay beside it."""

    balance: int
    summary: str = Field(
        description="What it earned, in the caller's language.",
        examples=["“Summer poster”: 50 points. “First code”: 10 points."],
    )
    reasons: list[ReasonAnswer] = Field(description="What each rule says, also what pays nothing.")


class KeptClaim(Answer):
    """A claim as staff see it."""

    claim_id: UUID
    code: str
    member_id: UUID
    points: int
    pending_points: int
    growth_points: int
    claimed_at: datetime
    undone_at: datetime | None


@router.post("/v1/points/codes", status_code=201, response_model=ClaimAnswer)
async def claim(
    body: ClaimBody, member_id: MemberId, key: RequiredKey, language: Language, tx: Tx
) -> ClaimAnswer | Response:
    """Claim a code for points and whatever else its series gives.

    404 `loyalty.unknown_code`, or 409 `loyalty.code_refused` with the `reason`: `claimed`,
    `used_up`, `member_limit`, `not_yet`, `ended`, `revoked`, `tier`, `for_orders`. After some wrong
    codes in an hour 429 `loyalty.too_many_wrong_codes`, also for right ones.
    """
    asked = Asked(member_id=member_id, code=body.code, key=key, language=language)
    outcome = await claim_code(tx, asked, clock.now())
    if isinstance(outcome, Problem):
        return outcome.response()  # not raised, as the wrong try stays counted
    return _answer(outcome, language)


@router.get("/v1/points/codes")
async def list_own_claims(
    member_id: MemberId,
    language: Language,
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[OwnClaim]:
    """The codes the caller has claimed, newest first."""
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    found = await claims.of_member(tx, member_id, limit + 1, before)
    return page(found, limit, lambda made: _own(made, language), lambda made: (made.claim_id,))


@router.get(
    "/v1/coupons/series/{series_id}/claims",
    dependencies=[requires(*STAFF, scope="coupons:read")],
)
async def list_claims(
    series_id: SeriesPath,
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
    *,
    code: Annotated[Code | None, Query(description="Of this code alone.")] = None,
) -> Page[KeptClaim]:
    """Who has claimed codes of a series, newest first."""
    await known_series(tx, series_id)
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    wanted = normal(code) if code else None
    found = await claims.in_series(tx, series_id, wanted, limit + 1, before)
    return page(found, limit, _kept, lambda made: (made.claim_id,))


def _kept(made: Made) -> KeptClaim:
    return KeptClaim.model_validate(made._asdict())


def _own(made: Made, language: str) -> OwnClaim:
    return OwnClaim.model_validate(_shown(made, language))


def _answer(claimed: Claimed, language: str) -> ClaimAnswer:
    return ClaimAnswer.model_validate(
        {
            **_shown(claimed.made, language),
            "balance": claimed.balance,
            "summary": claimed.summary,
            "reasons": [ReasonAnswer.model_validate(reason) for reason in claimed.reasons],
        }
    )


def _shown(made: Made, language: str) -> dict[str, object]:
    series = made.series
    return {
        **made._asdict(),
        "series": series.key,
        "name": pick(series.name, language),
        "description": pick(series.description, language),
        "prize": PrizeAnswer.model_validate(series.prize),
    }

"""Codes on their way: of files or made up into series and pools, and as a file to the printer."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, Role, requires
from kit.bodies import Answer, Body
from kit.db import Sessions, Tx, transaction
from kit.idempotency import RequiredKey
from kit.uploads import Received
from services.loyalty.actions.codes import accept_file, generate_codes, new_load, show_load
from services.loyalty.actions.issuing import known_series
from services.loyalty.actions.rewards import known_reward
from services.loyalty.api.series import SeriesPath
from services.loyalty.rules.imports.files import written
from services.loyalty.rules.rewards import RewardKind
from services.loyalty.store import codes

router = Router(tags=["Coupons"])

RewardPath = Annotated[UUID, Path(description="The reward's id.")]
PORTION = 5_000
"""Codes read in one transaction."""
COLUMNS = ("code", "member_id", "uses", "most_uses", "valid_until", "revoked")
EXAMPLE = ",".join(COLUMNS) + "\r\nSUMMER-2026,,0,1,,false\r\n"


class Generation(Body):
    count: int = Field(ge=1, le=10**6, strict=True)
    prefix: str = Field("", pattern=r"^([A-Z0-9][A-Z0-9_-]{0,19})?$")
    length: int = Field(10, ge=8, le=32, strict=True, description="Random characters, 5 bits each.")


class LoadAnswer(Answer):
    """Codes on their way in. `errors` are the first hundred bad lines."""

    load_id: UUID
    added: int
    duplicates: int
    invalid: int
    errors: list[dict[str, Any]]
    created_at: datetime
    finished_at: datetime | None


@router.post(
    "/v1/coupons/series/{series_id}/codes",
    status_code=202,
    dependencies=[requires(Role.MARKETER, scope="coupons:write")],
    openapi_extra={"requestBody": {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def import_coupons(
    series_id: SeriesPath, parts: Received, caller: CurrentCaller, tx: Tx
) -> LoadAnswer:
    """Make coupons of the codes in a CSV file, one in the first column of each line.

    They are read in the background: ask `/v1/loyalty/code-loads/{load_id}` how far it is.
    """
    await known_series(tx, series_id)
    load = new_load(actor=caller.subject, now=clock.now(), series_id=series_id)
    return LoadAnswer.model_validate(await accept_file(tx, load, parts))


@router.post(
    "/v1/coupons/series/{series_id}/codes/generations",
    status_code=202,
    dependencies=[requires(Role.MARKETER, scope="coupons:write")],
)
async def generate_coupons(
    series_id: SeriesPath, body: Generation, caller: CurrentCaller, _: RequiredKey, tx: Tx
) -> LoadAnswer:
    """Have coupons with random codes made up, in the background."""
    await known_series(tx, series_id)
    load = new_load(
        actor=caller.subject,
        now=clock.now(),
        series_id=series_id,
        wanted=body.count,
        prefix=body.prefix,
        length=body.length,
    )
    return LoadAnswer.model_validate(await generate_codes(tx, load))


@router.get(
    "/v1/coupons/series/{series_id}/codes.csv",
    dependencies=[requires(Role.MARKETER, scope="coupons:read")],
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}, "example": EXAMPLE}}}},
)
async def export_codes(series_id: SeriesPath, request: Request) -> Response:
    """All codes of a series, for who prints them or writes letters; the oldest first.

    Codes are as good as what they give: keep the file where nobody else reads it.
    """
    sessions = request.app.state.runtime.sessions
    async with transaction(sessions) as session:
        series = await known_series(session, series_id)
    headers = {"content-disposition": f'attachment; filename="{series.key or series_id}.csv"'}
    return StreamingResponse(
        _lines(sessions, series_id),
        media_type="text/csv; charset=utf-8; header=present",
        headers=headers,
    )


async def _lines(sessions: Sessions, series_id: UUID) -> AsyncIterator[str]:
    """The file, a portion read at a time."""
    yield written([COLUMNS])
    after: UUID | None = None
    while True:
        async with transaction(sessions) as session:
            found = await codes.of_series(session, series_id, after, PORTION)
        if not found:
            return
        yield written(each.line() for each in found)
        after = found[-1].coupon_id


@router.post(
    "/v1/rewards/{reward_id}/codes",
    status_code=202,
    dependencies=[requires(Role.MARKETER, scope="rewards:write")],
    openapi_extra={"requestBody": {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def import_codes(
    reward_id: RewardPath, parts: Received, caller: CurrentCaller, tx: Tx
) -> LoadAnswer:
    """Put the codes of a CSV file, one in the first column of each line, into a reward's pool.

    They are read in the background: ask `/v1/loyalty/code-loads/{load_id}` how far it is.
    """
    await known_reward(tx, reward_id, RewardKind.CODE)
    load = new_load(actor=caller.subject, now=clock.now(), reward_id=reward_id)
    return LoadAnswer.model_validate(await accept_file(tx, load, parts))


@router.post(
    "/v1/rewards/{reward_id}/codes/generations",
    status_code=202,
    dependencies=[requires(Role.MARKETER, scope="rewards:write")],
)
async def generate_pool(
    reward_id: RewardPath, body: Generation, caller: CurrentCaller, _: RequiredKey, tx: Tx
) -> LoadAnswer:
    """Have random codes made up for a reward's pool, in the background."""
    await known_reward(tx, reward_id, RewardKind.CODE)
    load = new_load(
        actor=caller.subject,
        now=clock.now(),
        reward_id=reward_id,
        wanted=body.count,
        prefix=body.prefix,
        length=body.length,
    )
    return LoadAnswer.model_validate(await generate_codes(tx, load))


@router.get("/v1/loyalty/code-loads/{load_id}", dependencies=[requires(*STAFF)])
async def show_code_load(
    load_id: Annotated[UUID, Path(description="The load's id.")], tx: Tx
) -> LoadAnswer:
    """How far codes have come on their way in."""
    return LoadAnswer.model_validate(await show_load(tx, load_id))

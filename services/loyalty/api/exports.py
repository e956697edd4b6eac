"""Moving out: what members have, as a file that an import of the same kind takes."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Row

from kit.app import Router
from kit.auth import Role, requires
from kit.db import Sessions, transaction
from services.loyalty.rules.imports.files import written
from services.loyalty.store import exports

router = Router(tags=["Import"])

PORTION = 500
"""Wallets read in one transaction."""
COLUMNS = (
    "member_id",
    "external_id",
    "reference",
    "point_type",
    "points",
    "earned_at",
    "available_at",
    "expires_at",
)
EXAMPLE = ",".join(COLUMNS) + (
    "\r\n,C-1,0198c0de-0000-7000-8000-00000000002a,points,1200,2026-03-02T10:00:00+00:00,,"
    "2027-03-02T10:00:00+00:00\r\n"
)


@router.get(
    "/v1/loyalty/exports/balances.csv",
    dependencies=[requires(Role.ADMIN)],
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}, "example": EXAMPLE}}}},
)
async def export_balances(request: Request) -> Response:
    """All that members have and owe, lot by lot, as `POST /v1/loyalty/imports` takes it.

    Each wallet is as it stands when it is read, with what holds set aside; points that await a
    delivery are left out.
    """
    lines = _lines(request.app.state.runtime.sessions)
    headers = {"content-disposition": 'attachment; filename="balances.csv"'}
    return StreamingResponse(
        lines, media_type="text/csv; charset=utf-8; header=present", headers=headers
    )


async def _lines(sessions: Sessions) -> AsyncIterator[str]:
    """The file, a portion of wallets read at a time."""
    yield written([COLUMNS])
    after = exports.FIRST
    while True:
        async with transaction(sessions) as session:
            last = await exports.last_wallet(session, after, PORTION)
            rows = await exports.balances(session, after, last) if last else []
        if last is None:
            return
        yield written(map(_line, rows))
        after = last


def _line(row: Row[Any]) -> tuple[object, ...]:
    return (
        "" if row.external_id else row.member_id,
        row.external_id or "",
        row.lot_id or f"owed-{row.owner}",
        row.point_type,
        row.points,
        _moment(row.earned_at),
        _moment(row.available_at),
        _moment(row.expires_at),
    )


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""

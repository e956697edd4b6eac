"""Steps the tests of codes that earn share."""

from typing import Any
from uuid import UUID

import httpx

from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, marketer
from tests.loyalty.members import execute, post

CODES = "/v1/points/codes"
POSTER = {"en": "Summer poster", "zh-CN": "夏日海报", "ru": "Летний плакат"}
MANY: dict[str, Any] = {"coupon_uses": None, "member_uses": 1}


async def claimable(harness: Harness, key: str = "summer-poster", **terms: Any) -> str:
    """A series whose codes give 50 points, each once."""
    body = {
        "name": POSTER,
        "description": {"en": "At the fair.", "zh-CN": "展会现场。", "ru": "На ярмарке."},
        "kind": "claim",
        "key": key,
        "prize": {"points": 50},
        **terms,
    }
    answer = await post(harness, marketer(), "/v1/coupons/series", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["series_id"])


async def claim(
    harness: Harness, caller: Caller, code: str, key: UUID | None = None, language: str = "en"
) -> httpx.Response:
    """As an app does: with one key, again while the service is too busy."""
    headers = {"Idempotency-Key": str(key or uuid7()), "Accept-Language": language}
    async with harness.client(caller, **headers) as client:
        while (answer := await client.post(CODES, json={"code": code})).status_code in {503, 504}:
            pass
    return answer


async def refused(harness: Harness, caller: Caller, code: str) -> tuple[int, str | None]:
    """The status, and the reason if there is one."""
    answer = await claim(harness, caller, code)
    return answer.status_code, answer.json().get("reason")


async def tries(harness: Harness) -> list[int]:
    """How many wrong codes each member has tried."""
    rows = await execute(harness, "SELECT cardinality(tried_at) AS n FROM wrong_codes ORDER BY 1")
    return [row.n for row in rows]

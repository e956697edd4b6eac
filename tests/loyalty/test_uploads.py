"""Files are received whole before anything is held for them."""

from collections.abc import AsyncIterator

import pytest

from kit.testing import Harness, admin
from tests.loyalty.members import new_reward
from tests.loyalty.promotions import new_series


@pytest.mark.parametrize("what", ["imports", "rewards", "series"])
async def test_who_sends_slowly_holds_no_connection(harness: Harness, what: str) -> None:
    path = {
        "imports": "/v1/loyalty/imports?kind=balances&programme=old",
        "rewards": f"/v1/rewards/{await new_reward(harness, kind='code', stock=None)}/codes",
        "series": f"/v1/coupons/series/{await new_series(harness)}/codes",
    }[what]
    held: list[int] = []

    async def slowly() -> AsyncIterator[bytes]:
        for part in (b"external_id,points\n", b"C-1,100\n"):
            held.append(harness.runtime.engine.pool.checkedout())
            yield part

    async with harness.client(admin(), **{"Content-Type": "text/csv"}) as client:
        answer = await client.post(path, content=slowly())
    assert answer.status_code == 202, answer.text
    assert held == [0, 0]

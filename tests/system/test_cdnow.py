"""Real purchases through the gateway: every order, cancellation and return by HTTP with an API key.

Of the 2,357 customers of the CDNOW sample every tenth is taken, with some 700 purchases, and for
each shape others. `python -m bench cdnow_gateway` sends the whole log.
"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from bench.purchases import PROGRAMME, Purchase, purchases
from bench.shop import Shop
from bench.totals import expected
from kit.testing import until
from tests.system.deployment import SHAPES, Deployment
from tests.system.members import admin_token

pytestmark = pytest.mark.deployment

SAMPLE = "CDNOW_sample.txt"
EVERY = 10
SETTLED_WITHIN_S = 180
VERSIONS = "/v1/programme/versions"


async def ask(system: Deployment, method: str, path: str, body: Any = None) -> Any:
    key = {"Idempotency-Key": str(uuid4())}
    async with system.client(await admin_token(system), **key) as client:
        answer = await client.request(method, path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


async def live(system: Deployment) -> dict[str, Any]:
    listed = await ask(system, "GET", VERSIONS)
    [version] = [v["version"] for v in listed["items"] if v["state"] == "live"]
    return (await ask(system, "GET", f"{VERSIONS}/{version}"))["document"]


async def publish(system: Deployment, document: dict[str, Any]) -> None:
    made = await ask(system, "POST", VERSIONS, {"document": document})
    await ask(system, "POST", f"{VERSIONS}/{made['version']}/publications", {})


@pytest.fixture
async def thresholds(system: Deployment) -> AsyncIterator[dict[str, int]]:
    """The rules of the log's programme live for as long as the test; the tiers stay as they are."""
    before = await live(system)
    await publish(system, {**before, "rules": PROGRAMME["rules"]})
    yield {level["key"]: level["threshold"] for level in before["tiers"]["levels"]}
    await publish(system, before)


def chosen(shape: str) -> list[Purchase]:
    """The purchases of some customers, others for each shape."""
    all_of_them = list(purchases(SAMPLE))
    customers = sorted({p.customer for p in all_of_them})[SHAPES.index(shape) :: EVERY]
    return [p for p in all_of_them if p.customer in set(customers)]


async def test_every_order_posted_to_the_gateway_comes_to_what_pandas_says(
    system: Deployment, thresholds: dict[str, int]
) -> None:
    told = chosen(system.shape)
    members = {p.customer: p.member_id for p in told}
    shop = Shop(system.url, system.credentials.backend_key)
    await shop.introduce(list(members.values()))
    assert await shop.report(told) > len(told)
    totals = expected(SAMPLE, returns=True, thresholds=thresholds)
    wanted = {
        members[customer]: (row.points, row.growth, row.tier)
        for customer, row in zip(totals.index, totals.itertuples(), strict=True)
        if customer in members
    }
    found: dict[Any, Any] = {}

    async def settled() -> bool:
        for who in [who for who in wanted if found.get(who) != wanted[who]]:
            held = await shop.wallet(who)
            found[who] = held["points"], held["growth_points"], held["tier"]["key"]
        return found == wanted

    await until(settled, within_s=SETTLED_WITHIN_S)
    shop.close()
    report = await ask(system, "GET", "/v1/loyalty/ledger/verify")
    assert report["sound"], report

"""The whole CDNOW log through the gateway: 69,659 orders of 23,570 people by HTTP, with an API key.

Every tenth is cancelled, and of some one CD comes back. At the end every wallet must hold what
pandas says, and the ledger must prove itself. `CDNOW_LOG=CDNOW_sample.txt` sends a tenth of it.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
import uvloop

from bench.client import Client
from bench.processes import system
from bench.purchases import PROGRAMME, purchases
from bench.rounds import console
from bench.shop import Shop
from bench.totals import expected
from rapport.credentials import Credentials
from rapport.ports import free_port

LOG = os.environ.get("CDNOW_LOG", "CDNOW_master.txt")
SETTLED_WITHIN_S = 600
VERSIONS = "/v1/programme/versions"


class Office:
    """The administrator at the gateway."""

    def __init__(self, url: str, credentials: Credentials) -> None:
        self._client, self._credentials = Client(url), credentials
        self._token = ""

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        self._token = self._token or await self._sign_in()
        headers = {"authorization": f"Bearer {self._token}", "idempotency-key": str(uuid4())}
        sent = orjson.dumps(body) if body is not None else b""
        return await self._client.ask(method, path, sent, headers)

    async def _sign_in(self) -> str:
        known = self._credentials
        body = {"email": known.admin_email, "password": known.admin_password}
        answer = await self._client.ask("POST", "/v1/auth/staff/login", orjson.dumps(body))
        return str(answer["access_token"])


async def settled(shop: Shop, wanted: Mapping[UUID, tuple[int, int, str]]) -> int:
    """Wait until every wallet holds what it should; how many do not after all."""
    deadline, left = time.perf_counter() + SETTLED_WITHIN_S, set(wanted)
    while left and time.perf_counter() < deadline:
        asked = sorted(left)
        wallets = await asyncio.gather(*map(shop.wallet, asked))
        for who, held in zip(asked, wallets, strict=True):
            if (held["points"], held["growth_points"], held["tier"]["key"]) == wanted[who]:
                left.discard(who)
        await asyncio.sleep(1)
    return len(left)


async def measure(url: str, credentials: Credentials) -> None:
    office, shop = Office(url, credentials), Shop(url, credentials.backend_key)
    made = await office.ask("POST", VERSIONS, {"document": PROGRAMME})
    await office.ask("POST", f"{VERSIONS}/{made['version']}/publications", {})
    told = list(purchases(LOG))
    members = {p.customer: p.member_id for p in told}
    await shop.introduce(list(members.values()))
    started = time.perf_counter()
    asked = await shop.report(told)
    elapsed = time.perf_counter() - started
    totals = expected(LOG, returns=True)
    wanted = {
        members[customer]: (row.points, row.growth, row.tier)
        for customer, row in zip(totals.index, totals.itertuples(), strict=True)
    }
    wrong = await settled(shop, wanted)
    report = await Office(url, credentials).ask("GET", "/v1/loyalty/ledger/verify")
    shop.close()
    console.print(
        f"{len(told):,} orders of {len(members):,} people, {asked:,} requests in {elapsed:.0f} s:"
        f" {asked / elapsed:.0f}/s"
    )
    console.print(f"wallets that differ from pandas: {wrong}; ledger sound: {report['sound']}")


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder,
        system(Path(folder), free_port()) as (url, credentials, _),
    ):
        uvloop.run(measure(url, credentials))


if __name__ == "__main__":
    main()

"""Gateway and services on real databases behind one edge, their events carried by hand.

So a test decides which service hears what, when and how often; NATS is not in it.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text

import gateway.main
import services.feedback.main
import services.feedback.settings
import services.loyalty.main
import services.loyalty.settings
import services.notify.main
import services.notify.settings
import services.profile.main
import services.profile.settings
from gateway.events import AccountRegistered
from gateway.home import Screen
from gateway.receipts import Receipts
from gateway.sync import Sync
from kit import clock
from kit.events import Event
from kit.migrate import migrate
from kit.testing import Harness, backend, member, settings_for
from tests.gateway.edge import Edge, Reply
from tests.gateway.people import Settings

PARTS = {
    "profile": services.profile,
    "loyalty": services.loyalty,
    "feedback": services.feedback,
    "notify": services.notify,
}
SHOP = backend("orders:write")


class Whole:
    """The system, at rest: what is said waits until `carry` takes it to who hears it."""

    def __init__(self, harnesses: Mapping[str, Harness]) -> None:
        self.harnesses = harnesses
        self.apps = {name: harness.app for name, harness in harnesses.items()}
        self.edge = Edge(self.apps)
        for harness in harnesses.values():
            harness.runtime.verifier.trust(self.edge.ring.jwks())
        api = self.apps["gateway"]
        api.state.receipts = Receipts(self.apps, self.edge.internal)
        api.state.screen = Screen(self.apps, self.edge.internal)
        api.state.sync = Sync(self.edge.conditions, self.edge.proxy)

    @classmethod
    async def begun(cls, worker: str) -> "Whole":
        """The one of this worker."""
        if not _begun:
            _begun.append(await cls._begin(worker))
        return _begun[0]

    @classmethod
    async def _begin(cls, worker: str) -> "Whole":
        harnesses = {}
        for name, part in PARTS.items():
            settings = settings_for(part.settings.Settings, f"whole_{worker}")
            harnesses[name] = Harness(part.main.create_app(settings))
        own = settings_for(Settings, f"whole_{worker}")
        harnesses["gateway"] = Harness(gateway.main.create_api(own))
        for harness in harnesses.values():
            await migrate(harness.service, harness.settings)
            await harness.remember()
        return cls(harnesses)

    async def empty(self) -> None:
        for harness in self.harnesses.values():
            await harness.empty()

    async def rest(self) -> None:
        """Hold no connections for now."""
        for harness in self.harnesses.values():
            await harness.runtime.engine.dispose()

    async def carry(self, *to: str, times: int = 1) -> None:
        """Take what was said to the services `to`, or to all, until nothing new is said."""
        hearers = [self.harnesses[name] for name in to or self.harnesses]
        heard: set[tuple[str, UUID]] = set()
        while new := [
            (hearer, event)
            for event in await self._said()
            for hearer in hearers
            if event.type in hearer.service.handlers
            and (hearer.service.name, event.id) not in heard
        ]:
            for hearer, event in new:
                for _ in range(times):
                    await hearer.deliver(event)
                heard.add((hearer.service.name, event.id))

    async def _said(self) -> list[Event]:
        said = []
        for harness in self.harnesses.values():
            async with harness.transaction() as session:
                rows = await session.execute(text("SELECT body FROM outbox ORDER BY seq"))
                said += [Event.decode(row.body) for row in rows]
        return said

    async def registered(self) -> UUID:
        """A member everybody knows, welcomed."""
        member_id = UUID(member().subject)
        account = AccountRegistered(
            member_id=member_id,
            email="mei@brand.example",
            display_name="Mei",
            language="en",
            registered_at=clock.now(),
        )
        event = account.to_event()
        for harness in self.harnesses.values():
            if event.type in harness.service.handlers:
                await harness.deliver(event)
        await self.carry()
        return member_id

    async def order(self, key: UUID, member_id: UUID, **changes: Any) -> Reply:
        """An order the shop reports under `key`."""
        body = {
            "order_id": f"o-{key.hex[:8]}",
            "member_id": str(member_id),
            "items": [{"sku": "tea", "quantity": 1, "amount_minor": 12_900}],
            "amount_minor": 12_900,
            "currency": "CNY",
            "placed_at": clock.now().isoformat(),
        }
        return await self.edge.post("/v1/orders", {**body, **changes}, SHOP, key)


_begun: list[Whole] = []

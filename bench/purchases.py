"""The CDNOW purchase log (Fader and Hardie), from the PyPI wheel `lifetimes`; a programme for it.

Every purchase of 1997-98 by the 23,570 people who first bought in the first quarter of 1997. The
wheel is read where it is installed; the old package itself is not imported.
"""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from kit.events import Event
from kit.ids import uuid7

_CUSTOMERS = UUID("6f1e7c1e-5d0e-4c11-9a55-3f6c0a4f7d10")
NAME = {"en": "CDs", "zh-CN": "唱片", "ru": "Диски"}
THRESHOLDS = {"normal": 0, "silver": 100, "gold": 500}
ALBUM_POINTS, ALBUM_CDS, ALBUMS_A_MONTH = 5, 3, 2
EVERY_CANCELLED = 10
"""Of the log's purchases every tenth is cancelled, so that something is taken back."""
EVERY_RETURNED = 7
"""Of every seventh of the others, if it has several CDs, one comes back where returns are told."""

PROGRAMME: dict[str, Any] = {
    "rules": [
        {
            "key": "order",
            "name": NAME,
            "trigger": "profile.order.placed",
            "earn": {"points": 1, "per": 100, "currency": "USD"},
        },
        {
            "key": "albums",
            "name": NAME,
            "trigger": "profile.order.placed",
            "when": {"field": "event.items.quantity", "op": "gte", "value": ALBUM_CDS},
            "earn": {"points": ALBUM_POINTS},
            "caps": [{"times": ALBUMS_A_MONTH, "per": "month"}],
        },
        {
            "key": "growth",
            "name": NAME,
            "trigger": "profile.order.placed",
            "point_type": "growth",
            "earn": {"points": 1, "per": 100, "rounding": "half_up"},
        },
    ],
    "tiers": {
        "levels": [
            {"key": key, "name": NAME, "threshold": least} for key, least in THRESHOLDS.items()
        ]
    },
}


@dataclass(frozen=True, slots=True)
class Purchase:
    """A line of the log. `number` is its place."""

    number: int
    customer: str
    bought_at: datetime
    cds: int
    amount_minor: int

    @property
    def member_id(self) -> UUID:
        return uuid5(_CUSTOMERS, self.customer)

    @property
    def order_id(self) -> str:
        return f"CD-{self.number}"

    @property
    def cancelled(self) -> bool:
        return self.number % EVERY_CANCELLED == 0

    @property
    def returned(self) -> int:
        """The CDs that come back."""
        some = self.number % EVERY_RETURNED == 0 and self.cds > 1
        return 1 if some and not self.cancelled else 0


def log(name: str) -> Path:
    """A file of the wheel: `CDNOW_master.txt`, or `CDNOW_sample.txt`, a tenth of the customers."""
    found = importlib.util.find_spec("lifetimes")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("install the development dependencies: lifetimes is missing")
    return Path(found.submodule_search_locations[0]) / "datasets" / name


def purchases(name: str) -> Iterator[Purchase]:
    """The purchases of a log in the sequence of their days. The last four columns tell them."""
    rows = [line.split() for line in log(name).read_text().splitlines()]
    told = [row for row in rows if row and row[-1].replace(".", "").isdigit()]
    for number, row in enumerate(sorted(told, key=lambda row: row[-3]), start=1):
        customer, day, cds, dollars = row[0], row[-3], row[-2], row[-1]
        yield Purchase(
            number,
            customer,
            datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC),
            int(cds),
            int(Decimal(dollars) * 100),
        )


def placed(purchase: Purchase) -> Event:
    item = {
        "sku": "cd",
        "name": None,
        "category": "music",
        "quantity": purchase.cds,
        "amount_minor": purchase.amount_minor,
    }
    return _event(
        "profile.order.placed.v1",
        purchase,
        items=[item],
        channel="web",
        placed_at=purchase.bought_at.isoformat(),
    )


def cancelled(purchase: Purchase) -> Event:
    return _event(
        "profile.order.changed.v1",
        purchase,
        status="cancelled",
        previous="placed",
        refunded_minor=0,
        changed_at=purchase.bought_at.isoformat(),
    )


def _event(event_type: str, purchase: Purchase, **about: Any) -> Event:
    event_id = uuid7()
    data = {
        "order_id": purchase.order_id,
        "member_id": str(purchase.member_id),
        "amount_minor": purchase.amount_minor,
        "currency": "USD",
        **about,
    }
    return Event(
        id=event_id,
        type=event_type,
        source="/profile",
        subject=str(purchase.member_id),
        time=purchase.bought_at,
        data=data,
        correlation_id=str(event_id),
    )


def events(name: str) -> Iterator[Event]:
    """Each purchase, and right after it its cancellation where it is cancelled."""
    for purchase in purchases(name):
        yield placed(purchase)
        if purchase.cancelled:
            yield cancelled(purchase)

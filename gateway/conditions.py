"""What the edge goes by and may be told otherwise while it runs.

Everything here is exchanged by plain assignment between two requests, so a request sees the old
conditions or the new ones and never a mixture, and reading them costs an attribute.
"""

from dataclasses import dataclass, field

from gateway.address_lists import AddressLists
from gateway.limits import Limits
from gateway.quotas import Quotas
from gateway.routes import Table
from gateway.shedding import Pressure


@dataclass(slots=True)
class Conditions:
    """One per process, shared by all that needs it."""

    table: Table
    limits: Limits
    pressure: Pressure = field(default_factory=Pressure)
    addresses: AddressLists | None = None
    origins: frozenset[bytes] = frozenset()
    quotas: Quotas | None = None
    by_device: frozenset[str] = frozenset()
    """The paces at which each device of a member is counted by itself."""

"""Addresses that may not call, or the only ones that may. Deny wins over allow."""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Final

from gateway.recent import Recent

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
REMEMBERED: Final = 16_384


def networks_of(listed: Iterable[str]) -> list[Network]:
    """From addresses and networks such as `203.0.113.0/24`. Raises ValueError."""
    return [ipaddress.ip_network(text.strip()) for text in listed if text.strip()]


class AddressLists:
    """Asked for each request where there is any list; without any, every address may call.

    `allow` is None where whoever is not denied may call; where it is empty, nobody may.
    """

    def __init__(self, allow: Sequence[Network] | None, deny: Sequence[Network]) -> None:
        self._allow = allow
        self._deny = deny
        self._known: Recent[str, bool] = Recent(REMEMBERED)

    def bars(self, address: str) -> bool:
        """Whether whoever calls from `address` stays outside."""
        barred = self._known.get(address)
        if barred is None:
            barred = self._decide(address)
            self._known.put(address, barred)
        return barred

    def _decide(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return self._allow is not None  # nobody knows who that is
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        if any(parsed in network for network in self._deny):
            return True
        return self._allow is not None and not any(parsed in network for network in self._allow)

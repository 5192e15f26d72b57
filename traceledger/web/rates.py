"""How often one client may ask: a bucket of requests for each address and token, filled at a steady rate.

Example:
    >>> rates = Rates(rate=1.0, burst=2, clients=10)
    >>> [rates.take("198.51.100.7", now) for now in (0.0, 0.0, 0.0, 1.0)]
    [0.0, 0.0, 1.0, 0.0]
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict

_SHARED_BITS = 64


class Rates:
    """Buckets of those that asked last.

    Args:
        rate: requests a second that fill a bucket.
        burst: requests that a bucket holds.
        clients: buckets that are remembered; who is forgotten begins with a full one.
    """

    def __init__(self, *, rate: float, burst: int, clients: int) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._clients = clients
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, now: float) -> float:
        """Take one request out of a bucket; returns after how many seconds there is one, 0: now.

        Args:
            client: whose.
            now: seconds of a clock that never goes back.
        """
        left, then = self._buckets.pop(client, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._rate)
        wait = 0.0 if left >= 1 else (1 - left) / self._rate
        self._buckets[client] = (left if wait else left - 1, now)
        while len(self._buckets) > self._clients:
            self._buckets.popitem(last=False)
        return wait


def client_of(address: str) -> str:
    """Whose bucket an address counts for: of IPv6 the network, as each of its users has 2^64 addresses.

    Example:
        >>> client_of("2001:db8::1:2"), client_of("192.0.2.1"), client_of("unix")
        ('2001:db8::/64', '192.0.2.1', 'unix')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, _SHARED_BITS), strict=False))
    return str(found)

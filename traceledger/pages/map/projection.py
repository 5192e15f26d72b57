"""Equal Earth, which keeps areas: Šavrič, Patterson and Jenny (2018), doi.org/10.1080/13658816.2018.1504949.

Units are those of ``countries.json``: the whole world is :data:`WIDTH` wide, ``y`` grows downwards from the
northern edge.

Example:
    >>> x, y = projected(0, 0)
    >>> round(x), projected(180, 0)[0] - projected(-180, 0)[0]
    (1000, 2000.0)
"""

from __future__ import annotations

import math

WIDTH = 2000
NORTH, SOUTH = 84.0, -57.0
"""Latitudes that the map shows; Antarctica, where nothing may be mined, is not there."""
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796


def projected(longitude: float, latitude: float) -> tuple[float, float]:
    """Where a place is on the map; degrees."""
    x, y = _raw(longitude, latitude)
    return WIDTH / 2 + x * _SCALE, _TOP - y * _SCALE


def _raw(longitude: float, latitude: float) -> tuple[float, float]:
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = 9 * _A4 * theta**8 + 7 * _A3 * theta**6 + 3 * _A2 * theta**2 + _A1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(theta) / (3 * slope)
    return x, _A4 * theta**9 + _A3 * theta**7 + _A2 * theta**3 + _A1 * theta


_SCALE = WIDTH / 2 / _raw(180, 0)[0]
_TOP = _raw(0, NORTH)[1] * _SCALE

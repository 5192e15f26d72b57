"""Numbered pins near their places, none upon another.

Example:
    >>> apart([(10.0, 10.0), (10.0, 10.0)], 8, (0, 0, 100, 100))[0] != (10.0, 10.0)
    True
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]
_ROUNDS = 200
_PULL = 0.02


def apart(places: Sequence[Point], radius: float, inside: tuple[float, float, float, float]) -> list[Point]:
    """Where pins stand: as near to their places as they can without touching.

    Each round pushes those apart that touch, and draws each back a little. Of several at one place each is
    pushed its own way, the same one every time.

    Args:
        places: where they belong, pixels.
        radius: of a pin.
        inside: left, upper, right and lower edge of where they may stand.
    """
    pins = [
        (x + math.cos(at * 2.4) * 0.1 * (at + 1), y + math.sin(at * 2.4) * 0.1 * (at + 1))
        for at, (x, y) in enumerate(places)
    ]
    for turn in range(_ROUNDS):
        if turn < _ROUNDS * 3 // 4:
            pins = [_toward(pin, place) for pin, place in zip(pins, places, strict=True)]
        for a in range(len(pins)):
            for b in range(a + 1, len(pins)):
                pins[a], pins[b] = _pushed(pins[a], pins[b], 2 * radius + 2)
        pins = [_within(pin, radius, inside) for pin in pins]
    return pins


def _toward(pin: Point, place: Point) -> Point:
    return pin[0] + (place[0] - pin[0]) * _PULL, pin[1] + (place[1] - pin[1]) * _PULL


def _pushed(a: Point, b: Point, least: float) -> tuple[Point, Point]:
    distance = math.dist(a, b)
    if distance >= least:
        return a, b
    far = (least - distance) / 2 / (distance or 1)
    dx, dy = ((b[0] - a[0]) * far, (b[1] - a[1]) * far) if distance else (least / 2, 0.0)
    return (a[0] - dx, a[1] - dy), (b[0] + dx, b[1] + dy)


def _within(pin: Point, radius: float, inside: tuple[float, float, float, float]) -> Point:
    left, top, right, bottom = inside
    return (
        min(max(pin[0], left + radius + 1), right - radius - 1),
        min(max(pin[1], top + radius + 1), bottom - radius - 1),
    )

"""The part of the map that a picture shows: all its places, with something around them.

Example:
    >>> from traceledger.pages.charts.marks import NARROW
    >>> found = plane_of([(900, 400), (1000, 450)], {"CD"}, NARROW, least=320, margin=0.12)
    >>> found.width, found.height
    (320, 256)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from traceledger.pages.charts.marks import Layout, Plane
from traceledger.pages.map.projection import WIDTH
from traceledger.pages.map.shapes import Window, height, seen


def plane_of(
    places: Sequence[tuple[float, float]],
    visited: Iterable[str],
    layout: Layout,
    *,
    least: float,
    margin: float,
) -> Plane:
    """The plane.

    Args:
        places: at least one, in units of the map.
        visited: codes of the countries that are marked.
        layout: how wide the picture is.
        least: so much of the map is seen from left to right at least, in its units.
        margin: around the places, as a part of what they take.
    """
    tall = round(layout.width * (0.8 if layout.narrow else 0.54))
    xs, ys = [x for x, _ in places], [y for _, y in places]
    wide = max(least, (max(xs) - min(xs)) * (1 + 2 * margin))
    wide = max(wide, (max(ys) - min(ys)) * (1 + 2 * margin) * layout.width / tall)
    wide = min(wide, WIDTH, height() * layout.width / tall)
    high = wide * tall / layout.width
    left = min(max((min(xs) + max(xs) - wide) / 2, 0), WIDTH - wide)
    top = min(max((min(ys) + max(ys) - high) / 2, 0), height() - high)
    window = (round(left, 1), round(top, 1), round(wide, 1), round(high, 1))
    return Plane(0, 0, layout.width, tall, window, seen(Window(*window), visited))

"""A picture in a page: laid out for wide and for narrow screens, of which one is seen, and its table below.

Example:
    >>> from traceledger.pages.charts.differences import differences, differences_table
    >>> from traceledger.languages import ENGLISH
    >>> shown = figure(differences, differences_table, [], language=ENGLISH, name="booked")
    >>> 'id="booked-narrow-title"' in shown
    True
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from traceledger.languages import Language
from traceledger.pages.charts.marks import NARROW, WIDE, Picture, Table
from traceledger.pages.charts.svg import svg
from traceledger.pages.environment import render


def figure(
    draw: Callable[..., Picture],
    tabulate: Callable[..., Table],
    *arguments: Any,
    language: Language,
    name: str,
    shared_land: bool = False,
) -> Markup:
    """An element ``figure``.

    Args:
        draw: makes the picture, such as :func:`traceledger.pages.charts.waterfall.waterfall`.
        tabulate: makes its table.
        arguments: what both take before the language.
        language: of the words.
        name: begins the ids; no two figures of a page have the same.
        shared_land: of a map, its countries stand once in the page: ``map.shapes.land``.
    """
    pictures = [
        draw(*arguments, language, layout=layout, name=f"{name}-{kind}")
        for kind, layout in (("wide", WIDE), ("narrow", NARROW))
    ]
    wide, narrow = (svg(picture, language, shared_land=shared_land) for picture in pictures)
    table = tabulate(*arguments, language)
    return render(
        "charts/figure.html", language, title=pictures[0].title, wide=wide, narrow=narrow, table=table
    )

"""Maps without tiles: the countries' shapes lie in the package, drawn by ``scripts/draw-countries``.

===============  ====================================================================
``projection``   degrees to places of the map
``shapes``       the countries: their shapes, and where each is marked
``journey``      the places and transports of a substance on its way
===============  ====================================================================

Example:
    >>> from traceledger.pages.map.shapes import point
    >>> point("XK") != point("RS")
    True
"""

"""The table of endpoints: what the server answers of the industry's standards.

Each standard has its rows in a module of its own; a path stands in one of them, and in no page's.
"""

from __future__ import annotations

from traceledger.web.endpoint import Endpoint

ENDPOINTS: tuple[Endpoint, ...] = ()

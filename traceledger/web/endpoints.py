"""The table of endpoints: what the server answers of the industry's standards.

Each standard has its rows in a module of its own; a path stands in one of them, and in no page's.
"""

from __future__ import annotations

from traceledger.web import epcis
from traceledger.web.endpoint import Endpoint
from traceledger.web.pact.endpoints import PACT_ENDPOINTS
from traceledger.web.passports import PASSPORT_ENDPOINTS
from traceledger.web.resolver import RESOLVER_ENDPOINTS


def endpoints() -> tuple[Endpoint, ...]:
    """All rows, for one server: what one of them keeps in memory is that server's."""
    return (*epcis.endpoints(), *PACT_ENDPOINTS, *PASSPORT_ENDPOINTS, *RESOLVER_ENDPOINTS)

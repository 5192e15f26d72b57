"""EPCIS 2.0 over HTTP: events, resources by which they are found, named queries (GS1 EPCIS 2.0, section 12).

``style`` says how it answers and refuses, ``events`` what is asked, ``resources`` what there is to ask for,
``queries`` what is asked by name; ``capture`` takes events to
the desk of a company, ``jobs`` says what became of them.
"""

from __future__ import annotations

from traceledger.web.endpoint import Endpoint
from traceledger.web.epcis import capture, events, queries, resources


def endpoints() -> tuple[Endpoint, ...]:
    """The rows of one server."""
    return (*events.endpoints(), *resources.endpoints(), *queries.endpoints(), *capture.endpoints())

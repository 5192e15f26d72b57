"""What every answer of the PACT API asks first: that nobody listens, and that the API is served at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from traceledger.web.endpoint import Call
from traceledger.web.problems import refuse
from traceledger.web.reading import Reading

if TYPE_CHECKING:
    from traceledger.web.pact.service import PactService


def service_of(reading: Reading) -> PactService:
    """The service of this server.

    Raises:
        ProblemError: it has none.
    """
    if reading.pact is None:
        raise refuse(404, "no-such-page", "this server has no PACT API")
    return reading.pact


def require_encrypted(reading: Reading, call: Call) -> None:
    """Refuse what came in the clear, unless it did not leave this machine (3.0.3: over HTTPS only).

    Raises:
        ProblemError: it did.
    """
    if call.base.startswith("https://") or service_of(reading).plain_is_safe:
        return
    raise refuse(
        400,
        "not-encrypted",
        "this is answered over TLS only",
        hint="ask with https; a proxy that ends TLS must send X-Forwarded-Proto",
    )

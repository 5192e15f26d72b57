"""The proof file of a batch, to be verified offline."""

from __future__ import annotations

from traceledger.web.problems import refuse
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document, Query


def proof(reading: Reading, asked: Asked[Query]) -> Document:
    """The file, and how it is called."""
    found = reading.batch(asked.name("creator"))
    if reading.prover is None:
        raise refuse(404, "no-proofs", "this server makes no proof files", hint="traceledger proof export")
    return {"bytes": reading.prover.proof(found.id), "name": f"{found.identifier}.proof"}

"""Batches as the contract's ``batchOf`` has them, to compare with what an index has."""

from __future__ import annotations

from typing import Any, Protocol

from traceledger.artifacts import load
from traceledger.artifacts.calls import decode_result, encode
from traceledger.model.batches import Batch
from traceledger.model.hexadecimal import hexed


class Asked(Protocol):
    """A chain whose contracts can be asked."""

    def call(self, to: bytes, data: bytes) -> bytes: ...


def _fields() -> list[str]:
    (found,) = (item for item in load("BatchLedger").abi if item.get("name") == "batchOf")
    return [field["name"] for field in found["outputs"][0]["components"]]


def batch_of(chain: Asked, ledger: bytes, batch: int) -> dict[str, Any]:
    """What the contract says of a batch, by field."""
    answer = chain.call(ledger, encode("BatchLedger", "batchOf", batch))
    found = dict(zip(_fields(), decode_result("BatchLedger", "batchOf", answer)[0], strict=True))
    return found | {"custodian": found["custodian"].lower()}


def as_contract(batch: Batch) -> dict[str, Any]:
    """What an index has of a batch, in the contract's words."""
    return {
        "status": batch.state,
        "frozen": batch.frozen,
        "disputed": batch.disputed,
        "errorByAuditor": batch.error_by_auditor,
        "heldByCustodian": batch.held_by_custodian,
        "heldByAuditor": batch.held_by_auditor,
        "waste": batch.waste,
        "takenBack": batch.taken_back,
        "custodian": hexed(batch.custodian),
        "material": batch.material,
        "mass": batch.mass_mg,
        "ownCo2e": batch.own_mg,
        "inheritedCo2e": batch.inherited_mg,
        "primaryCo2e": batch.primary_mg,
        "substances": tuple((number, batch.substances_mg.get(number, 0)) for number in batch.tracked),
        "tolerance": batch.tolerance_used,
        "uses": batch.uses,
        "events": batch.events,
        "trail": batch.trail,
    }

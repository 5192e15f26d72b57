"""From a raw log to a typed event: the one decoder of index and verifier.

Example:
    >>> from traceledger.chain.base import Log
    >>> decode(Log(address=bytes(20), topics=(bytes(32),), data=b"", transaction_index=0, index=0)) is None
    True
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from traceledger.chain.base import Log
from traceledger.errors import VerificationError
from traceledger.events.definition import Definition, definitions
from traceledger.events.ledger import LedgerEvent

if TYPE_CHECKING:
    from traceledger.events.event import Event

LEDGER_EVENTS = definitions(LedgerEvent)
"""Every event of the batch ledger."""

_LEDGER = {definition.topic: definition for definition in LEDGER_EVENTS}


@cache
def registry_events() -> tuple[Definition, ...]:
    """Every event of the participant registry."""
    from traceledger.events.registry import RegistryEvent

    return definitions(RegistryEvent)


@cache
def assurance_events() -> tuple[Definition, ...]:
    """Every event of the assurance registry."""
    from traceledger.events.assurance import AssuranceEvent

    return definitions(AssuranceEvent)


@cache
def manager_events() -> tuple[Definition, ...]:
    """The events of OpenZeppelin's AccessManager that tell of changes that are announced."""
    from traceledger.events.assurance import ManagerEvent

    return definitions(ManagerEvent)


@cache
def _others() -> dict[bytes, Definition]:
    # Only what writes the index, and proofs, meet these; whoever reads must not wait until they are made.
    found = registry_events() + assurance_events() + manager_events()
    return {definition.topic: definition for definition in found}


def signature_of(topic: bytes) -> str | None:
    """The signature in Solidity of the event whose first topic this is; ``None``: it is none of ours."""
    found = _definition(topic)
    return None if found is None else found.signature


def _definition(topic: bytes) -> Definition | None:
    return _LEDGER.get(topic) or _others().get(topic)


def decode(log: Log) -> Event | None:
    """The typed event in ``log``, or ``None`` where it is none of ours (ERC-721's, AccessManaged's).

    Which contract wrote the log is the caller's to check: anyone can emit a log of the same shape.

    Raises:
        VerificationError: it claims to be one of our events, but its data is malformed.
    """
    definition = _definition(log.topics[0]) if log.topics else None
    if definition is None:
        return None
    try:
        return definition.decode(log)
    except VerificationError as error:
        name = definition.signature.partition("(")[0]
        raise VerificationError(error.what, hint=error.hint, where=f"log {log.index}, {name}") from None

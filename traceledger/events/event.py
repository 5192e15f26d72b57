"""Any event of our contracts."""

from __future__ import annotations

from traceledger.events.assurance import AssuranceEvent, ManagerEvent
from traceledger.events.ledger import LedgerEvent
from traceledger.events.registry import RegistryEvent

Event = LedgerEvent | RegistryEvent | AssuranceEvent | ManagerEvent
"""An event of any contract."""

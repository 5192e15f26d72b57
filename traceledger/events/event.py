"""Any event of our contracts.

Example:
    >>> from typing import get_args
    >>> LedgerEvent.__args__[0] in get_args(Event)
    True
"""

from __future__ import annotations

from traceledger.events.assurance import AssuranceEvent, ManagerEvent
from traceledger.events.ledger import LedgerEvent
from traceledger.events.registry import RegistryEvent

Event = LedgerEvent | RegistryEvent | AssuranceEvent | ManagerEvent
"""An event of any contract."""

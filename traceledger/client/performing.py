"""What the client's methods build on: an operation's fields in, the recorded operation out."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from traceledger.model.evidence import Evidence

if TYPE_CHECKING:
    from traceledger.operations.catalogue import Operation

Quantity = str | int
"""A mass or CO2e amount: text with a unit (``"1200 kg"``) or an integer in mg."""
Time = str | int | datetime
"""When it happened: ISO 8601 text with a zone, UTC seconds, or an aware datetime. Absent: now."""
Documents = Sequence[Evidence | Mapping[str, str]]
"""Evidence: ``Evidence`` values, or mappings with ``uri`` and ``sha256``."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An operation on the chain: its transaction, block, block time (UTC seconds) and gas."""

    operation: str
    transaction: bytes
    block: int
    timestamp: int
    gas_used: int


class Performing(ABC):
    """The operations as methods. Names, units and fields are those of the operations file.

    ``private``: names, identifiers of what is made, and evidence go on chain as salted commitments; the
    network's folder keeps what opens them (docs/privacy.md).

    Every method raises :class:`~traceledger.errors.InputError` for what it cannot understand,
    :class:`~traceledger.errors.SigningError` for a missing key, and a class of
    :mod:`traceledger.refusals` when the contracts refuse; nothing has happened then.
    """

    @abstractmethod
    def perform(self, operation: Operation) -> Recorded:
        """Plan, sign and send one operation, and wait until it is mined."""

    def _perform(self, op: str, act_as: str | None, **fields: Any) -> Recorded:
        from traceledger.operations.catalogue import parse_operation

        given = {name: value for name, value in fields.items() if value is not None}
        return self.perform(parse_operation({"op": op, "as": act_as, **given}))

    def _happened(self, op: str, act_as: str | None, at: Time | None, **fields: Any) -> Recorded:
        return self._perform(op, act_as, at=int(time.time()) if at is None else at, **fields)
